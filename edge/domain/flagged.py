"""How good the counted seconds were: which flags their positions had, and for how long. Values only.

Seconds without a flag are those of positions by satellites, 10 m or better. None stands for no flagged time at all,
which is the rule.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from edge.domain.events import FlaggedTime

Flagged: TypeAlias = tuple[tuple[str, float], ...] | None

WIDE: Final = ((10.0, "accuracy_over_10_m"), (20.0, "accuracy_over_20_m"))
"""Accuracies (metres) beyond which a good position is flagged, too."""


def flags_with_accuracy(flags: Iterable[str], accuracy: float) -> tuple[str, ...] | None:
    """A position's flags and what its accuracy adds to them."""
    if accuracy <= WIDE[0][0]:
        return tuple(flags) or None
    return (*flags, *(name for metres, name in WIDE if accuracy > metres))


def more(flagged: Flagged, other: Flagged, sign: float = 1.0) -> Flagged:
    """The seconds of both; with a ``sign`` of -1 the second's taken away."""
    if not other:
        return flagged
    sums = dict(flagged or ())
    for flag, seconds in other:
        sums[flag] = sums.get(flag, 0.0) + sign * seconds
    return tuple((flag, seconds) for flag, seconds in sorted(sums.items()) if seconds > 0.0) or None


def during(flags: tuple[str, ...] | None, seconds: float) -> Flagged:
    """Some seconds, each with these flags."""
    return tuple((flag, seconds) for flag in sorted(flags)) if flags and seconds > 0.0 else None


def account(flagged: Flagged) -> tuple[FlaggedTime, ...]:
    """As a record says it."""
    return tuple(FlaggedTime(flag, round(seconds, 3)) for flag, seconds in flagged or ())


def weak_seconds(flags: Iterable[FlaggedTime], of: float) -> float:
    """How many of a record's seconds had positions with any flag, as far as it says: a second may have several flags.

    So it is the most that any one flag had, and no more than ``of``: at least so many were weak.
    """
    return min(max((one.seconds for one in flags), default=0.0), of)
