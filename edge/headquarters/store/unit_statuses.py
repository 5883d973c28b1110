"""What dispatch last reported of each unit, and how many reports came to what, by day."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from edge.headquarters.store.columns import instant, table, text, whole
from edge.headquarters.store.database import Database

unit_statuses: Final = table(
    "unit_statuses",
    text("unit", key=True),
    whole("busy"),
    *(instant("since"), instant("heard")),
)
dispatch_reports: Final = table(
    "dispatch_reports",
    *(text("day", key=True), text("outcome", key=True)),
    whole("times"),
)


@dataclass(frozen=True, slots=True)
class UnitStatusRow:
    """Whether a unit is busy, since when, and when dispatch said so last; POSIX seconds."""

    unit: str
    busy: bool
    since: float
    heard: float


class UnitStatuses(Database):
    """Dispatch's reports."""

    def unit_status(self, unit: str) -> UnitStatusRow | None:
        """What is held of a unit."""
        row = self.row(select(unit_statuses).where(unit_statuses.c.unit == unit))
        return None if row is None else UnitStatusRow(row[0], bool(row[1]), row[2], row[3])

    def unit_statuses(self, since: float) -> list[UnitStatusRow]:
        """Those that dispatch said at an instant or later."""
        query = select(unit_statuses).where(unit_statuses.c.heard >= since).order_by(unit_statuses.c.unit)
        return [UnitStatusRow(unit, bool(busy), began, heard) for unit, busy, began, heard in self.rows(query)]

    def put_unit_status(self, row: UnitStatusRow) -> None:
        """In place of what is held of the unit."""
        values = {"busy": int(row.busy), "since": row.since, "heard": row.heard}
        new = self.insert(unit_statuses)
        self.execute(new.on_conflict_do_update(index_elements=["unit"], set_=values), {"unit": row.unit, **values})

    def count_dispatch_report(self, day: str, outcome: str) -> None:
        """One report more that came to an outcome on a day."""
        new = self.insert(dispatch_reports)
        again = new.on_conflict_do_update(
            index_elements=["day", "outcome"], set_={"times": dispatch_reports.c.times + 1}
        )
        self.execute(again, {"day": day, "outcome": outcome, "times": 1})

    def dispatch_reports_of(self, day: str) -> dict[str, int]:
        """How many reports of a day came to each outcome."""
        query = select(dispatch_reports.c.outcome, dispatch_reports.c.times).where(dispatch_reports.c.day == day)
        return {str(outcome): int(times) for outcome, times in self.rows(query)}
