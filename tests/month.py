"""Weeks of patrol without headquarters, on a virtual clock: the real engine and vault, driven along a dense route.

The car goes from box to box of its district, day and night: a stay in each, a tactic, calls, tunnels, restarts, a
change of officer at each shift. What it has done is counted here a second time: presence and pauses by the script's own
seconds, visits from the state that the screen is shown. Must not read the ledger.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyproj import Transformer

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed, to_sign
from edge.contract.signing import sign
from edge.domain.grid import Cell, centre
from edge.domain.inputs import Fix, Input, Pause, Resume, SignIn, SignOut, Stop, Tick, UseTactic
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.shift import Shift
from edge.domain.state import Setting, State
from edge.domain.visits import VisitSummary
from edge.vehicle.engine import Engine
from edge.vehicle.inbox import Item, PlanVerified
from edge.vehicle.store.vault import Vault
from edge.vehicle.view.published import Published
from tests.month_sizes import Size, measure
from tests.signed import stored_in, verified_plan
from tests.virtual_clock import VirtualClock

UNIT: Final = "car-1"
DISTRICT: Final = "2"
DAY_S: Final = 86_400.0
LEG_S: Final = 18
"""From the middle of a box to the next one's, at 13.9 m/s."""
A_LEGS_EVENTS: Final = 4.6
"""Opened, counted, a tactic, closed, presence; and a pause now and then."""
RULE: Final = Prescription(minutes=5.0, visits=24, spacing_s=3600.0, cap_shift=10_000, cap_7_days=10_000)


@dataclass(slots=True)
class Own:
    """One shift by the car's own count."""

    presence_s: float = 0.0
    paused_s: float = 0.0
    visits: dict[str, VisitSummary] = field(default_factory=dict)

    @property
    def counted(self) -> list[VisitSummary]:
        """The visits that count."""
        return [visit for visit in self.visits.values() if visit.counted]


class Month:
    """A car's weeks. ``every``: seconds between fixes; it moves on so often that ``events`` come a day."""

    def __init__(self, folder: Path, agency: Agency, key: Ed25519PrivateKey, began: float) -> None:
        self.folder = folder
        self.own: dict[str, Own] = defaultdict(Own)
        self.sizes: list[Size] = []
        agency = replace(agency, policy=replace(agency.policy, default=RULE))
        self._agency, self._key = agency, key
        self._setting = Setting(agency.grid, agency.policy, agency.calendar, tuple(one.id for one in agency.tactics))
        self.clock = VirtualClock(began)
        self._before, self._shift = "", agency.calendar.shift_at(began)
        self._after = self._shift
        self._cells = route(agency)
        to_degrees = Transformer.from_crs(agency.grid.epsg, 4326, always_xy=True)
        self._places = [to_degrees.transform(*centre(cell)) for cell in self._cells]
        self._last_fix: float | None = None
        self._open()

    def drive(self, until: float, events: float, every: int) -> None:
        """Until an instant (POSIX seconds); about so many events a day."""
        stay_s = round(DAY_S / events * A_LEGS_EVENTS) - LEG_S
        places = cycle(self._places)
        here, legs, day = next(places), 0, 1
        self._begin_shift(self._shift)
        while self.clock.true_utc() < until:
            there, legs = next(places), legs + 1
            self._move(here, there, every)
            self._stay(there, stay_s, every, tactic=legs % 3 > 0)
            self._incident(there, legs, every)
            here = there
            if self.clock.now >= day * DAY_S:
                self._measure(day)
                day += 1
        self._take(SignOut(self.clock.mono()))
        self._close()

    def _incident(self, place: tuple[float, float], legs: int, every: int) -> None:
        """A call, a tunnel, a restart of the daemon, a computer that comes up with a wrong clock."""
        if legs % 9 == 0:
            self._pause(place, every)
        if legs % 151 == 0:
            self._silence(45)
        if legs % 211 == 0:
            self._restart(off=20)
        if legs % 331 == 0:
            self._restart(off=240, wrong=-3.0 * 3600.0)

    def _move(self, here: tuple[float, float], there: tuple[float, float], every: int) -> None:
        for second in range(every, LEG_S + 1, every):
            part = second / LEG_S
            lon, lat = here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])
            self._fix(lon, lat, 13.9, every)

    def _stay(self, place: tuple[float, float], seconds: int, every: int, *, tactic: bool) -> None:
        for second in range(0, seconds, every):
            self._fix(*place, 0.1, every)
            if tactic and 0 <= second - seconds // 2 < every:
                self._take(UseTactic(self.clock.mono(), self._setting.tactics[0]))

    def _pause(self, place: tuple[float, float], every: int) -> None:
        self._take(Pause(self.clock.mono(), "call"))
        began = self.clock.now
        self._stay(place, 60, every, tactic=False)
        self._take(Resume(self.clock.mono()))
        self._share(began, lambda own, seconds: setattr(own, "paused_s", own.paused_s + seconds))

    def _silence(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.now += 1.0
            self._take(Tick(self.clock.mono(), self.clock.utc()))

    def _restart(self, off: float, wrong: float | None = None) -> None:
        """The daemon is asked to end, and starts again after a while: with the computer, where its clock is wrong."""
        self._close()
        self.clock.now += off
        if wrong is not None:
            self.clock.reboot(wrong)
        self._open()

    def _fix(self, lon: float, lat: float, speed: float, every: int) -> None:
        clock = self.clock
        clock.now += every
        self._take(Fix(clock.true_utc(), clock.mono(), lat, lon, speed, 4.0))
        if self._last_fix is not None and clock.now - self._last_fix <= every:
            self._share(self._last_fix, lambda own, seconds: setattr(own, "presence_s", own.presence_s + seconds))
        self._last_fix = clock.now
        if clock.true_utc() >= self._shift.ends:
            self._begin_shift(self._after)

    def _share(self, began: float, add: Callable[[Own, float], None]) -> None:
        """Give the seconds since ``began`` to the shift they lie in, or to both that they lie in."""
        ended, starts = self.clock.now, self._shift.starts - self.clock.true_utc() + self.clock.now
        boundary = self._shift.ends - self._shift.starts + starts
        for shift, since, until in (
            (self._before, began, min(ended, starts)),
            (self._shift.id, max(began, starts), min(ended, boundary)),
            (self._after.id, max(began, boundary), ended),
        ):
            if until > since:
                add(self.own[shift], until - since)

    def _begin_shift(self, shift: Shift) -> None:
        """Another officer takes over; the plans of this shift (at first) and the next one come."""
        self._remember()
        self._before, self._shift, self._after = self._shift.id, shift, self._agency.calendar.shift_at(shift.ends)
        self._take(SignIn(self.clock.mono(), f"officer-{shift.name}"))
        if not self.engine.state.plans:
            self._take(self._plan(shift))
        self._take(self._plan(self._after))

    def _plan(self, shift: Shift) -> Item:
        patrols = tuple(DirectedPatrol(cell, ("robbery",), RULE, "many robberies lately") for cell in self._cells)
        doc = PlanDoc.of(Plan(shift.id, DISTRICT, 1, patrols), self._agency.id, "analyst", "weekly plan")
        body = doc.model_dump(mode="json")
        signed = Signed(kind="plan", body=body, signature=sign(self._key, to_sign("plan", body)))
        return PlanVerified(verified_plan(signed, self._agency, DISTRICT), signed)

    def _remember(self) -> None:
        """What the car knows of its own visits; each as it was told last."""
        for visit in self.engine.state.visits.all():
            self.own[visit.shift].visits[visit.id] = visit

    def _take(self, item: Item | Input) -> None:
        self.engine.take(item)

    def _open(self) -> None:
        self._vault = Vault(self.folder, UNIT)
        state, plans = self._vault.load(stored_in(self._agency, DISTRICT))
        assert plans == []
        self.published = Published(self._agency, state, self.clock.mono)
        self.engine = Engine(self._setting, state, self._vault, self.clock, self._show)
        self.engine.start("month")
        self._last_fix = None

    def _show(self, state: State) -> None:
        self.published.publish(state)

    def _close(self) -> None:
        self._take(Stop(self.clock.mono()))
        self._remember()
        self._vault.close()

    def _measure(self, day: int) -> None:
        self._remember()
        self.sizes.append(measure(day, self.folder, self.published))


def route(agency: Agency) -> list[Cell]:
    """A round through the district's boxes, column by column, to and fro: each beside the one before."""
    boxes = agency.grid.boxes
    cells = [cell for cell, box in boxes.items() if box.district == DISTRICT and not box.opt_out]
    columns = sorted({x for x, _ in cells})
    return [
        (x, y)
        for number, x in enumerate(columns)
        for y in sorted((y for at, y in cells if at == x), reverse=number % 2 > 0)
    ]
