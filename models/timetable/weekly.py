"""The weekly timetable of one area: in which shifts of the week each box is planned, so that its visits count most.

A week that is repeated: so many visits of a box in it are so many in *any* seven days. The limits of shifts, beats and
boxes are those of a flow, so an optimal vertex of the program is whole, and no rounding decides anything.

**Why the timetable before counts more.** A new one for every day, each the best for its day's forecast, moves boxes
back and forth; those moved to an earlier shift reach their cap before the later one, and that costs more than all a
timetable gains. So a place of the timetable before counts a fifth more: it is left for what is clearly better, as
forecasts change, and for nothing less. Must not forecast, and must not know visits.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.timetable.program import Floats, Ints, most, of_shifts

HELD: Final = 0.2
"""So much more a place of the timetable before counts."""
LEAST: Final = 200
A_PLACE: Final = 10
"""Boxes in the program, by their highest value: so many for each box of a shift, but at least the first."""


def weekly(
    value: Floats, beats: Ints, boxes: int, max_per_beat: int, most_of_box: Ints, before: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """Whether a box is planned in a shift of the week, bool ``[shifts, n]``.

    ``value``: ``[shifts, n]``, 0 for boxes that may not be planned. ``beats``: ``[n]``. ``boxes``, ``max_per_beat``: of
    a shift. ``most_of_box``: ``[n]``, shifts of any seven days in which a box may be planned. ``before``: the timetable
    before, None for the first.
    """
    worth = value if before is None else value * (1.0 + HELD * before)
    kept = np.argsort(-worth.max(axis=0), kind="stable")[: max(LEAST, A_PLACE * boxes)]
    pair = np.arange(len(value) * len(kept)).reshape(len(value), -1)
    groups = of_shifts(pair, beats[kept], boxes, max_per_beat)
    groups += [(column, int(limit)) for column, limit in zip(pair.T, most_of_box[kept], strict=True)]
    found = np.zeros(value.shape, dtype=np.bool_)
    found[:, kept] = most(worth[:, kept], groups) > 0.5  # noqa: PLR2004 - they are 0 or 1
    return found & (value > 0)
