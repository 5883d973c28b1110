"""A second opinion on metering: visits and presence of one drive, by brute force from the written rules alone.

Written from the design's table "Rules of metering" and the theory of operation in ``edge/domain/README.md``, to be
compared with the real rules. What every stretch of fixes is, `tests.oracle_drive` finds by scanning backwards over
the list. Neither may import the meter, presence or patrol, nor be made fast at the price of being obvious.

It knows one vehicle alone, one officer signed in from the start, no pause, no restart, and one set of directed
patrols in force in every shift. Every fix must keep step with the monotonic clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.domain.grid import Cell, Grid, box_id
from edge.domain.inputs import Fix
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Policy
from edge.domain.shift import Calendar, Shift
from tests.oracle_drive import Drive

SEVEN_DAYS_S: Final = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class OracleVisit:
    """One visit: POSIX seconds at which it opened and ended, seconds of dosage, whether it counts and was early."""

    box: str
    opened: float
    ended: float
    dosage_s: float
    counted: bool
    early: bool


@dataclass(frozen=True, slots=True)
class OracleStay:
    """One stay in a cell: its box (None outside the agency), POSIX seconds of its ends, and its trusted seconds."""

    box: str | None
    began: float
    ended: float
    trusted_s: float


@dataclass(frozen=True, slots=True)
class OracleResult:
    """All visits and stays of a drive, in the order in which they began."""

    visits: tuple[OracleVisit, ...]
    stays: tuple[OracleStay, ...]

    @property
    def presence(self) -> dict[str, float]:
        """Trusted seconds of each box of the agency, assigned or not."""
        boxes = {stay.box for stay in self.stays if stay.box is not None}
        return {box: sum(stay.trusted_s for stay in self.stays if stay.box == box) for box in boxes}


def oracle(
    grid: Grid,
    policy: Policy,
    patrols: Sequence[DirectedPatrol],
    fixes: Sequence[Fix],
    *,
    calendar: Calendar,
    end_mono: float,
) -> OracleResult:
    """What the rules must say of a drive whose time runs on to ``end_mono``.

    Raises ValueError where that leaves the last visit undecided: it must come later than loss and return take.
    """
    offset = fixes[0].utc - fixes[0].mono if fixes else 0.0
    boundaries = _boundaries(calendar, offset, fixes[0].mono, end_mono) if fixes else []
    drive = Drive(grid, policy.metering, fixes, boundaries)
    if not drive.time:
        return OracleResult((), ())
    if end_mono <= drive.time[-1] + drive.lost_after[-1] + policy.metering.return_s:
        msg = "end_mono: the last visit could still be resumed"
        raise ValueError(msg)
    return _Story(grid, policy, patrols, drive, calendar, offset).told(end_mono)


def _boundaries(calendar: Calendar, offset: float, start: float, end: float) -> list[float]:
    """The shift boundaries after ``start`` up to ``end``, monotonic."""
    found: list[float] = []
    while (found[-1] if found else start) < end:
        found.append(calendar.shift_at((found[-1] if found else start) + offset).ends - offset)
    return found


@dataclass(slots=True)
class _Stay:
    """Where the car is held to be, since when (monotonic); once arrived, or at cap, it stays so."""

    cell: Cell
    began: float
    arrived: bool = False
    at_cap: bool = False


@dataclass(slots=True)
class _Visit:
    """A visit. ``since``: where its present piece of dosage began, None while away; ``left``: when it went away."""

    cell: Cell
    shift: str
    opened: float
    early: bool
    since: float | None
    left: float = 0.0
    ended: float = 0.0
    pieces: list[tuple[float, float]] = field(default_factory=list)


class _Story:
    """The drive told from fix to fix. Instants are monotonic until the end."""

    def __init__(
        self,
        grid: Grid,
        policy: Policy,
        patrols: Sequence[DirectedPatrol],
        drive: Drive,
        calendar: Calendar,
        offset: float,
    ) -> None:
        self.grid, self.rules, self.drive = grid, policy.metering, drive
        self.calendar, self.offset = calendar, offset
        self.patrols = {patrol.cell: patrol for patrol in patrols if not patrol.suppressed}
        self.shift: Shift = calendar.shift_at(drive.time[0] + offset)
        self.stay: _Stay | None = None
        self.visit: _Visit | None = None
        self.closed: list[_Visit] = []
        self.stays: list[OracleStay] = []

    def told(self, end: float) -> OracleResult:
        """Every fix after the boundaries and the loss that came before it, then the quiet until the end."""
        drive = self.drive
        for k, time in enumerate(drive.time):
            if drive.lost[k]:
                self._silence(k - 1, time)
            while self._boundary <= time:
                self._pass_boundary(k - 1, lost=False)
            if k == 0 or drive.lost[k]:
                self._found(k)
            if not drive.frozen(k):
                self._judge(k)
        self._silence(len(drive.time) - 1, end)
        self._end_stay(drive.time[-1])
        self._close(None)
        return OracleResult(tuple(self._row(visit) for visit in self.closed), tuple(self.stays))

    @property
    def _boundary(self) -> float:
        return self.shift.ends - self.offset

    def _silence(self, k: int, until: float) -> None:
        """Fix ``k`` is the last good one for longer than loss takes: boundaries, the loss, and boundaries again."""
        while self._boundary < self.drive.time[k] + self.drive.lost_after[k]:
            self._pass_boundary(k, lost=False)
        if self.visit is not None and self.visit.since is not None:
            self._interrupt(self.visit, k, self.drive.time[k])
        while self._boundary <= until:
            self._pass_boundary(k, lost=True)

    def _found(self, k: int) -> None:
        """The first good fix of all, or after a loss, decides where the car is."""
        here, now, before = self.drive.cell[k], self.drive.time[k], self.drive.time[max(k - 1, 0)]
        if self.stay is None or self.stay.cell != here or now - before > self.rules.return_s:
            self._hold(here, now, before)
        visit = self.visit
        if visit is not None and visit.cell == here and now - visit.left <= self.rules.return_s:
            visit.since = now

    def _judge(self, k: int) -> None:
        """Leaving and arriving at a fix that is not frozen."""
        drive, here, stay = self.drive, self.drive.cell[k], self.stay
        assert stay is not None
        deep, first = drive.deep(k), self._in_shift(drive.first_inside(k))
        if here != stay.cell:
            far = drive.far(stay.cell, k)
            visiting = self.visit is not None and self.visit.since is not None
            takes = deep and self._may_open(here, drive.time[k]) if visiting else deep or drive.within(k)
            if not far and not takes:
                return
            if self.visit is not None and self.visit.since is not None:
                self._interrupt(self.visit, k, self._in_shift(drive.first_outside(stay.cell, k)))
            self._hold(here, first, first)
        if deep:
            self._arrive(first)

    def _arrive(self, first: float) -> None:
        """*Deep in C* is complete in the cell the car is held to be in; ``first`` is its first second inside."""
        stay, visit = self.stay, self.visit
        assert stay is not None
        stay.arrived = True
        if visit is not None and visit.cell == stay.cell:
            if visit.since is not None:
                return
            if first - visit.left <= self.rules.return_s:
                visit.since = first
                return
            self._close(None)
        self._try_open(first)

    def _in_shift(self, first: float) -> float:
        """A run's first second is at the earliest the shift's."""
        return max(first, self.shift.starts - self.offset)

    def _try_open(self, at: float) -> None:
        """Open a visit where the car is held to be, if the box is assigned and was not at its cap in this stay."""
        stay = self.stay
        assert stay is not None
        if stay.at_cap or stay.cell not in self.patrols:
            return
        if not self._may_open(stay.cell, at):
            stay.at_cap = True
            return
        self._close(None)
        prescription = self.patrols[stay.cell].prescription
        early = any(
            at - visit.ended < prescription.spacing_s
            for visit in self._counted(stay.cell)
            if visit.shift == self.shift.id and not visit.early
        )
        self.visit = _Visit(stay.cell, self.shift.id, at, early, at)

    def _may_open(self, cell: Cell, at: float) -> bool:
        """Whether a box is assigned and not at its cap."""
        if cell not in self.patrols:
            return False
        prescription, counted = self.patrols[cell].prescription, self._counted(cell)
        in_shift = sum(visit.shift == self.shift.id for visit in counted)
        in_7_days = sum(at - visit.opened < SEVEN_DAYS_S for visit in counted)
        return in_shift < prescription.cap_shift and in_7_days < prescription.cap_7_days

    def _counted(self, cell: Cell) -> list[_Visit]:
        return [visit for visit in self.closed if visit.cell == cell and self._row(visit).counted]

    def _pass_boundary(self, k: int, *, lost: bool) -> None:
        """A shift ends after good fix ``k``: visit and stay are cut; one opens if the car has arrived, not lost."""
        at, visit, stay = self._boundary, self.visit, self.stay
        self.shift = self.calendar.shift_at(self.shift.ends)
        if visit is None or visit.since is None:
            self._close(None)
        else:
            self._interrupt(visit, k, at)
            self._close(at)
        self._end_stay(self.drive.time[k] if lost else at)
        self.stay = None if lost or stay is None else _Stay(stay.cell, at, stay.arrived)
        if self.stay is not None and self.stay.arrived:
            self._try_open(at)

    def _interrupt(self, visit: _Visit, k: int, left: float) -> None:
        """The visit went away at ``left``. A run outside that goes on at fix ``k`` is no dosage; parked is inside."""
        assert visit.since is not None
        inside = self.drive.cell[k] == visit.cell or self.drive.parked[k]
        until = left if inside else self.drive.first_outside(visit.cell, k)
        visit.pieces.append((visit.since, max(until, visit.since)))
        visit.left, visit.since = max(left, visit.opened), None

    def _close(self, at: float | None) -> None:
        """The present visit, if any, is over: at ``at``, or at the instant it went away."""
        if self.visit is not None:
            self.visit.ended = self.visit.left if at is None else at
            self.closed.append(self.visit)
        self.visit = None

    def _hold(self, cell: Cell, began: float, ended: float) -> None:
        """From ``began`` the car is held to be in a cell; its stay in another one ended at ``ended``."""
        self._end_stay(ended)
        self.stay = _Stay(cell, began)

    def _end_stay(self, ended: float) -> None:
        if self.stay is not None:
            box, offset = self.grid.boxes.get(self.stay.cell), self.offset
            ended = max(ended, self.stay.began)
            trusted = self.drive.trusted_s(self.stay.began, ended)
            row = OracleStay(None if box is None else box.id, self.stay.began + offset, ended + offset, trusted)
            self.stays.append(row)

    def _row(self, visit: _Visit) -> OracleVisit:
        dosage = sum(self.drive.trusted_s(*piece) for piece in visit.pieces)
        offset, counted = self.offset, dosage >= self.rules.counts_from_s
        box = box_id(visit.cell)
        return OracleVisit(box, visit.opened + offset, visit.ended + offset, dosage, counted, visit.early)
