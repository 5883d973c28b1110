"""The optimal plan of a run of shifts, by linear programming: a bound for any plan under the same caps and limits.

It knows all forecasts of the run in advance, starts with no visits and leaves none to be paid for, so nobody could
follow it. The cap holds in *any* seven days, as metering's does; visits may be parts of one, which only makes the bound
higher (in Chicago by nothing: the solutions are whole). Only the boxes of the highest risk are in it. Must not be used
to plan.
"""

from typing import Final

import numpy as np

from models.timetable.program import most, of_shifts
from models.train.metrics import Floats, Ints

CANDIDATES: Final = 1000
"""Boxes that may be in the plan, by their highest risk: more of them add less than 0.1% in Chicago."""


def optimal(risk: Floats, beats: Ints, boxes: int, max_per_beat: int, cap: int, window: int) -> float:
    """The most risk that plans of some shifts can cover together: events.

    ``risk``: ``[shifts, n]``, 0 for boxes that may not be planned. ``boxes``: of a shift's plan; ``cap``: visits of a
    box in any ``window`` shifts that follow each other.
    """
    kept = np.argsort(-risk.max(axis=0), kind="stable")[:CANDIDATES]
    value, beat_of = risk[:, kept], beats[kept]
    pair = np.arange(value.size).reshape(value.shape)
    groups = of_shifts(pair, beat_of, boxes, max_per_beat)
    for start in range(max(1, len(value) - window + 1)):
        groups += [(column, cap) for column in pair[start : start + window].T]
    return float((most(value, groups) * value).sum())
