"""A box's best shifts: those of a day in which it may be drawn, so that a week's visits go where they count most.

A plan that takes the highest scores of each shift spends a box's seven visits on the first shifts that come. Here the
places of all shifts of the day are handed out together, the highest score first, each box taking no more of them than
its cap of seven days allows. What that keeps, beside an optimal plan that knows its whole week: models/EVALUATION.md.
Must not look at visits: they are the same whenever in the day they are asked for.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.plans.weights import IntArray

DAYS: Final = 7


def best_shifts(scores: IntArray, beats: IntArray, draws: IntArray, boxes: int, max_per_beat: int) -> NDArray[np.bool_]:
    """Whether a box may be drawn in a shift of the day, bool ``[shifts, n]``.

    ``scores``: int64 ``[shifts, n]``. ``beats``: 0, 1, … of each box. ``draws``: shifts in seven days that each box's
    cap allows, 1 or more. ``boxes``, ``max_per_beat``: places of a shift. A box without a place may be drawn where its
    score is highest: it may still be drawn when others are at their caps.
    """
    given = _places(scores, beats, draws, boxes, max_per_beat)
    first = np.where(given, -1 - scores.max(initial=0), -scores)  # shifts in which it has a place come first
    rank = np.argsort(np.argsort(first, axis=0, kind="stable"), axis=0)
    return np.asarray((rank < -(-draws // DAYS)) & (scores > 0))


def _places(scores: IntArray, beats: IntArray, draws: IntArray, boxes: int, max_per_beat: int) -> NDArray[np.bool_]:
    """Who gets a place in which shift, the highest score first; of equal ones the earlier shift, then the lower box.

    Places are counted for seven days: a box that may be drawn twice a week leaves room for others.
    """
    shifts, count = scores.shape
    given = np.zeros((shifts, count), dtype=np.bool_)
    left, beat_of, flat = draws.tolist(), beats.tolist(), scores.ravel()
    room = [DAYS * boxes] * shifts
    beat_room = [[DAYS * max_per_beat] * (max(beat_of, default=0) + 1) for _ in range(shifts)]
    for pair in np.argsort(-flat, kind="stable").tolist():
        shift, box = divmod(pair, count)
        own = beat_room[shift]
        if min(left[box], room[shift], own[beat_of[box]]) > 0 and flat[pair]:
            days = min(left[box], DAYS)
            given[shift, box] = True
            left[box] -= days
            room[shift] -= days
            own[beat_of[box]] -= days
            if max(room) <= 0:
                break
    return given
