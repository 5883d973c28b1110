"""Counted visits of all vehicles: one union by visit id, whatever the order and however often it is told.

Every vehicle publishes its own visits; each merges all of them, so caps hold with or without headquarters. Must not
know where a visit came from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

SEVEN_DAYS_S: Final = 7 * 86_400.0

Reason: TypeAlias = Literal["off_grid", "shift", "time", "future", "old", "short", "minutes", "elsewhere", "too_many"]
"""Why a visit that a vehicle reports is not believed (`edge.domain.credible`)."""

Refused: TypeAlias = Mapping[Reason, int]
"""How many are not, by why."""


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """What the fleet needs of a visit. ``opened``, ``ended``: POSIX seconds; ``ended`` is None while it lasts."""

    id: str
    unit: str
    box: str
    shift: str
    opened: float
    ended: float | None
    dosage_s: float
    counted: bool
    early: bool


def join(one: VisitSummary, other: VisitSummary) -> VisitSummary:
    """The later of two tellings of one visit: counts and dosage never fall, an ended visit stays ended."""
    return max(
        one,
        other,
        key=lambda visit: (visit.ended is not None, visit.counted, visit.dosage_s, visit.ended or 0.0, visit.opened),
    )


@dataclass(frozen=True, slots=True)
class VoidSpan:
    """Every visit of a vehicle that opened within a time, POSIX seconds."""

    unit: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Void:
    """What headquarters has found not to be so: visits by their ids, and all of a vehicle's within a time."""

    visits: frozenset[str] = frozenset()
    spans: tuple[VoidSpan, ...] = ()

    def covers(self, visit: VisitSummary) -> bool:
        """Whether a visit is void."""
        return visit.id in self.visits or any(
            span.unit == visit.unit and span.since <= visit.opened <= span.until for span in self.spans
        )


NOTHING_VOID: Final = Void()


Key: TypeAlias = tuple[str, str]
"""A visit's box and id."""


@dataclass(frozen=True, slots=True)
class VisitBook:
    """All known visits, by box and id; and by vehicle (box and id in one), as a report of one replaces them."""

    by_box: Mapping[str, Mapping[str, VisitSummary]] = field(default_factory=dict)
    by_unit: Mapping[str, Mapping[str, VisitSummary]] = field(default_factory=dict, compare=False, repr=False)

    def merge(self, visits: Iterable[VisitSummary]) -> "VisitBook":
        """The union with some more visits. Order and repeats do not matter."""
        told: dict[Key, VisitSummary] = {}
        for visit in visits:
            old = told.get((visit.box, visit.id)) or self.get(visit)
            new = visit if old is None else join(old, visit)
            if new is not old:
                told[visit.box, visit.id] = new
        return self._changed(told)

    def without(self, gone: Iterable[VisitSummary]) -> "VisitBook":
        """Without some visits."""
        return self._changed({(visit.box, visit.id): None for visit in gone if self.get(visit) is not None})

    def _changed(self, changes: Mapping[Key, VisitSummary | None]) -> "VisitBook":
        """With some visits as given; None: without it."""
        if not changes:
            return self
        before = {key: self.by_box.get(key[0], {}).get(key[1]) for key in changes}
        gone = [(old.unit, " ".join(key), None) for key, old in before.items() if old is not None]
        come = [(new.unit, " ".join(key), new) for key, new in changes.items() if new is not None]
        boxes = _replaced(self.by_box, [(box, id_, new) for (box, id_), new in changes.items()])
        return VisitBook(boxes, _replaced(self.by_unit, [*gone, *come]))

    def of_unit(self, unit: str) -> Iterable[VisitSummary]:
        """Every known visit of a vehicle."""
        return self.by_unit.get(unit, {}).values()

    def since(self, utc: float) -> "VisitBook":
        """Without the visits that opened before an instant."""
        return self.without(visit for visit in self.all() if visit.opened < utc)

    def newest(self, most: int) -> "VisitBook":
        """Without the earliest of more than so many visits."""
        if sum(map(len, self.by_box.values())) <= most:
            return self
        return self.since(sorted(visit.opened for visit in self.all())[-most])

    def changes(self, before: "VisitBook") -> tuple[list[VisitSummary], list[VisitSummary]]:
        """What is new or told anew since an earlier book, and what that had and is gone."""
        pairs = [
            (self.by_box.get(box, {}), before.by_box.get(box, {}))
            for box in {*self.by_box, *before.by_box}
            if self.by_box.get(box) is not before.by_box.get(box)
        ]
        told = [visit for now, old in pairs for visit in now.values() if old.get(visit.id) != visit]
        return told, [visit for now, old in pairs for visit in old.values() if visit.id not in now]

    def get(self, visit: VisitSummary) -> VisitSummary | None:
        """What is known of a visit."""
        return self.by_box.get(visit.box, {}).get(visit.id)

    def of_box(self, box: str) -> Iterable[VisitSummary]:
        """Every known visit of a box."""
        return self.by_box.get(box, {}).values()

    def all(self) -> Iterable[VisitSummary]:
        """Every known visit."""
        return (visit for visits in self.by_box.values() for visit in visits.values())

    def counted_in_shift(self, box: str, shift: str) -> int:
        """Counted visits of a box in one shift, early ones too: what the shift's cap is held against."""
        return sum(visit.counted and visit.shift == shift for visit in self.of_box(box))

    def counted_in_7_days(self, box: str, utc: float) -> int:
        """Counted visits of a box that opened in the seven days before an instant."""
        return sum(visit.counted and utc - SEVEN_DAYS_S < visit.opened <= utc for visit in self.of_box(box))

    def prescribed_in_shift(self, box: str, shift: str) -> list[VisitSummary]:
        """The counted visits of a shift that fulfil the prescription: those that were not early."""
        return [visit for visit in self.of_box(box) if visit.counted and not visit.early and visit.shift == shift]


def _replaced(
    held: Mapping[str, Mapping[str, VisitSummary]], changes: Iterable[tuple[str, str, VisitSummary | None]]
) -> Mapping[str, Mapping[str, VisitSummary]]:
    """With some visits as given, None: without it. What does not change is not copied, what does once."""
    copies: dict[str, dict[str, VisitSummary]] = {}
    for outer, inner, visit in changes:
        if outer not in copies:
            copies[outer] = dict(held.get(outer, {}))
        if visit is None:
            copies[outer].pop(inner, None)
        else:
            copies[outer][inner] = visit
    empty = [outer for outer, copy in copies.items() if not copy]
    merged = {**held, **copies}
    for outer in empty:
        del merged[outer]
    return merged
