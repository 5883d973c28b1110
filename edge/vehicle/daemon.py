"""The vehicle's composition root: the only file that names concrete parts, starts them, and stops them in reverse.

Threads: main (signals, watch), gps, engine, screen, link, scoring. `edge.service.supervisor` ends the process with the
name of one that ends or hangs, and systemd starts it again. Must not hold a rule of patrol.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from typing import Any

from edge.contract.agency import Agency
from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind, Verified, verify_here
from edge.domain.inputs import Fix, Input
from edge.domain.state import Setting, State
from edge.service.supervisor import Heartbeat, Supervisor
from edge.text.words import Notice
from edge.vehicle.clock import Clock, PacedClock, StepClock, SystemClock
from edge.vehicle.config import GpsConfig, VehicleConfig
from edge.vehicle.documents.bundle import choose, keep
from edge.vehicle.documents.drop_folder import Incoming
from edge.vehicle.engine import Engine
from edge.vehicle.gps.gpsd import GpsdSource
from edge.vehicle.gps.port import Source
from edge.vehicle.gps.replay import ReplaySource
from edge.vehicle.gps.serial_nmea import SerialSource
from edge.vehicle.in_force import InForce
from edge.vehicle.journal import Journal
from edge.vehicle.link.link import Link
from edge.vehicle.recorder import Recorder
from edge.vehicle.scoring import Scoring
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.server import serve
from edge.vehicle.view.published import Published
from edge.vehicle.view.snapshot import GpsView

log = logging.getLogger("roundsman")


class Vehicle:
    """One vehicle's daemon, as `edge.service.process` runs it."""

    def __init__(self, config: VehicleConfig) -> None:
        """Raises UserError where the configuration names an agency or district that is not there."""
        self.config = config
        self.bundle = choose(config)
        self.agency = self.bundle.agency
        self.setting = _setting(self.agency)
        self.clock = _clock(config.gps)
        self._software = version("roundsman")
        self._stops = ExitStack()
        self.threads = Supervisor(self._stops)
        self._journal = Journal(log.warning)

    def start(self) -> str:
        """Start every part, in the order in which they need one another; where the screen is served."""
        self.start_vault()
        self.start_link()
        self.start_engine()
        self.start_touchscreen()
        self.start_gps()
        self.start_scoring()
        return f"{self.config.unit}: http://{self.config.touchscreen.host}:{self.server.port}"

    def tend(self) -> None:
        """Write in the log what the screen says otherwise than before."""
        self._journal.write(self.published.link, self.published.gps(), self.published.notices())

    def stop(self) -> None:
        """Stop what was started, the last first, whatever one of them says to it."""
        self._stops.close()

    def start_vault(self) -> None:
        """Open what is kept and load the state from it; its mirror closes it."""
        self.vault = Vault(self.config.data, self.config.unit)
        self._stops.callback(self.vault.close)
        self.bundle = keep(self.bundle, self.config.data)
        self.agency = self.bundle.agency
        state, self._new_plans = self.vault.load(self._stored)
        in_force = InForce(self.vault.load_documents(self._stored))
        self.vault.describe("bundle in force", self.bundle.described())
        self.vault.describe("device", {"unit": self.config.unit, "software": self._software})
        self.published = Published(self.agency, state, self.clock.mono)
        recorder = self._start_recorder(state)
        self.engine = Engine(self.setting, state, self.vault, self.clock, self.published.publish, recorder, in_force)
        self.scoring = self._make_scoring()
        self.published.notices = partial(self._notices, recorder)

    def _stored(self, kind: SignedKind[Any], signed: Signed) -> Verified[Any]:
        """A document that was stored, where it may still be obeyed. Raises UserError where not."""
        return verify_here(kind, signed, self.agency, self.config.district)

    def _arrival(self, digest: str) -> float | None:
        """When a document of a digest comes, as far as time is known."""
        return self.engine.in_force.arrival(self.published.state, digest)

    def _make_scoring(self) -> Scoring:
        return Scoring(
            self.agency,
            self.bundle.directory,
            self.bundle.key,
            self.config.district,
            models=bool(self.bundle.manifest.crime_types),
            state=lambda: self.published.state,
            in_force=self.engine.in_force,
            incoming=Incoming(self.config.data, self.agency, self.config.district, self._arrival),
            mono=self.clock.mono,
            post=self.engine.post,
        )

    def _notices(self, recorder: Recorder | None) -> tuple[Notice, ...]:
        """What the screen must warn of; the worst first."""
        troubles = (self.engine.trouble, recorder.trouble if recorder is not None else None)
        of_store = (*(one for one in troubles if one is not None), *self.vault.alarms())
        return (*of_store, *self.scoring.notices(), *self.bundle.notices(self._utc()))

    def _utc(self) -> float:
        """Now, by the state's clock; long ago while that is not set, so that nothing seems to have expired."""
        state = self.published.state
        return 0.0 if state.clock.state == "none" else state.utc(self.clock.mono())

    def _start_recorder(self, state: State) -> Recorder | None:
        if self.config.record is None:
            return None
        recorder = Recorder(self.config.record, state)
        self._stops.callback(recorder.close)
        return recorder

    def start_engine(self) -> None:
        """Start deciding. It stops before the link does, so that its last record still gets out."""
        self.threads.start("engine", partial(self.engine.run, software=self._software, plans=self._new_plans))

    def start_link(self) -> None:
        """Start publishing to headquarters and listening to it and the fleet."""
        reader = Reader(self.vault.ledger_path)
        self._stops.callback(reader.close)
        link = Link(
            self.agency,
            self.config.district,
            self.config.broker,
            reader,
            lambda: self.published.state,
            self.engine.post,
            self.published.show_link,
            acknowledged=self.vault.ledger.acknowledged,
            software=self._software,
            in_force=self.engine.in_force,
        )
        self.threads.start("link", link.run)

    def start_touchscreen(self) -> None:
        """Start serving the screen."""
        screen = self.config.touchscreen
        app = create_app(_Screen(self.published, self.engine, self.clock), trusted_hosts=screen.trusted_hosts)
        self.server = serve(app, screen.host, screen.port)
        self.threads.start("screen", self.server.run, self.server.wake)

    def start_gps(self) -> None:
        """Start reading fixes."""
        stop = Heartbeat()
        self.source = _source(self.config.gps, self.clock, self.engine, stop)
        self.published.gps = partial(_gps_view, self.source)

        def read(stop: threading.Event) -> None:
            self.source.run(stop)
            if self.config.gps.source == "replay":
                stop.wait()  # a recording may end; the screen stays

        self.threads.start("gps", read, heartbeat=stop)

    def start_scoring(self) -> None:
        """Start having risk computed, each time in a process of its own."""
        self.threads.start("scoring", self.scoring.run)


class _Screen:
    """The touchscreen's port over the published state and the engine."""

    def __init__(self, published: Published, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.agency = published.agency
        self.snapshot = published.snapshot
        self.explanation = published.explanation
        self.generation = published.generation
        self.wait = published.wait

    def post(self, make: Callable[[float], Input]) -> None:
        """An input made from the second of its receipt."""
        self._engine.post(make(self._clock.mono()))


def _gps_view(source: Source) -> GpsView:
    status = source.status()
    return GpsView(status.notice, status.fixes, status.refused)


def _setting(agency: Agency) -> Setting:
    return Setting(agency.grid, agency.policy, agency.calendar, tuple(one.id for one in agency.tactics))


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
            engine.post_patiently(fix, stop)

    return ReplaySource(gps.log, post, clock.mono, partial(clock.wait_until, stop=stop))
