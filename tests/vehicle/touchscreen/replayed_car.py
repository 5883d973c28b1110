"""The whole daemon of one car over a drive that is replayed leg by leg, as fast as the machine goes.

Every part runs as in a car (threads, store, screen, drop folder), but that its clock is the recording's: it stands
still until the next leg of NMEA sentences comes, so an officer's fingers have all the time there is.
"""

import queue
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import atan2, ceil, degrees, hypot
from pathlib import Path
from typing import Final

from edge.contract.messages import PlanDoc, encode
from edge.contract.records import decode_event
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import PLAN, ROSTER
from edge.contract.signing import load_private_key
from edge.demo.nmea import nmea_sentences
from edge.domain.events import Event
from edge.domain.grid import Cell, centre
from edge.text.config import load
from edge.vehicle.clock import StepClock
from edge.vehicle.config import VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.documents.drop_folder import FOLDER
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from edge.vehicle.store.ledger import Reader
from tests.brokers import free_port
from tests.vehicle.access.rosters import roster
from tests.vehicle.touchscreen.bench import EVENING, Bench
from tests.vehicle.touchscreen.town import build_town
from tests.waiting import wait_for

FAST: Final = 55.0
"""m/s, between boxes: a box that is only crossed so fast is no visit."""

Point = tuple[float, float]


class Replayed(Vehicle):
    """A vehicle whose receiver is a queue of recorded sentences."""

    def start_gps(self) -> None:
        """Each leg by the recording's own reader, parser and gate."""
        self.legs: queue.Queue[tuple[bytes, float]] = queue.Queue()
        self.threads.start("gps", self._read)

    def _read(self, stop: threading.Event) -> None:
        clock = self.clock
        assert isinstance(clock, StepClock)
        while not stop.is_set():
            try:
                sentences, start = self.legs.get(timeout=0.1)
            except queue.Empty:
                continue
            for fix in fixes_of([sentences], Pipeline(), start):
                clock.wait_until(fix.mono, stop)
                self.parts.engine.post_patiently(fix, stop)


class ReplayedCar:
    """A car of the demo city with its night's plan and a roster. ``place``: metres of the plane; ``mono``: so far."""

    def __init__(self, folder: Path, diagonal: float, members: tuple[tuple[str, str, str], ...]) -> None:
        town = build_town(folder)
        self.agency, self.plan = town.agency, town.plan
        self._plane = Bench(town.agency)
        self.mono, self.place = 0.0, (0.0, 0.0)
        self.port = free_port()
        (folder / "drive.nmea").touch()
        toml = folder / "car-1.toml"
        toml.write_text(
            f'unit = "car-1"\nagency = "{folder / "agency"}"\nagency_key = "{town.agency.public_key}"\n'
            f'district = "{self.plan.district}"\ndata = "{folder / "records"}"\nlink = "off"\n'
            f'[gps]\nsource = "replay"\nlog = "{folder / "drive.nmea"}"\nspeed = 0\n'
            f'[touchscreen]\nport = {self.port}\nbacklight = "none"\ndiagonal = {diagonal}\n',
            encoding="utf-8",
        )
        key = load_private_key(folder / "key.pem")
        body = roster(1, members).body.model_copy(update={"agency": town.agency.id})
        incoming = folder / "records" / FOLDER
        incoming.mkdir(parents=True)
        plan = sign(PLAN, PlanDoc.of(self.plan, town.agency.id, "analyst", "test"), key)
        (incoming / "plan.json").write_bytes(encode(plan.signed))
        (incoming / "roster.json").write_bytes(encode(sign(ROSTER, body, key).signed))
        self.vehicle = Replayed(load(VehicleConfig, toml))

    def stand(self, seconds: int) -> None:
        """Time passes where the car is."""
        self._leg([(self.place, 0.0)] * seconds, 0.0)

    def drive(self, to: Point, speed: float = FAST) -> None:
        """Straight to a point."""
        x, y = self.place
        dx, dy = to[0] - x, to[1] - y
        steps = max(1, ceil(hypot(dx, dy) / speed))
        along = [((x + dx * step / steps, y + dy * step / steps), speed) for step in range(1, steps + 1)]
        self._leg(along, degrees(atan2(dx, dy)))

    def drive_to(self, cell: Cell) -> None:
        """Into the middle of a box, and stand there until a visit may have opened."""
        self.drive(centre(cell))
        self.stand(12)

    def events(self) -> list[Event]:
        """The ledger so far, as it is on disk."""
        with closing(Reader(self.vehicle.config.data / "ledger.sqlite3")) as reader:
            return [decode_event(body) for _, body, _ in reader.after(0, 100_000)]

    def _leg(self, points: list[tuple[Point, float]], course: float) -> None:
        """Hand over a leg, an epoch a second, and wait until the engine has taken it whole."""
        start = self.mono + 1.0
        epochs = (
            nmea_sentences(EVENING + start + second, *self._plane.unproject(*place), speed, course)
            for second, (place, speed) in enumerate(points)
        )
        self.vehicle.legs.put((b"".join(epochs), start))
        self.mono, self.place = start + len(points) - 1.0, points[-1][0]
        wait_for(lambda: self.vehicle.parts.published.state.mono >= self.mono)
        self.vehicle.parts.display.look()  # as it does each second


@contextmanager
def replayed_car(
    folder: Path, diagonal: float, members: tuple[tuple[str, str, str], ...], *, east: float, north: float
) -> Iterator[ReplayedCar]:
    """A car some metres from the plan's first box, signed out, with plan and roster in force."""
    car = ReplayedCar(folder, diagonal, members)
    x, y = centre(car.plan.patrols[0].cell)
    car.place = x + east, y + north
    try:
        car.vehicle.start()
        car.stand(30)
        published = car.vehicle.parts.published
        wait_for(lambda: published.state.plan is not None and published.sign_in().pin)
        yield car
    finally:
        car.vehicle.stop()
