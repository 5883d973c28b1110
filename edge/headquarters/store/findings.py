"""What was refused, each once with how often. Bounded: a vehicle must not fill headquarters' disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.database import Database
from edge.text.plain import plain

KEPT_OF_FINDING: Final = 4096
LONGEST: Final = 1_000
"""Characters of what is said of one."""

MOST_OF_A_KIND: Final = 500
"""Findings of one kind and vehicle that are stored one by one."""

findings: Final = table(
    "findings",
    *(text("kind", key=True), text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
    text("detail"),
    octets("body"),  # the first one's bytes, cut to 4 kB
    *(whole("times"), instant("first"), instant("last")),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something refused, how often, and when first and last (POSIX seconds). ``seq`` 0: of no record."""

    kind: str
    unit: str
    ledger: str
    seq: int
    detail: str
    times: int
    first: float
    last: float


class Findings(Database):
    """What was refused or cannot be read."""

    def record_finding(self, kind: str, unit: str, ledger: str, seq: int, detail: str, body: bytes, now: float) -> None:
        """Record something refused; the same thing again is counted, and so is what is beyond `MOST_OF_A_KIND`."""
        key = {"kind": kind, "unit": unit, "ledger": ledger, "seq": seq}
        again = findings.update().values(times=findings.c.times + 1, last=now)
        if self.execute(again.where(*(findings.c[name] == value for name, value in key.items()))):
            return
        of_kind = select(func.count()).where(findings.c.kind == kind, findings.c.unit == unit)
        counted = self.row(of_kind)
        if counted is not None and counted[0] >= MOST_OF_A_KIND:
            key |= {"ledger": "", "seq": 0}
            detail, body = f"more than {MOST_OF_A_KIND}: the rest are counted, not stored", b""
        new = self.insert(findings)
        new = new.on_conflict_do_update(
            index_elements=list(key), set_={"times": findings.c.times + 1, "last": new.excluded.last}
        )
        told = plain(detail, LONGEST)  # some of it may be the sender's words
        self.execute(
            new, {**key, "detail": told, "body": body[:KEPT_OF_FINDING], "times": 1, "first": now, "last": now}
        )

    def findings(self, limit: int | None = None, *, units: Sequence[str] | None = None) -> list[Finding]:
        """Everything refused, or of some vehicles, or the latest so many, the latest first."""
        query = select(*_SHOWN)
        if units is not None:
            query = query.where(findings.c.unit.in_(units))
        return [Finding(*row) for row in self.rows(query.order_by(*_LATEST_FIRST).limit(limit))]

    def findings_of_each(self, each: int, limit: int) -> list[Finding]:
        """The latest so many, of each vehicle no more than some: none hides the others'."""
        number = func.row_number().over(partition_by=findings.c.unit, order_by=_LATEST_FIRST)
        numbered = select(*_SHOWN, number.label("number")).subquery()
        shown = [numbered.c[column.name] for column in _SHOWN]
        query = select(*shown).where(numbered.c.number <= each)
        return [Finding(*row) for row in self.rows(query.order_by(numbered.c.last.desc(), *shown[:4]).limit(limit))]


_SHOWN: Final = [column for column in findings.c if column.name != "body"]
_LATEST_FIRST: Final = (findings.c.last.desc(), findings.c.kind, findings.c.unit, findings.c.ledger, findings.c.seq)
