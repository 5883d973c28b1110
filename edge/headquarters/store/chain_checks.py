"""What came of walking each ledger's chain, the last time that somebody did. Must not walk it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from edge.headquarters.store.columns import instant, table, text, whole
from edge.headquarters.store.database import Database

chain_checks: Final = table(
    "chain_checks",
    *(text("unit", key=True), text("ledger", key=True)),
    *(whole("seq"), instant("checked"), text("problem", nullable=True)),
)


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """A ledger walked from record 1 to ``seq`` and when (POSIX seconds); ``problem`` None: nothing was wrong."""

    unit: str
    ledger: str
    seq: int
    checked: float
    problem: str | None


class ChainChecks(Database):
    """The last check of each ledger."""

    def record_checks(self, checks: Iterable[ChainCheck]) -> None:
        """Record what came of a walk; the one before is replaced."""
        put = self.insert(chain_checks)
        names = ("seq", "checked", "problem")
        put = put.on_conflict_do_update(
            index_elements=["unit", "ledger"], set_={name: put.excluded[name] for name in names}
        )
        values = [
            {"unit": one.unit, "ledger": one.ledger, "seq": one.seq, "checked": one.checked, "problem": one.problem}
            for one in checks
        ]
        if values:
            self.execute(put, values)

    def chain_checks(self) -> dict[tuple[str, str], ChainCheck]:
        """The last check of each ledger, by unit and id."""
        return {(row[0], row[1]): ChainCheck(*row) for row in self.rows(select(chain_checks))}
