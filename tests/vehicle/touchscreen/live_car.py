"""A real daemon as a process of its own, with a receiver on a pseudo-terminal and a plan for the shift that runs."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from edge.contract.messages import PlanDoc, encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import PLAN
from edge.contract.signing import load_private_key
from edge.demo.nmea import nmea_sentences
from edge.demo.pty import PtyFeeder
from edge.domain.grid import centre
from edge.vehicle.documents.drop_folder import FOLDER
from tests.brokers import free_port
from tests.system.site import Daemon
from tests.touchscreen_client import TouchscreenClient
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.town import build_town
from tests.waiting import wait_for

OFFICER: Final = "4711"


class LiveCar(TouchscreenClient):
    """One car of the demo city. ``place``: where it is, metres of the plane; ``speed``: what its receiver says, m/s.

    ``backlight``: its panel's, as the configuration has it.
    """

    def __init__(self, folder: Path, backlight: str = "none") -> None:
        self._folder = folder
        town = build_town(folder)
        self.plan = replace(town.plan, shift=town.agency.calendar.shift_at(time.time()).id)
        self._plane = Bench(town.agency)
        self.place = centre(self.plan.patrols[0].cell)
        self.speed = 0.0
        self.port = free_port()
        toml = folder / "car-1.toml"
        toml.write_text(
            f'unit = "car-1"\nagency = "{folder / "agency"}"\nagency_key = "{town.agency.public_key}"\n'
            f'district = "{self.plan.district}"\ndata = "{folder / "records"}"\n'
            f'[gps]\nsource = "serial"\ndevice = "{folder / "gps"}"\n'
            f"[broker]\nport = {free_port()}\n[touchscreen]\nport = {self.port}\n"
            f'backlight = "{backlight}"\n',
            encoding="utf-8",
        )
        self.receiver = PtyFeeder(self._epochs(), folder / "gps")
        self.daemon = Daemon("vehicle", "run", "--config", str(toml), log=folder / "car-1.log")
        incoming = folder / "records" / FOLDER
        incoming.mkdir(parents=True)
        signed = sign(
            PLAN, PlanDoc.of(self.plan, town.agency.id, "analyst", "test"), load_private_key(folder / "key.pem")
        )
        (incoming / "plan.json").write_bytes(encode(signed.signed))

    def _epochs(self) -> Iterator[tuple[float, bytes]]:
        while True:
            utc = float(int(time.time()) + 1)
            yield utc, nmea_sentences(utc, *self._plane.unproject(*self.place), self.speed, 90.0)

    def left(self) -> float:
        """What is left of the visit's time, seconds, as the daemon has it."""
        visit = self.state()["visit"]
        left: float = visit["prescribed_s"] - visit["dosage_s"]
        return left

    def wait_for_mode(self, *modes: str) -> None:
        """Until the daemon is in one of some modes."""
        wait_for(lambda: self.state().get("mode") in modes)


@contextmanager
def live_car(folder: Path, backlight: str = "none") -> Iterator[LiveCar]:
    """A car in a visit in its plan's first box."""
    with ExitStack() as stack:
        car = LiveCar(folder, backlight)
        car.receiver.start()
        stack.callback(car.receiver.stop)
        car.daemon.start()
        stack.callback(car.daemon.kill)
        car.wait_for_mode("signed_out")
        car.tap("sign-in", {"officer": OFFICER})
        car.wait_for_mode("visit")
        yield car
