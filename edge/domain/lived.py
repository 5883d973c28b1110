"""Time that was lived through: seconds by the monotonic clock, added up over every boot and stored.

No receiver can make it leap. `marks` note what a trusted clock showed when; since real time only goes forward, a later
mark that shows less refutes the earlier ones. So *what is past for sure* is the lowest instant shown since some lived
time ago, and only by it may anything be dropped for good. Must not read a clock.
"""

from typing import Final, TypeAlias

from edge.domain.visits import SEVEN_DAYS_S

Marks: TypeAlias = tuple[tuple[int, int], ...]
"""Lived seconds, and the POSIX second that a trusted clock showed then; both rise."""

DAY_S: Final = 86_400.0
KEEP_VISITS_S: Final = SEVEN_DAYS_S + DAY_S
"""Lived seconds for which a visit is kept: as long as a cap may ask for it, and a day."""

KEEP_PLANS_S: Final = DAY_S
"""Lived seconds after its shift for which a plan is kept."""

GRAIN_S: Final = 4 * 3600.0
LEAP_S: Final = 60.0
"""A clock that is so much ahead of its last mark and the time lived since gets a new one at once."""

THIN: Final = 3.0
"""Marks stand no further apart than this part of their age, so that two dozen reach back as far as it takes."""


def marked(marks: Marks, lived: float, utc: float) -> Marks:
    """The marks once a trusted clock shows an instant."""
    standing = len(marks)
    while standing and marks[standing - 1][1] > utc:
        standing -= 1
    if standing == len(marks) and standing:
        since = lived - marks[-1][0]
        if since < GRAIN_S and utc - marks[-1][1] < since + LEAP_S:
            return marks
    return _thinned((*marks[:standing], (int(lived), int(utc))), lived)


def _thinned(marks: Marks, lived: float) -> Marks:
    """Without those that are not needed for that, and all but one of those that are older than anything kept."""
    chosen = [marks[-1]]
    for index in range(len(marks) - 2, -1, -1):
        age = lived - chosen[-1][0]
        if age > KEEP_VISITS_S:
            break
        if not index or chosen[-1][0] - marks[index - 1][0] > age / THIN:
            chosen.append(marks[index])
    return tuple(reversed(chosen))


def past(marks: Marks, lived: float, age: float) -> float:
    """The lowest instant that a trusted clock has shown since ``age`` lived seconds ago; long ago where none did."""
    return next((float(utc) for at, utc in reversed(marks) if lived - at >= age), float("-inf"))


def earliest(marks: Marks, lived: float, age: float) -> float:
    """The earliest that it can be now, by what was shown at least ``age`` lived seconds ago; never, where nothing was.

    It is behind by the time that the car was off since, and no leap since then moves it.
    """
    return next((utc + lived - at for at, utc in reversed(marks) if lived - at >= age), float("inf"))
