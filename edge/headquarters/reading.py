"""From the database to a Shift Report with its cover: what it rests on, ledger by ledger. Must not write anything."""

from dataclasses import dataclass
from datetime import UTC, datetime

from edge.contract.agency import Agency
from edge.contract.messages import Status, decode
from edge.domain.events import Event, instant
from edge.domain.shift import Shift
from edge.errors import UserError
from edge.headquarters.incoming import read_event
from edge.headquarters.publish import plan_of
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.shift import make_report
from edge.headquarters.store import Finding, Head, Ledger, Store, StoredPlan
from edge.headquarters.verify import LedgerCheck, verify_new


@dataclass(frozen=True, slots=True)
class LedgerState:
    """A ledger a report rests on. ``recorded``: what the vehicle last said it has, None where it said nothing."""

    check: LedgerCheck
    recorded: int | None
    duplicates: int

    @property
    def missing(self) -> int:
        """Records the vehicle has and headquarters has not yet."""
        return max(0, (self.recorded or 0) - self.check.head_seq)

    @property
    def complete(self) -> bool:
        """Intact, and nothing known to be missing."""
        return self.check.intact and self.missing == 0


@dataclass(frozen=True, slots=True)
class Cover:
    """What a reader must know before the figures."""

    agency: str
    generated: datetime
    final: bool
    ledgers: tuple[LedgerState, ...]
    plans: tuple[StoredPlan, ...]
    unreadable: int
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """The shift is over, there are records of it, and every ledger is complete."""
        whole = bool(self.ledgers) and all(ledger.complete for ledger in self.ledgers)
        return self.final and not self.unreadable and whole


def read_report(store: Store, agency: Agency, shift_id: str, now: float) -> tuple[ShiftReport, Cover]:
    """The report of a shift as of ``now`` (POSIX seconds). Raises UserError where the agency has no such shift."""
    try:
        shift = agency.calendar.shift(shift_id)
    except ValueError as error:
        msg = f"{shift_id!r} names no shift ({error}); write its date and name, such as 2026-11-22/night"
        raise UserError(msg) from error
    with store.snapshot():
        return _read(store, agency, shift, now)


def _read(store: Store, agency: Agency, shift: Shift, now: float) -> tuple[ShiftReport, Cover]:
    events, unreadable = _events(store.of_shift(shift.id, shift.starts, shift.ends))
    plans = tuple(store.plans(shift.id))
    report = make_report(shift, events, [plan_of(plan) for plan in plans], datetime.fromtimestamp(now, UTC))
    units = {unit.unit for unit in report.units}
    cover = Cover(
        agency=agency.name,
        generated=instant(now),
        final=now >= shift.ends,
        ledgers=_ledgers(store, {(event.unit, event.ledger) for event in events if event.shift == shift.id}),
        plans=plans,
        unreadable=unreadable,
        findings=tuple(finding for finding in store.findings() if finding.unit in units),
    )
    return report, cover


def statuses(store: Store) -> list[tuple[Status, float]]:
    """Each vehicle's latest status and when it came (POSIX seconds)."""
    return [(decode(Status, one.body), one.received) for one in store.documents("status")]


def _ledgers(store: Store, wanted: set[tuple[str, str]]) -> tuple[LedgerState, ...]:
    """The ledgers with records of the shift, and those of which records are still to come: they may be of it."""
    recorded = {(status.unit, status.ledger): status.recorded for status, _ in statuses(store)}
    held = {(ledger.unit, ledger.id): ledger for ledger in store.ledgers()}
    behind = {key for key, seq in recorded.items() if seq > store.head(*key).seq}
    return tuple(
        LedgerState(verify_new(store, ledger), recorded.get(key), ledger.duplicates)
        for key in sorted(wanted | behind)
        for ledger in [held.get(key, Ledger(*key, Head(), 0))]
    )


def _events(bodies: list[bytes]) -> tuple[list[Event], int]:
    """The records, and how many are of a kind this version does not know."""
    events, unreadable = [], 0
    for body in bodies:
        try:
            events.append(read_event(body))
        except UserError:
            unreadable += 1
    return events, unreadable
