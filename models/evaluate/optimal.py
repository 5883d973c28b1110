"""The optimal plan of a week, by integer programming: an upper bound for any plan under the same caps and limits.

It knows all forecasts of the week in advance, starts with no visits, and nobody could follow it. Only the boxes of
the highest risk are in it. Must not be used to
plan.
"""

from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from models.train.metrics import Floats, Ints

CANDIDATES: Final = 1000
"""Boxes that may be in the plan, by their highest risk: more of them add less than 0.1% in Chicago."""

GAP: Final = 1e-3
PATIENCE_S: Final = 120.0


def optimal_week(risk: Floats, beats: Ints, boxes: int, max_per_beat: int, cap: int) -> float:
    """The most risk that plans of some shifts can cover together: events, to within 0.1%.

    ``risk``: ``[shifts, n]``, 0 for boxes that may not be planned. ``boxes``: of a shift's plan; ``cap``: visits of a
    box. The solver's bound, so no plan of these boxes is better; where its time ends, only a looser one.
    """
    kept = np.argsort(-risk.max(axis=0), kind="stable")[:CANDIDATES]
    value, beat_of = risk[:, kept], beats[kept]
    shifts, count = value.shape
    pair = np.arange(value.size).reshape(value.shape)
    groups = [(row, boxes) for row in pair] + [(column, cap) for column in pair.T]
    for beat in np.unique(beat_of):
        own = np.flatnonzero(beat_of == beat)
        groups += [(pair[shift, own], max_per_beat) for shift in range(shifts) if len(own) > max_per_beat]
    columns = np.concatenate([members for members, _ in groups])
    rows = np.repeat(np.arange(len(groups)), [len(members) for members, _ in groups])
    table = sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(groups), shifts * count))
    found = milp(
        -value.ravel(),
        constraints=LinearConstraint(table, -np.inf, np.array([limit for _, limit in groups])),
        bounds=Bounds(0, 1),
        integrality=np.ones(value.size),
        options={"mip_rel_gap": GAP, "time_limit": PATIENCE_S},
    )
    return float(-found.mip_dual_bound)
