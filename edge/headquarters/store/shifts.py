"""The records by shift: which shifts there are, and what a shift's report needs of the ledgers."""

from typing import Final

from sqlalchemy import and_, func, or_, select, union

from edge.domain.events import KINDS
from edge.headquarters.store.ledgers import Ledgers, events, heads

CONTEXT_TYPES: Final = tuple(name for name, kind in KINDS.items() if kind.PAST_SHIFT)
"""Kinds whose meaning reaches past the shift they are recorded in."""

CONTEXT_S: Final = 2 * 86_400.0


class Shifts(Ledgers):
    """The ledgers' records, asked for by shift."""

    def shifts(self, limit: int = 60) -> list[tuple[str, int]]:
        """The latest shifts with records, newest first, and of how many vehicles. Goes by the index, from id to id."""
        latest = select(func.max(events.c.shift).label("shift")).cte("latest", recursive=True)
        other = events.alias()
        before = select(func.max(other.c.shift)).where(other.c.shift < latest.c.shift).scalar_subquery()
        latest = latest.union_all(select(before).where(latest.c.shift.is_not(None)))
        some = (
            select(latest.c.shift).where(latest.c.shift.is_not(None)).order_by(latest.c.shift.desc()).limit(limit)
        ).subquery()
        held = select(heads.c.unit).distinct().subquery()
        any_of = (
            select(events.c.seq)
            .where(events.c.shift == some.c.shift, events.c.unit == held.c.unit)
            .correlate(some, held)
            .exists()
        )
        units = select(func.count()).select_from(held).where(any_of).correlate(some).scalar_subquery()
        began = select(events.c.time).where(events.c.shift == some.c.shift).limit(1).correlate(some).scalar_subquery()
        return [(shift, count) for shift, count in self.rows(select(some.c.shift, units).order_by(began.desc()))]

    def of_shift(self, shift: str, starts: float, ends: float) -> list[bytes]:
        """The records of a shift (POSIX seconds) and those around it that its report needs, by ledger and number."""
        units = select(events.c.unit).where(events.c.shift == shift).scalar_subquery()
        around = and_(events.c.time.between(starts - CONTEXT_S, ends + CONTEXT_S), events.c.type.in_(CONTEXT_TYPES))
        key = (events.c.unit, events.c.ledger, events.c.seq)
        wanted = union(
            select(*key).where(events.c.shift == shift),
            select(*key).where(events.c.unit.in_(units), or_(events.c.shift.is_(None), around)),
        ).subquery()
        same = and_(*(column == wanted.c[column.name] for column in key))
        query = select(events.c.body).join(wanted, same).order_by(*key)
        return [bytes(body) for (body,) in self.rows(query)]
