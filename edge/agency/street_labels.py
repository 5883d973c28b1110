"""Where on a map a street's name may be written: along the street, where it is straight enough, again and again.

How large the letters are, the screen knows: a label says for how many metres the street is straight there. Must not
read files.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.agency.crossings import Lines

_APART_M: Final = 350.0
_HALVES_M: Final = (240.0, 160.0, 100.0, 60.0, 40.0)
"""Half of what a label may take, the longest first."""

_BENT_M: Final = 5.0
"""How far a street may leave the straight line through its ends, as wide as it is drawn."""

_JOINED_M: Final = 1.0


def street_labels(lines: Lines, origin: tuple[int, int]) -> list[int]:
    """Five numbers for each label: name, metres east and north of the origin, bearing (0 to 179), metres straight."""
    labels = [row for name in np.unique(lines.name) for row in _of_street(lines.shapes[lines.name == name], int(name))]
    return [value for name, x, y, *more in sorted(labels) for value in (name, x - origin[0], y - origin[1], *more)]


def _of_street(shapes: NDArray[np.object_], name: int) -> Iterator[tuple[int, ...]]:
    whole = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes, grid_size=_JOINED_M)))
    for line in whole:
        length = float(line.length)
        many = max(1, round(length / _APART_M))
        for place in range(many):
            if (found := _label(line, length * (place + 0.5) / many)) is not None:
                yield name, *found


def _label(line: shapely.LineString, along: float) -> tuple[int, int, int, int] | None:
    """The label at a place along a line; None where it is not straight for the shortest."""
    for half in _HALVES_M:
        if along - half < 0.0 or along + half > line.length:
            continue
        places = line.interpolate(along + half * np.linspace(-1.0, 1.0, 9))
        (west, south), *_, (east, north) = ends = shapely.get_coordinates(places)
        straight = shapely.LineString([ends[0], ends[-1]])
        if straight.length > half and float(shapely.distance(straight, places).max()) <= _BENT_M:
            x, y = shapely.get_coordinates(places[len(places) // 2])[0]
            bearing = round(float(np.degrees(np.arctan2(east - west, north - south)))) % 180
            return round(float(x)), round(float(y)), bearing, round(2.0 * half)
    return None
