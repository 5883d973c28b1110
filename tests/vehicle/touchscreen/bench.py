"""A vehicle without threads for the touchscreen: the real rules and the real view, on a clock that the test moves."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from edge.contract.agency import Agency
from edge.contract.bundle import read_manifest
from edge.domain.events import Event
from edge.domain.grid import Cell, centre
from edge.domain.inputs import AdoptPlan, Fix, Input, MergeVisits, SignIn, Start, Tick
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.roles import Who, who
from edge.domain.state import Setting, State
from edge.domain.visits import VisitSummary
from edge.plans.briefing import Briefing
from edge.text.coded import CodedError
from edge.text.words import Notice
from edge.vehicle.admitted import Admitted
from edge.vehicle.in_force import InForce
from edge.vehicle.own_record import OwnRecord, own_record
from edge.vehicle.view.explanation import explanation_of
from edge.vehicle.view.make import snapshot_of
from edge.vehicle.view.published import Published
from edge.vehicle.view.reading import Reading
from edge.vehicle.view.snapshot import BasemapView, DisplayView, Explanation, GpsView, LinkView, SignInView, Snapshot
from edge.vehicle.view.status import StatusLine

EVENING = 1_795_494_600.0
"""2026-11-23 at 22:30 in Chicago: half an hour into the night shift."""
METRE = 1.0 / 111_195.0  # degrees of latitude


class Bench:
    """A `Screen`: every input is decided at once, at the bench's own second."""

    def __init__(self, agency: Agency, utc: float = EVENING) -> None:
        self._agency = agency
        self._setting = Setting(
            agency.grid, agency.policy, agency.calendar, tuple(tactic.id for tactic in agency.tactics)
        )
        self._changed = threading.Condition()
        self._generation = 0
        self._state = State(unit="car-12", ledger="0001")
        self._utc = utc - 1000.0
        self.mono = 1000.0
        self._others = count(100)
        self.posted: list[Event] = []
        self.link = LinkView("connected")
        self.gps = GpsView(Notice("gps.searching", {"device": "/dev/gps"}, "warning"))
        self.notices: tuple[Notice, ...] = ()
        self.asked = SignInView()
        self.locked = False
        self.admits: Callable[[str, str | None], Admitted] = lambda officer, _pin: Admitted(officer, None)
        self.display = DisplayView()
        self.basemap = BasemapView()
        self.chosen: list[tuple[str, Any]] = []
        self.touches = 0
        self.in_force = InForce()
        self.tell(Start(self.mono, "boot", utc, "test"))

    @property
    def agency(self) -> Agency:
        """The agency in force."""
        return self._agency

    @property
    def state(self) -> State:
        """The last state."""
        return self._state

    def snapshot(self) -> Snapshot:
        """The view, made for the bench's second."""
        seen = self.link, self.gps, self.notices, self.display, self.asked, self.basemap
        return snapshot_of(self._agency, self._state, self.mono, *seen)

    def touch(self) -> None:
        """Awake, and counted."""
        self.touches += 1
        self.show(power="on", shade=0.0)

    def choose(self, name: str, value: Any) -> None:
        """Noted, and shown."""
        self.chosen.append((name, value))
        self.show(**{"choice" if name == "theme" else name: value})

    def show(self, **display: Any) -> None:
        """The display is to be otherwise, and published."""
        with self._changed:
            self.display = replace(self.display, **display)
            self._generation += 1
            self._changed.notify_all()

    def explanation(self, box: str) -> Explanation | None:
        """Why a box."""
        return explanation_of(self._agency, self._state, box, self.mono)

    def briefing(self) -> Briefing | None:
        """The shift's briefing."""
        return self._reading().briefing()

    def status(self) -> tuple[StatusLine, ...]:
        """How each part stands."""
        return self._reading().status()

    def _reading(self) -> Reading:
        published = Published(self._agency, self._state, lambda: self.mono)
        published.link, published.gps, published.notices = self.link, lambda: self.gps, lambda: self.notices
        published.basemap = lambda: self.basemap
        manifest = read_manifest(self._agency.map_path.parent)
        return Reading(self._agency, manifest, "1", self.in_force, published, lambda: self.mono)

    def generation(self) -> int:
        """How many inputs were decided."""
        return self._generation

    def wait(self, generation: int, timeout_s: float) -> int:
        """Wait for another input."""
        with self._changed:
            self._changed.wait_for(lambda: self._generation != generation, timeout_s)
            return self._generation

    def post(self, make: Callable[[float], Input]) -> None:
        """Decide a tap at the bench's second."""
        self.tell(make(self.mono))

    def admit(self, officer: str, pin: str | None) -> Admitted:
        """Let in whom the test says."""
        return self.admits(officer, pin)

    def own_records(self) -> tuple[OwnRecord, ...]:
        """Of what was posted; locked where the test says so."""
        if self.locked:
            raise CodedError("refused.details_locked")
        shift, inside = self._state.shift, (self._state.officer, self._state.second)
        assert shift is not None
        return tuple(own_record(self.posted, one, shift.id, self._agency) for one in inside if one is not None)

    def who(self) -> Who:
        """By the state alone."""
        return who(self._state.officer, self._state.role, self._state.second_role)

    def tell(self, given: Input) -> None:
        """Decide an input and publish the state."""
        with self._changed:
            self._state, events = decide(self._setting, self._state, given)
            self.posted.extend(events)
            self._generation += 1
            self._changed.notify_all()

    def at(self, east: float, north: float, speed: float = 0.0, accuracy: float = 4.0) -> None:
        """A fix at a point of the plane, a second after the last input."""
        self.mono += 1.0
        lat, lon = self.unproject(east, north)
        self.tell(Fix(self._utc + self.mono, self.mono, lat, lon, speed, accuracy))

    def stay(self, cell: Cell, seconds: int, accuracy: float = 4.0) -> None:
        """Stand in the middle of a box, published once at the end: fast enough for a browser's test."""
        lat, lon = self.unproject(*centre(cell))
        with self._changed:
            for _ in range(seconds):
                self.mono += 1.0
                fix = Fix(self._utc + self.mono, self.mono, lat, lon, 0.0, accuracy)
                self._state, events = decide(self._setting, self._state, fix)
                self.posted.extend(events)
            self._generation += 1
            self._changed.notify_all()

    def drive(self, start: tuple[float, float], end: tuple[float, float], seconds: int) -> None:
        """Drive a straight line, a fix a second."""
        for step in range(1, seconds + 1):
            share = step / seconds
            here = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            self.at(*here, speed=12.0)

    def silence(self, seconds: int) -> None:
        """Time passes without a fix."""
        for _ in range(seconds):
            self.mono += 1.0
            self.tell(Tick(self.mono, self._utc + self.mono))

    def adopt(self, plan: Plan) -> None:
        """A plan takes force."""
        self.tell(AdoptPlan(self.mono, plan))

    def sign_in(self, officer: str = "4711") -> None:
        """An officer signs in."""
        self.tell(SignIn(self.mono, officer))

    def elsewhere(self, box: str, times: int, hours_ago: float, *, early: bool = False) -> None:
        """Counted visits of a box in this shift, each of another car."""
        shift = self._state.shift.id if self._state.shift else ""
        ended = self._state.utc(self.mono) - hours_ago * 3600.0
        cars = [f"car-{next(self._others)}" for _ in range(times)]
        visits = (
            VisitSummary(f"{car}:x:1", car, box, shift, ended - 900.0, ended, 900.0, counted=True, early=early)
            for car in cars
        )
        self.tell(MergeVisits(self.mono, tuple(visits)))

    def unproject(self, east: float, north: float) -> tuple[float, float]:
        """Latitude and longitude of a point of the plane, to a tenth of a millimetre, by Newton's steps."""
        grid = self._agency.grid
        lat, lon = grid.lat0, grid.lon0
        for _ in range(20):
            here, up, right = (grid.project(*one) for one in ((lat, lon), (lat + METRE, lon), (lat, lon + METRE)))
            assert here is not None
            assert up is not None
            assert right is not None
            dx, dy = east - here[0], north - here[1]
            a, b = right[0] - here[0], up[0] - here[0]
            c, d = right[1] - here[1], up[1] - here[1]
            if abs(dx) + abs(dy) < 1e-4:
                break
            lat += METRE * (a * dy - c * dx) / (a * d - b * c)
            lon += METRE * (d * dx - b * dy) / (a * d - b * c)
        return lat, lon
