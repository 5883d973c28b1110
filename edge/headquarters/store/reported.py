"""How far each vehicle has reported each of its ledgers to be: the most that was ever reported, whatever it says since.

A vehicle whose ledger broke begins another, and its status speaks of that one alone: what it had reported of the first
is what is missing. Must not decide what a report makes of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, case, func, select

from edge.headquarters.store.columns import instant, table, text, whole
from edge.headquarters.store.database import Database
from edge.headquarters.store.ledgers import Key, heads
from edge.text.mistakes import counted

reported: Final = table(
    "reported",
    *(text("unit", key=True), text("ledger", key=True)),
    *(whole("recorded"), instant("first"), instant("last")),  # when the ledger was first and last reported
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A ledger as its vehicle reported it: the highest number, and when first and last (POSIX seconds, ours)."""

    unit: str
    ledger: str
    recorded: int
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Behind:
    """A ledger of which fewer records are held than its vehicle has reported."""

    unit: str
    ledger: str
    recorded: int
    held: int

    @property
    def missing(self) -> int:
        """How many are not held."""
        return max(0, self.recorded - self.held)

    def lack(self, *, retired: bool) -> str:
        """What is missing, in words."""
        what = (
            f"retired, {counted(self.missing, 'record')} never received"
            if retired
            else f"{self.missing} of {counted(self.recorded, 'record')} not received"
        )
        return f"{self.unit}, ledger {self.ledger}: {what}"


class ReportedLedgers(Database):
    """The ledgers that vehicles have reported."""

    def record_reported(self, recorded: Mapping[Key, int], now: float) -> None:
        """Vehicles report ledgers with so many records (POSIX seconds); what was reported before is never lowered."""
        new = self.insert(reported)
        most = case((new.excluded.recorded > reported.c.recorded, new.excluded.recorded), else_=reported.c.recorded)
        put = new.on_conflict_do_update(
            index_elements=["unit", "ledger"], set_={"recorded": most, "last": new.excluded.last}
        )
        values = [
            {"unit": unit, "ledger": ledger, "recorded": count, "first": now, "last": now}
            for (unit, ledger), count in sorted(recorded.items())
        ]
        if values:
            self.execute(put, values)

    def void_reported(self, keys: Collection[Key]) -> None:
        """Nothing that was reported of some ledgers, beyond what is held, is of the ledgers held here."""
        for unit, ledger in sorted(keys):
            own = select(heads.c.seq).where(heads.c.unit == unit, heads.c.ledger == ledger).scalar_subquery()
            one = reported.update().where(reported.c.unit == unit, reported.c.ledger == ledger)
            self.execute(one.values(recorded=func.coalesce(own, 0)))

    def reported(self) -> dict[Key, Reported]:
        """Every ledger reported."""
        return {(row[0], row[1]): Reported(*row) for row in self.rows(select(reported))}

    def reported_of(self, units: Collection[str]) -> dict[Key, Reported]:
        """Every ledger that some vehicles have reported."""
        query = select(reported).where(reported.c.unit.in_(sorted(units)))
        return {(row[0], row[1]): Reported(*row) for row in self.rows(query)}

    def behind(self) -> list[Behind]:
        """The ledgers of which fewer records are held than were reported."""
        same = and_(heads.c.unit == reported.c.unit, heads.c.ledger == reported.c.ledger)
        held = func.coalesce(heads.c.seq, 0)
        query = select(reported.c.unit, reported.c.ledger, reported.c.recorded, held).outerjoin_from(
            reported, heads, same
        )
        query = query.where(reported.c.recorded > held).order_by(reported.c.unit, reported.c.ledger)
        return [Behind(*row) for row in self.rows(query)]
