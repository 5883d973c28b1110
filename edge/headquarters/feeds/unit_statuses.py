"""Takes what dispatch reports of units: the newest status of each is stored, every report is counted by its outcome.

A report that says nothing new, or nothing that can be used, changes nothing. Must not tell a vehicle.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from edge.headquarters.feeds.dispatch_mapping import Reported, Unusable
from edge.headquarters.store import Store, UnitStatusRow

AHEAD_S: Final = 120.0
"""How far dispatch's clock may be ahead of headquarters'."""

Outcome: TypeAlias = Literal["accepted", "repeated", "late", "contradictory", "ahead", "unknown_unit"] | Unusable


def take(store: Store, reports: Iterable[Reported | Unusable], now: float) -> list[Outcome]:
    """Store and count reports in one transaction. ``now``: POSIX seconds. What each came to, in order."""
    day, known, outcomes = (
        f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}",
        set(store.received("status")),
        list[Outcome](),
    )
    with store.transaction():
        for report in reports:
            outcome = report if isinstance(report, str) else _take(store, report, known, now)
            store.count_dispatch_report(day, outcome)
            outcomes.append(outcome)
    return outcomes


def _take(store: Store, report: Reported, known: set[str], now: float) -> Outcome:
    if report.unit not in known:
        return "unknown_unit"
    held = store.unit_status(report.unit)
    outcome = judge(report, held, now)
    if outcome in ("accepted", "repeated", "contradictory"):
        store.put_unit_status(_after(report, held, now))
    return outcome


def judge(report: Reported, held: UnitStatusRow | None, now: float) -> Outcome:
    """What a report comes to beside what is held of its unit."""
    if report.since > now + AHEAD_S:
        return "ahead"
    if held is None:
        return "accepted"
    if report.since < held.since:
        return "late"
    if report.busy == held.busy:
        return "repeated"
    return "accepted" if report.since > held.since else "contradictory"


def _after(report: Reported, held: UnitStatusRow | None, now: float) -> UnitStatusRow:
    """What is held then: a status goes on since it began; of two that contradict each other, busy."""
    if held is not None and (report.busy == held.busy or report.since == held.since):
        return UnitStatusRow(held.unit, held.busy or report.busy, held.since, now)
    return UnitStatusRow(report.unit, report.busy, min(report.since, now), now)
