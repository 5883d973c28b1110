"""The vehicle's composition root: the only file that names concrete parts, starts them, and stops them in reverse.

Threads: main (signals, watchdog), gps, engine, screen, link. A vital thread that ends ends the process with a sentence
that names it, and systemd starts it again. Must not hold a rule of patrol.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from typing import Final

from edge.contract.agency import Agency, load_agency
from edge.contract.verification import verified_plan
from edge.domain.inputs import AdoptPlan, Fix, Input
from edge.domain.state import Setting, State
from edge.errors import UserError
from edge.vehicle.board import Board
from edge.vehicle.clock import Clock, PacedClock, StepClock, SystemClock
from edge.vehicle.config import GpsConfig, VehicleConfig
from edge.vehicle.engine import Engine
from edge.vehicle.gps.gpsd import GpsdSource
from edge.vehicle.gps.port import Source
from edge.vehicle.gps.replay import ReplaySource
from edge.vehicle.gps.serial_nmea import SerialSource
from edge.vehicle.link.mqtt import Link
from edge.vehicle.recorder import Recorder
from edge.vehicle.snapshot import GpsView
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.server import Server

WATCH_S: Final = 0.5
JOIN_S: Final = 10.0


class DeadThreadError(RuntimeError):
    """A vital thread has ended."""


class Vehicle:
    """One vehicle's daemon: ``start()``, ``watch(stop)``, ``stop()``."""

    def __init__(self, config: VehicleConfig) -> None:
        """Raises UserError where the configuration names an agency or district that is not there."""
        self.config = config
        self.agency = load_agency(config.agency)
        _check_district(self.agency, config)
        self.setting = _setting(self.agency)
        self.clock = _clock(config.gps)
        self._software = version("roundsman")
        self._stops = ExitStack()
        self._threads: dict[str, threading.Thread] = {}
        self._failures: dict[str, BaseException] = {}

    def start(self) -> None:
        """Start every part, in the order in which they need one another."""
        self.start_vault()
        self.start_link()
        self.start_engine()
        self.start_touchscreen()
        self.start_gps()

    def watch(self, stop: threading.Event) -> None:
        """Return when asked to stop. Raises DeadThreadError when a vital thread has ended."""
        while not stop.wait(WATCH_S):
            self.check()

    def check(self) -> None:
        """Raises DeadThreadError when a vital thread has ended."""
        for name, thread in list(self._threads.items()):
            if not thread.is_alive():
                why = self._failures.get(name)
                if isinstance(why, UserError):
                    raise why
                msg = f"thread {name!r} has ended: {why!r}" if why else f"thread {name!r} has ended"
                raise DeadThreadError(msg) from why

    def stop(self) -> None:
        """Stop what was started, the last first, whatever one of them says to it."""
        self._stops.close()

    def start_vault(self) -> None:
        """Open what is kept and restore the state from it; its mirror closes it."""
        self.vault = Vault(self.config.data, self.config.unit)
        self._stops.callback(self.vault.close)
        agency = self.agency
        check = partial(verified_plan, agency=agency, district=self.config.district)
        state, new_plans = self.vault.load(check)
        self.board = Board(agency, state, self.clock.mono)
        self.board.notices = tuple(self.vault.notices)
        self.engine = Engine(
            self.setting, state, self.vault, self.clock, self.board.publish, self._start_recorder(state)
        )
        self.engine.start(self._software)
        for plan in new_plans:
            self.engine.take(AdoptPlan(self.clock.mono(), plan))
        self.vault.documents.put("bundle in force", {"agency": agency.id, "hash": agency.hash})
        self.vault.documents.put("device", {"unit": self.config.unit, "software": self._software})

    def start_engine(self) -> None:
        """Start deciding. It stops before the link does, so that its last record still gets out."""
        self._run("engine", self.engine.run)

    def _start_recorder(self, state: State) -> Recorder | None:
        if self.config.record is None:
            return None
        recorder = Recorder(self.config.record, state)
        self._stops.callback(recorder.close)
        return recorder

    def start_link(self) -> None:
        """Start publishing to headquarters and listening to it and the fleet."""
        reader = Reader(self.vault.ledger_path)
        self._stops.callback(reader.close)
        link = Link(
            self.agency,
            self.config.district,
            self.config.broker,
            reader,
            lambda: self.board.state,
            self.engine.post,
            self.board.show_link,
            acknowledged=self.vault.ledger.acknowledged,
            software=self._software,
        )
        self._run("link", link.run)

    def start_touchscreen(self) -> None:
        """Start serving the screen."""
        screen = self.config.touchscreen
        app = create_app(_Screen(self.board, self.engine, self.clock), trusted_hosts=screen.trusted_hosts)
        self.server = Server(app, screen.host, screen.port)
        self._run("screen", self.server.run, self.server.wake)

    def start_gps(self) -> None:
        """Start reading fixes."""
        stop = threading.Event()
        self.source = _source(self.config.gps, self.clock, self.engine, stop)
        self.board.gps = partial(_gps_view, self.source)

        def read(_: threading.Event) -> None:
            self.source.run(stop)
            if self.config.gps.source == "replay":
                stop.wait()  # a recording may end; the screen stays

        self._run("gps", read, stop.set)

    def _run(self, name: str, body: Callable[[threading.Event], None], ask: Callable[[], None] | None = None) -> None:
        """Run a part in its own thread; its mirror asks it to stop and waits."""
        asked = threading.Event()

        def guarded() -> None:
            try:
                body(asked)
            except BaseException as error:  # noqa: BLE001 - kept for the watchdog, which ends the process with it
                self._failures[name] = error

        thread = threading.Thread(target=guarded, name=name, daemon=True)

        def end() -> None:
            self._threads.pop(name)
            asked.set()
            if ask is not None:
                ask()
            thread.join(JOIN_S)

        self._threads[name] = thread
        self._stops.callback(end)
        thread.start()


class _Screen:
    """The touchscreen's port over board and engine."""

    def __init__(self, board: Board, engine: Engine, clock: Clock) -> None:
        self._board = board
        self._engine = engine
        self._clock = clock
        self.agency = board.agency
        self.snapshot = board.snapshot
        self.generation = board.generation
        self.wait = board.wait

    def post(self, make: Callable[[float], Input]) -> None:
        """An input made from the second of its receipt."""
        self._engine.post(make(self._clock.mono()))


def _gps_view(source: Source) -> GpsView:
    status = source.status()
    return GpsView(status.text, status.fixes, status.refused)


def _setting(agency: Agency) -> Setting:
    return Setting(agency.grid, agency.policy, agency.calendar, tuple(one.id for one in agency.tactics))


def _check_district(agency: Agency, config: VehicleConfig) -> None:
    districts = sorted({box.district for box in agency.grid.boxes.values()})
    if config.district not in districts:
        msg = f"district: {agency.name} has no district {config.district!r}; it has {', '.join(districts)}"
        raise UserError(msg)


def _clock(gps: GpsConfig) -> Clock:
    if gps.source != "replay":
        return SystemClock()
    if gps.speed == 0:
        return StepClock()
    return PacedClock(gps.began.timestamp() if gps.began else time.time(), gps.speed)


def _source(gps: GpsConfig, clock: Clock, engine: Engine, stop: threading.Event) -> Source:
    if gps.source == "serial":
        return SerialSource(gps.device, gps.baud, engine.post, clock.mono)
    if gps.source == "gpsd":
        return GpsdSource(gps.host, gps.port, engine.post, clock.mono)
    assert gps.log is not None and isinstance(clock, PacedClock | StepClock)  # noqa: PT018, S101 - the config has seen to it
    joined = clock.mono()

    def post(fix: Fix) -> None:
        if fix.mono >= joined:
            engine.post_patiently(fix)

    return ReplaySource(gps.log, post, clock.mono, partial(clock.wait_until, stop=stop))
