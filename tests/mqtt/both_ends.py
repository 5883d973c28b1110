"""A car's link over a real ledger, and headquarters' own link and intake over a real database, at any broker."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

from edge.contract.agency import Agency
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.intake import Intake
from edge.headquarters.receive.link import Link
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.timings import Timings as ConnectionTimings
from edge.vehicle.link.timings import Timings
from tests.vehicle.link import headquarters as ends
from tests.vehicle.link.headquarters import TOPICS, Car, car
from tests.waiting import PATIENCE_S

QUICK = Timings(ConnectionTimings(back_off_s=(0.05,)), status_s=1.0, repeat_s=0.5)
"""What a car waits for, so that a test need not."""


class RealHeadquarters:
    """Receives into a database, in its own threads. ``tend``: what else its intake sees to."""

    def __init__(self, broker: BrokerConfig, database: Path, tend: Callable[[Link], Callable[[Store], None]]) -> None:
        Store(database).close()

        def offer(message: Received) -> None:  # the link's, which is made before the intake
            self.intake.offer(message)

        self.link = Link(broker, TOPICS, offer, timings=QUICK.connection)
        opened = partial(Store, database, make=False)
        self.intake = Intake(opened, TOPICS, self.link.send, time.time, tend(self.link))
        self._stop = Event()
        self._threads = [Thread(target=one, args=(self._stop,)) for one in (self.link.run, self.intake.run)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def nothing(_link: Link) -> Callable[[Store], None]:
    """Nothing else to see to."""
    return lambda _store: None


@contextmanager
def both(
    agency: Agency,
    port: int,
    folder: Path,
    tend: Callable[[Link], Callable[[Store], None]] = nothing,
    timings: Timings = QUICK,
) -> Iterator[tuple[Car, RealHeadquarters]]:
    """A car and headquarters that reach the broker at a port."""
    hq = RealHeadquarters(BrokerConfig.model_validate({"port": port, **ends.NAMED}), folder / "hq.sqlite", tend)
    try:
        with car(agency, port, folder, timings=timings) as one:
            yield one, hq
    finally:
        hq.close()
