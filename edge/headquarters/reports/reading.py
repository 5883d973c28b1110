"""From the database to a Shift Report with its cover: the data behind it, ledger by ledger. Must not write anything."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Final

from edge.contract.agency import Agency
from edge.contract.messages import decode
from edge.contract.retirement import RetirementDoc
from edge.domain.events import instant
from edge.domain.shift import Shift
from edge.errors import UserError
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.projections.ledger import VERSION
from edge.headquarters.projections.rows import Rows
from edge.headquarters.publish.plan import plan_of
from edge.headquarters.publish.retirement import retirements
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.shift import make_report
from edge.headquarters.store import Behind, ChainCheck, Finding, Head, Ledger, Reported, Standing, Store, StoredPlan

MOST_FINDINGS: Final = 100
"""Messages rejected of a report's vehicles that it lists, the latest."""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """A ledger behind a report. ``recorded``: the most that the vehicle ever reported, None where it reported nothing.

    ``problem`` None: each record up to ``head_seq`` fitted the chain when it came, and nothing has been found wrong
    since; ``rechecked_to``, ``rechecked``: how far and when the stored records were walked again, None: never.
    ``settled``: the vehicle has spoken since the shift's end, or its last record is that of its stopping.
    ``retired``: why nothing more is expected of the vehicle, None where it is in service.
    """

    unit: str
    ledger: str
    head_seq: int
    recorded: int | None
    duplicates: int
    settled: bool
    problem: str | None
    rechecked_to: int | None
    rechecked: datetime | None
    retired: str | None = None

    @property
    def missing(self) -> int:
        """Records the vehicle has and headquarters has not yet."""
        return max(0, (self.recorded or 0) - self.head_seq)

    @property
    def complete(self) -> bool:
        """Intact, and nothing more to be expected: nothing known to be missing, or of a vehicle that is retired."""
        return self.problem is None and (self.retired is not None or (self.missing == 0 and self.settled))

    @property
    def lack(self) -> str:
        """How many records are missing, in words."""
        behind = Behind(self.unit, self.ledger, self.recorded or 0, self.head_seq)
        return behind.lack(retired=self.retired is not None)


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
    void_retirements: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[str, ...]:
        """The ledgers of which records are missing, each with how many, in words."""
        return tuple(ledger.lack for ledger in self.ledgers if ledger.missing and ledger.retired is None)

    @property
    def retired(self) -> tuple[str, ...]:
        """The ledgers of retired vehicles, each with how many of its records were never received, in words."""
        return tuple(ledger.lack for ledger in self.ledgers if ledger.retired is not None)

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
        msg = f"{shift_id!r} is not a shift ({error}); write its date and name, such as 2026-11-22/night"
        raise UserError(msg) from error
    with store.snapshot():
        return _read(store, agency, shift, now)


def _read(store: Store, agency: Agency, shift: Shift, now: float) -> tuple[ShiftReport, Cover]:
    rows = store.shift_rows(shift.id, shift.starts, min(shift.ends, max(now, shift.starts)))
    plans = tuple(store.plans(shift.id))
    retired = retirements(store, agency)
    report = make_report(shift, rows, [plan_of(plan) for plan in plans], datetime.fromtimestamp(now, UTC))
    cover = Cover(
        agency=agency.name,
        generated=instant(now),
        final=now >= shift.ends,
        ledgers=_ledgers(store, shift, rows, retired.in_force),
        plans=plans,
        unreadable=sum(bool(other.problem) for other in rows.others),
        findings=tuple(store.findings(MOST_FINDINGS, units=[unit.unit for unit in report.units])),
        void_retirements=retired.void,
    )
    return report, cover


def statuses(store: Store) -> list[tuple[HeldStatus, float]]:
    """Each vehicle's latest status and when it came (POSIX seconds); one of other software is left out."""
    found = []
    for one in store.documents("status"):
        with suppress(UserError):
            found.append((decode(HeldStatus, one.body), one.received))
    return found


def _ledgers(store: Store, shift: Shift, rows: Rows, retired: Mapping[str, RetirementDoc]) -> tuple[LedgerState, ...]:
    """The ledgers with records of the shift, and those of which records are still to come: they may be of it."""
    wanted = {(run.unit, run.ledger) for run in rows.runs}
    said = {status.unit: status for status, _ in statuses(store)}
    reported = store.reported()
    held = {(ledger.unit, ledger.id): ledger for ledger in store.ledgers()}
    none = Ledger("", "", Head(), 0)
    behind = {(one.unit, one.ledger) for one in store.behind()}
    behind = {key for key in behind if shift.starts < left_behind(reported[key], reported.values(), retired)}
    spoke = {unit for unit, status in said.items() if status.time.timestamp() >= shift.ends}
    stopped = {(row.unit, row.ledger): row.seq for row in rows.spans if row.kind == "stopped" and row.ended is None}
    last, standings, checks = store.last_hashes(), store.standings(), store.chain_checks()
    states = []
    for key in sorted(wanted | behind):
        ledger, check = held.get(key, none), checks.get(key)
        states.append(
            LedgerState(
                unit=key[0],
                ledger=key[1],
                head_seq=ledger.head.seq,
                recorded=reported[key].recorded if key in reported else None,
                duplicates=ledger.duplicates,
                settled=key[0] in spoke or stopped.get(key) == ledger.head.seq,
                problem=_problem(ledger, last.get(key), standings.get(key), check),
                rechecked_to=None if check is None else check.seq,
                rechecked=None if check is None else instant(check.checked),
                retired=retired[key[0]].reason if key[0] in retired else None,
            )
        )
    return tuple(states)


def left_behind(one: Reported, all_reported: Iterable[Reported], retired: Mapping[str, RetirementDoc]) -> float:
    """Until when records of a ledger may have been made (POSIX seconds).

    Its vehicle had begun another by then, or was retired.
    """
    if one.unit in retired:
        return retired[one.unit].at.timestamp()
    own = [other for other in all_reported if other.unit == one.unit and other.ledger != one.ledger]
    if not any(other.last > one.last for other in own):
        return inf
    return max(one.last, min((other.first for other in own if other.first > one.first), default=one.last))


def _problem(ledger: Ledger, last: bytes | None, standing: Standing | None, check: ChainCheck | None) -> str | None:
    """What is known to be wrong with a ledger as it is stored, or with what reports read of it."""
    if ledger.head.seq == 0:
        return None
    if check is not None and check.problem is not None:
        return check.problem
    if last != ledger.head.hash:
        return f"record {ledger.head.seq} is missing or was changed"
    written = standing.written if standing is not None and standing.version == VERSION else 0
    if written != ledger.head.seq:
        return f"this report has {written} of {ledger.head.seq} records; the rest are being added"
    return None
