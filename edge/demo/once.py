"""A shortened shift as fast as the machine goes: the real parts, over a real broker, and whether both ends agree.

Each car's drive is generated as NMEA and goes through parser, gate and engine on the recording's own clock.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from edge.contract.records import decode_event
from edge.demo.broker import free_port, make_broker
from edge.demo.drive import drive
from edge.demo.site import OFFICERS, UNITS, Site, make_site
from edge.domain.events import VisitClosed
from edge.domain.inputs import Fix, Input, SignIn, SignOut, Tick, UseTactic
from edge.domain.shift import Shift
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.daemon import Headquarters
from edge.headquarters.reports.reading import read_report
from edge.headquarters.store import Store
from edge.text.config import load
from edge.vehicle.clock import StepClock
from edge.vehicle.config import VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from edge.vehicle.store.ledger import Reader

DRIVE_S: Final = 7200
TACTIC_EVERY_S: Final = 300.0
RUN_ON_S: Final = 600.0
MINUTES: Final = 10.0
DEADLINE_S: Final = 100.0
REPLAY_GPS: Final = 'source = "replay"\nlog = "{log}"\nspeed = 0'


@dataclass(frozen=True, slots=True)
class Figures:
    """Both ends' account of the shift. ``lost``: recorded, but not at headquarters."""

    visits: int
    events_recorded: int
    events_at_headquarters: int
    lost: int
    duplicates_stored: int
    minutes_vehicle: float
    minutes_headquarters: float

    @property
    def agree(self) -> bool:
        """Whether nothing is lost, nothing is there twice, and the minutes are the same."""
        complete = self.lost == 0 and self.duplicates_stored == 0
        return complete and self.visits > 0 and self.minutes_vehicle == self.minutes_headquarters

    def values(self) -> dict[str, Any]:
        """By name."""
        return asdict(self)


def run_once(folder: Path, say: Callable[[str], None]) -> Figures:
    """Run the shift and compare both ends."""
    site = make_site(folder)
    calendar = site.agency.calendar
    shift = calendar.shift_at(calendar.shift_at(time.time()).ends)  # the next one: headquarters withdraws plans gone by
    say(f"{site.agency.name}: {len(site.agency.grid.boxes)} boxes, shift {shift.id}")
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(make_broker(folder, port))
        config = site.write_hq(port, free_port())
        headquarters = Headquarters(config)
        headquarters.start()
        stack.callback(headquarters.stop)
        site.publish(config, shift, MINUTES)
        for seed, unit in enumerate(UNITS, 1):
            say(f"{unit}: {patrol(site, unit, seed, shift, port)}")
        return compare(site, config, shift)


def patrol(site: Site, unit: str, seed: int, shift: Shift, broker: int) -> str:
    """One car's shift, from start to stop; what came of it in words."""
    log = site.folder / f"{unit}.nmea"
    with log.open("wb") as file:
        file.writelines(sentences for _, sentences in drive(site.city, seed, shift.starts + 60.0, DRIVE_S))
    toml = site.write_vehicle(unit, REPLAY_GPS.format(log=log), broker, 0)
    vehicle = Vehicle(load(VehicleConfig, toml))
    clock, never = vehicle.clock, threading.Event()
    assert isinstance(clock, StepClock)  # noqa: S101 - speed = 0 says so
    try:
        vehicle.open()
        vehicle.start_link()
        vehicle.start_engine()
        _wait("the plan", lambda: bool(vehicle.parts.published.state.plans))
        for given in shift_inputs(unit, log, vehicle):
            clock.wait_until(given.mono, never)
            vehicle.parts.engine.post_patiently(given, never)
        _wait(
            "headquarters' answer",
            lambda: vehicle.parts.published.state.officer is None and vehicle.parts.published.link.queue == 0,
        )
    finally:
        vehicle.stop()
    return f"{vehicle.parts.published.state.seq} records"


def shift_inputs(unit: str, log: Path, vehicle: Vehicle) -> Iterator[Input]:
    """An officer's shift: sign-in, the drive, a tactic now and then, sign-out."""
    yield SignIn(0.0, OFFICERS[unit])
    tactics, count, fix = vehicle.disk.bundle.agency.tactics, 0, None
    for fix in fixes_of([log.read_bytes()], Pipeline()):
        yield fix
        if fix.mono >= count * TACTIC_EVERY_S:
            yield UseTactic(fix.mono, tactics[count % len(tactics)].id)
            count += 1
    yield from _ending(fix)


def _ending(fix: Fix | None) -> Iterator[Input]:
    end = RUN_ON_S + (fix.mono if fix else 0.0)
    yield Tick(end, 0.0)
    yield SignOut(end)


def compare(site: Site, config: HeadquartersConfig, shift: Shift) -> Figures:
    """Both ends' figures, each from its own store."""
    recorded: dict[str, bytes] = {}
    for unit in UNITS:
        with closing(Reader(site.folder / unit / "ledger.sqlite3")) as reader:
            recorded |= {decode_event(body).id: body for _, body, _ in reader.after(0, 1_000_000)}
    with Store(config.database) as store:
        held = [body for one in store.ledgers() for _, body, _ in store.records(one.unit, one.id)]
        report, _ = read_report(store, site.agency, shift.id, shift.ends)
    closed = [one.data for one in map(decode_event, recorded.values()) if isinstance(one.data, VisitClosed)]
    return Figures(
        visits=sum(visit.counted for visit in closed),
        events_recorded=len(recorded),
        events_at_headquarters=len(held),
        lost=len(set(recorded.values()) - set(held)),
        duplicates_stored=len(held) - len(set(held)),
        minutes_vehicle=round(sum(visit.dosage_s for visit in closed if visit.counted) / 60.0, 2),
        minutes_headquarters=round(sum(unit.totals.dosage_s for unit in report.units) / 60.0, 2),
    )


def _wait(what: str, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + DEADLINE_S
    while not ready():
        if time.monotonic() > until:
            msg = (
                f"the demo timed out after {DEADLINE_S:.0f} s waiting for {what}; if this machine is busy, run it again"
            )
            raise UserError(msg)
        time.sleep(0.05)
