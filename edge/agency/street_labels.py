"""Where on a map a street's name may be written: along the street, where it is straight enough, again and again.

How large the letters are, the screen knows: a label says for how many metres the street is straight there. Must not
read files.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.agency.crossings import Lines

_APART_M: Final = 350.0
_HALVES_M: Final = (240.0, 160.0, 100.0, 60.0, 40.0)
"""Half of what a label may take, the longest first."""

_STEPS: Final = np.linspace(-1.0, 1.0, 9)
"""Where along a label its street is looked at, in halves from the middle."""

_MIDDLE: Final = len(_STEPS) // 2

_BENT_M: Final = 5.0
"""How far a street may leave the straight line through its ends, as wide as it is drawn."""

_JOINED_M: Final = 1.0


def street_labels(lines: Lines, origin: tuple[int, int]) -> list[int]:
    """Five numbers for each label: name, metres east and north of the origin, bearing (0 to 179), metres straight."""
    whole, name = _joined(lines)
    length = shapely.length(whole)
    many = np.maximum(1, np.round(length / _APART_M)).astype(np.int64)
    line = np.repeat(np.arange(len(whole)), many)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(many) - many, many)
    along = length[line] * (nth + 0.5) / many[line]
    rows = [np.empty((0, 5), dtype=np.int64)]
    for half in _HALVES_M:
        roomy = np.flatnonzero((along >= half) & (along + half <= length[line]))
        points = _points(whole[line[roomy]], along[roomy], half)
        straight = _straight(points, half)
        rows.append(_rows(name[line[roomy[straight]]], points[straight], half, origin))
        left = np.delete(np.arange(len(line)), roomy[straight])
        line, along = line[left], along[left]
    found = np.concatenate(rows)
    return [int(value) for value in found[np.lexsort(found.T[::-1])].ravel()]


def _joined(lines: Lines) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Each street's lines joined as far as they go on, and the name of each."""
    order = np.argsort(lines.name, kind="stable")
    names, first = np.unique(lines.name[order], return_index=True)
    streets = [shapely.union_all(each, grid_size=_JOINED_M) for each in np.split(lines.shapes[order], first[1:])]
    parts, street = shapely.get_parts(shapely.line_merge(streets), return_index=True)
    return parts, names[street]


def _points(line: NDArray[np.object_], along: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """float64[labels, steps, 2]: places along a label, metres."""
    places = shapely.line_interpolate_point(line[:, None], along[:, None] + half * _STEPS)
    points: NDArray[np.float64] = shapely.get_coordinates(places).reshape(-1, len(_STEPS), 2)
    return points


def _straight(points: NDArray[np.float64], half: float) -> NDArray[np.bool_]:
    """Where a street hardly leaves the straight line through a label's ends, which are far enough apart."""
    start, across = points[:, :1], points[:, -1:] - points[:, :1]
    square = (across**2).sum(axis=-1)
    share = ((points - start) * across).sum(axis=-1) / np.maximum(square, 1e-9)
    away = points - start - np.clip(share, 0.0, 1.0)[..., None] * across
    bent = np.hypot(away[..., 0], away[..., 1]).max(axis=-1, initial=0.0)
    straight: NDArray[np.bool_] = (square[:, 0] > half**2) & (bent <= _BENT_M)
    return straight


def _rows(
    name: NDArray[np.int64], points: NDArray[np.float64], half: float, origin: tuple[int, int]
) -> NDArray[np.int64]:
    """int64[labels, 5], as `street_labels` gives them."""
    east, north = (points[:, -1] - points[:, 0]).T
    bearing = np.round(np.degrees(np.arctan2(east, north))) % 180
    x, y = (np.round(points[:, _MIDDLE]) - origin).T
    return np.stack([name, x, y, bearing, np.full(len(name), round(2.0 * half))], axis=-1).astype(np.int64)
