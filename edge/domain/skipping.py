"""Boxes that this car is not offered for a while, because its officer said so. Must not change a plan or a cap.

A skip holds for an hour. A box that is only passed over for the next one is not offered for a quarter of an hour, and
comes again sooner where nothing else is due: the one that was passed over longest ago.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.domain.events import SkipReason
from edge.domain.grid import Cell
from edge.domain.plan import DirectedPatrol
from edge.domain.values import evolve

HOLDS_S: Final = 3600.0
PASSED_S: Final = 900.0


@dataclass(frozen=True)  # no slots: it evolves
class Skip:
    """A box that is not offered, from one ``mono`` until another."""

    cell: Cell
    reason: SkipReason
    since: float
    until: float


Skips: TypeAlias = tuple[Skip, ...]


def skipped(skips: Skips, cell: Cell, reason: SkipReason, mono: float) -> Skips:
    """The skips once one more is made, in place of an earlier one of its box; those that are over are dropped."""
    until = mono + (PASSED_S if reason == "next" else HOLDS_S)
    return (*(one for one in skips if one.cell != cell and one.until > mono), Skip(cell, reason, mono, until))


def moved(skips: Skips, by: float) -> Skips:
    """The same by the monotonic seconds of another life of the daemon."""
    return tuple(evolve(one, since=one.since + by, until=one.until + by) for one in skips)


def not_skipped(due: Sequence[DirectedPatrol], skips: Iterable[Skip], mono: float) -> Sequence[DirectedPatrol]:
    """Which of some due boxes may be offered at an instant."""
    held: Mapping[Cell, Skip] = {one.cell: one for one in skips if one.until > mono}
    free = [one for one in due if one.cell not in held]
    passed = [one for one in due if one.cell in held and held[one.cell].reason == "next"]
    return free or sorted(passed, key=lambda one: held[one.cell].since)[:1]
