"""From the database to a Shift Report with its cover: what it rests on, ledger by ledger. Must not write anything."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from edge.contract.agency import Agency
from edge.contract.messages import decode
from edge.domain.events import Event, Stopped, UnreadableRecord, instant
from edge.domain.shift import Shift
from edge.errors import UserError
from edge.headquarters.publish.plan import plan_of
from edge.headquarters.receive.decoding import HeldStatus, read_event
from edge.headquarters.receive.proof import LedgerCheck, verify_new
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.shift import make_report
from edge.headquarters.store import Finding, Head, Ledger, Store, StoredPlan


@dataclass(frozen=True, slots=True)
class LedgerState:
    """A ledger a report rests on. ``recorded``: what the vehicle last said it has, None where it said nothing.

    ``settled``: it has spoken since the shift's end, or its last record is that of its stopping.
    """

    check: LedgerCheck
    recorded: int | None
    duplicates: int
    settled: bool

    @property
    def missing(self) -> int:
        """Records the vehicle has and headquarters has not yet."""
        return max(0, (self.recorded or 0) - self.check.head_seq)

    @property
    def complete(self) -> bool:
        """Intact, nothing known to be missing, and nothing more to be expected."""
        return self.check.intact and self.missing == 0 and self.settled


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
    events = [read_event(body) for body in store.of_shift(shift.id, shift.starts, shift.ends)]
    plans = tuple(store.plans(shift.id))
    report = make_report(shift, events, [plan_of(plan) for plan in plans], datetime.fromtimestamp(now, UTC))
    units = {unit.unit for unit in report.units}
    cover = Cover(
        agency=agency.name,
        generated=instant(now),
        final=now >= shift.ends,
        ledgers=_ledgers(store, shift, events),
        plans=plans,
        unreadable=sum(isinstance(event.data, UnreadableRecord) for event in events),
        findings=tuple(finding for finding in store.findings() if finding.unit in units),
    )
    return report, cover


def statuses(store: Store) -> list[tuple[HeldStatus, float]]:
    """Each vehicle's latest status and when it came (POSIX seconds); one of other software is left out."""
    found = []
    for one in store.documents("status"):
        with suppress(UserError):
            found.append((decode(HeldStatus, one.body), one.received))
    return found


def _ledgers(store: Store, shift: Shift, events: list[Event]) -> tuple[LedgerState, ...]:
    """The ledgers with records of the shift, and those of which records are still to come: they may be of it."""
    read: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        read[event.unit, event.ledger].append(event)
    wanted = {(event.unit, event.ledger) for event in events if event.shift == shift.id}
    said = {status.unit: status for status, _ in statuses(store)}
    recorded = {(status.unit, status.ledger): status.recorded for status in said.values()}
    held = {(ledger.unit, ledger.id): ledger for ledger in store.ledgers()}
    behind = {key for key, seq in recorded.items() if seq > store.head(*key).seq}
    states = []
    for key in sorted(wanted | behind):
        ledger = held.get(key, Ledger(*key, Head(), 0))
        own = read.get(key, [])
        spoke = key[0] in said and said[key[0]].time.timestamp() >= shift.ends
        stopped = bool(own) and own[-1].seq == ledger.head.seq and isinstance(own[-1].data, Stopped)
        check = verify_new(store, ledger, [event.seq for event in own])
        states.append(LedgerState(check, recorded.get(key), ledger.duplicates, spoke or stopped))
    return tuple(states)
