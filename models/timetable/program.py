"""The linear program of visits: which boxes in which shifts cover the most, under limits on groups of them.

Must not know what a group is.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Group: TypeAlias = tuple[Ints, int]
"""Places in the flat table of visits, and how many of them may be chosen."""


def most(value: Floats, groups: Sequence[Group]) -> Floats:
    """The visits that cover the most value, float64 in [0, 1] of the shape of ``value``; parts of one are possible."""
    places = np.concatenate([members for members, _ in groups])
    rows = np.repeat(np.arange(len(groups)), [len(members) for members, _ in groups])
    table = sparse.csr_array((np.ones(len(places)), (rows, places)), shape=(len(groups), value.size))
    limits = np.array([limit for _, limit in groups], dtype=np.float64)
    found = linprog(-value.ravel(), A_ub=table, b_ub=limits, bounds=(0.0, 1.0), method="highs-ds")
    assert found.status == 0, found.message  # noqa: S101 - no visit at all is a plan, and none is endless
    return np.asarray(found.x).reshape(value.shape)


def of_shifts(pair: Ints, beats: Ints, boxes: int, max_per_beat: int) -> list[Group]:
    """The limits of each shift, in all and by beat. ``pair``: places ``[shifts, n]``; ``beats``: ``[n]``."""
    groups = [(row, boxes) for row in pair]
    for beat in np.unique(beats):
        own = np.flatnonzero(beats == beat)
        groups += [(row[own], max_per_beat) for row in pair if len(own) > max_per_beat]
    return groups
