"""Which units may have a release or a bundle: first one, then five, then all, and nobody more where one fails.

One mechanism for both; what is handed out is called an item here, and known by its name. A unit that was offered one is
*back* once it has reported for an hour that it uses it. One that reports that it did not work or was refused, or is
silent for a day after the offer, halts the item: whoever has it keeps it, nobody else gets it. A silent unit that comes
back ends the halt; an item that is bad is replaced by the next. In a unit an item may *wait* for the next start: while
that unit reports, it is neither back nor silent, for a week. Pure: must not read a file or a clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, Field

from edge.contract.fields import UnitName
from edge.text.strictness import SENT
from provisioning.software.offering import MOST_BAD

STAGES: Final = (1, 5)
"""At most so many units have an item until as many are back; after the last, every unit."""

BACK_AFTER_S: Final = 3_600.0
SILENT_S: Final = 86_400.0
WAITS_S: Final = 7 * 86_400.0

ItemName = Annotated[str, Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class Reported:
    """What a unit says. ``uses``: the item that works there, None where nothing answers.

    ``waits``: one that it uses from its next start; ``bad``: those that did not work, or were refused.
    """

    uses: str | None
    bad: tuple[str, ...] = ()
    waits: str | None = None


class Standing(BaseModel):
    """A unit. Times are POSIX seconds. ``since``: it reports ``uses`` since then; ``offered``: an item, and when."""

    model_config = SENT
    uses: ItemName | None
    since: float
    reported: float
    waits: ItemName | None = None
    bad: tuple[ItemName, ...] = ()
    offered: ItemName | None = None
    offered_at: float = 0.0

    def has(self, item: str) -> bool:
        """Whether it was offered an item, or uses it."""
        return item in (self.offered, self.uses, self.waits)

    def back(self, item: str, now: float) -> bool:
        """Whether it has used an item for long enough."""
        return self.uses == item and self.reported - self.since >= BACK_AFTER_S and now >= self.reported

    def failed(self, item: str, now: float) -> bool:
        """Whether an item did not work on it, or it is silent since it was offered."""
        if item in self.bad:
            return True
        if self.offered != item or self.uses == item:
            return False
        if self.waits == item and now - self.reported < SILENT_S:
            return now - self.offered_at >= WAITS_S
        return now - self.offered_at >= SILENT_S


class Book(BaseModel):
    """Every unit that has reported."""

    model_config = SENT
    units: dict[UnitName, Standing] = Field(default_factory=dict)

    def reported(self, unit: str, said: Reported, now: float) -> "Book":
        """With a unit's report. What was bad stays so: a unit may have removed what it refused."""
        held = self.units.get(unit) or Standing(uses=said.uses, since=now, reported=now)
        bad = tuple(dict.fromkeys((*held.bad, *said.bad)))[-MOST_BAD:]
        since = held.since if held.uses == said.uses else now
        fresh = {"uses": said.uses, "since": since, "reported": now, "waits": said.waits, "bad": bad}
        return self._with(unit, held.model_copy(update=fresh))

    def offered(self, unit: str, item: str, now: float) -> "Book":
        """With a unit's offer; the instant of the first one stays."""
        held = self.units[unit]
        if held.offered == item:
            return self
        return self._with(unit, held.model_copy(update={"offered": item, "offered_at": now}))

    def _with(self, unit: str, standing: Standing) -> "Book":
        return Book(units={**self.units, unit: standing})


def halted_by(item: str, units: Mapping[str, Standing], now: float) -> tuple[str, ...]:
    """The units because of which nobody more gets an item."""
    return tuple(sorted(name for name, one in units.items() if one.failed(item, now)))


def may_have(item: str, unit: str, units: Mapping[str, Standing], now: float) -> bool:
    """Whether a unit that has reported may have an item. ``units``: those of the fleet that count, by name."""
    own = units[unit]
    if item in (own.uses, own.waits, *own.bad) or halted_by(item, units, now):
        return False
    having = set(_having(item, units))
    return unit in having or len(having) < _most(sum(one.back(item, now) for one in units.values()))


def _having(item: str, units: Mapping[str, Standing]) -> Iterator[str]:
    yield from (name for name, one in units.items() if one.has(item))


def _most(back: int) -> float:
    """How many may have it, where so many are back."""
    return next((most for most in STAGES if back < most), float("inf"))
