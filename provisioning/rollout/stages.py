"""Which units may have a release: first one, then five, then all, and nobody more where one does not come back.

A unit that was offered a release is *back* once it has reported for an hour that it runs it. One that reports that it
did not work, or is silent for a day after the offer, halts the release: whoever has it keeps it, nobody else gets it. A
silent unit that comes back ends the halt; a release that is bad is replaced by the next. Pure: must not read a file or
a clock.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel, Field

from edge.contract.fields import UnitName
from edge.text.strictness import SENT
from provisioning.software.offering import Report
from provisioning.software.statement import ReleaseName

STAGES: Final = (1, 5)
"""At most so many units have a release until as many are back; after the last, every unit."""

BACK_AFTER_S: Final = 3_600.0
SILENT_S: Final = 86_400.0


class Standing(BaseModel):
    """A unit. Times are POSIX seconds. ``since``: it reports ``runs`` since then; ``offered``: a release, and when."""

    model_config = SENT
    runs: ReleaseName
    since: float
    reported: float
    bad: tuple[ReleaseName, ...] = ()
    offered: ReleaseName | None = None
    offered_at: float = 0.0

    def back(self, release: str, now: float) -> bool:
        """Whether it has run a release for long enough."""
        return self.runs == release and self.reported - self.since >= BACK_AFTER_S and now >= self.reported

    def failed(self, release: str, now: float) -> bool:
        """Whether a release did not work on it, or it is silent since it was offered."""
        silent = self.offered == release and self.runs != release and now - self.offered_at >= SILENT_S
        return release in self.bad or silent


class Book(BaseModel):
    """Every unit that has reported."""

    model_config = SENT
    units: dict[UnitName, Standing] = Field(default_factory=dict)

    def reported(self, unit: str, report: Report, now: float) -> "Book":
        """With a unit's report."""
        held = self.units.get(unit)
        since = held.since if held is not None and held.runs == report.runs else now
        fresh = Standing(runs=report.runs, since=since, reported=now, bad=report.bad)
        if held is not None:
            fresh = fresh.model_copy(update={"offered": held.offered, "offered_at": held.offered_at})
        return self._with(unit, fresh)

    def offered(self, unit: str, release: str, now: float) -> "Book":
        """With a unit's offer; the instant of the first one stays."""
        held = self.units[unit]
        if held.offered == release:
            return self
        return self._with(unit, held.model_copy(update={"offered": release, "offered_at": now}))

    def _with(self, unit: str, standing: Standing) -> "Book":
        return Book(units={**self.units, unit: standing})


def halted_by(release: str, units: Mapping[str, Standing], now: float) -> tuple[str, ...]:
    """The units because of which nobody more gets a release."""
    return tuple(sorted(name for name, one in units.items() if one.failed(release, now)))


def may_have(release: str, unit: str, units: Mapping[str, Standing], now: float) -> bool:
    """Whether a unit that has reported may have a release. ``units``: those of the fleet that count, by name."""
    own = units[unit]
    if own.runs == release or release in own.bad or halted_by(release, units, now):
        return False
    having = set(_having(release, units))
    return unit in having or len(having) < _most(sum(one.back(release, now) for one in units.values()))


def _having(release: str, units: Mapping[str, Standing]) -> Iterator[str]:
    yield from (name for name, one in units.items() if release in (one.offered, one.runs))


def _most(back: int) -> float:
    """How many may have it, where so many are back."""
    return next((most for most in STAGES if back < most), float("inf"))
