"""Squaretown's fleet: links of vehicles in this process over real ledgers, and headquarters as its own process."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from tests.agency.square import LASTING, write_square
from tests.brokers import Mosquitto
from tests.system.site import Site, wait_for
from tests.vehicle.link.headquarters import Car
from tests.words import shown


class Fleet:
    """Headquarters and broker of Squaretown, and the links of any number of vehicles."""

    def __init__(self, folder: Path, broker: Mosquitto, agency: Agency, **headquarters: Any) -> None:
        """``headquarters``: more lines of its ``[broker]``."""
        self._folder = folder
        self._agency = agency
        self._stops = ExitStack()
        self.broker = broker
        self.site = Site(folder, folder / "agency", folder / "key.pem", broker)
        lines = "".join(f'{key} = "{value}"\n' for key, value in headquarters.items())
        text = self.site.hq_toml.read_text(encoding="utf-8").replace("[broker]\n", f"[broker]\n{lines}")
        self.site.hq_toml.write_text(text, encoding="utf-8")
        self.site.headquarters.start()
        self._stops.callback(self.site.stop)
        self.cars: list[Car] = []

    def car(self, unit: str, port: int | None = None, folder: Path | None = None, **broker: Any) -> Car:
        """A vehicle's link, started, with one record in its ledger.

        ``port``: of the proxy between it and the broker; ``folder``: of its ledger, if another than the fleet's.
        """
        config = BrokerConfig(port=port or self.broker.port, **broker)
        made = Car(self._agency, config, folder or self._folder, unit)
        made.record(1)
        self._stops.callback(made.close)
        self.cars.append(made)
        return made

    def forget(self, car: Car) -> None:
        """Leave a car out of what is compared: its broker has no headquarters."""
        self.cars.remove(car)

    def delivered(self, timeout_s: float = 60.0) -> None:
        """Wait until headquarters has acknowledged everything to everybody; each link is well, and says nothing."""
        wait_for("everything acknowledged", lambda: all(map(_is_well, self.cars)), timeout_s)

    def records_are_the_same(self) -> None:
        """Headquarters holds every record of every ledger once, in order, byte for byte, and no other."""
        with Store(self.site.database) as store:
            held = {one.unit: [body for _, body, _ in store.records(one.unit, one.id)] for one in store.ledgers()}
        assert held == {one.unit: one.bodies() for one in self.cars}
        assert "chain intact" in self.site.run("hq", "verify", str(self.site.database))

    def close(self) -> None:
        """Stop everybody."""
        self._stops.close()


def _is_well(car: Car) -> bool:
    assert car.died is None, f"{car.unit}: the link's thread has ended: {car.died!r}"
    return car.acknowledged == car.ledger.seq and (car.view.state, car.view.queue, shown(car.view.notice)) == (
        "connected",
        0,
        "",
    )


@contextmanager
def fleet(folder: Path, broker: Mosquitto, **headquarters: Any) -> Iterator[Fleet]:
    """A fleet that is stopped at the end."""
    build_agency(write_square(folder), folder / "agency", key=folder / "key.pem", terms=LASTING)
    made = Fleet(folder, broker, load_agency(folder / "agency"), **headquarters)
    try:
        yield made
    finally:
        made.close()


def stands(car: Car, state: str) -> bool:
    """Whether a link is connected, connecting or offline."""
    return car.view.state == state


def seconds_until(what: Sequence[tuple[str, Callable[[], bool]]], within_s: float) -> dict[str, float]:
    """How long each of several things took to come about; fails where one does not in time."""
    began, took = time.monotonic(), dict[str, float]()

    def all_have() -> bool:
        for name, has in what:
            if name not in took and has():
                took[name] = round(time.monotonic() - began, 1)
        return len(took) == len(what)

    wait_for(f"{[name for name, _ in what]}", all_have, within_s)
    return took


def report(what: str, figures: Mapping[str, object]) -> None:
    """Print figures, for ``pytest -rP``."""
    print(what, *(f"{name}: {value}" for name, value in figures.items()), sep="\n    ")  # noqa: T201
