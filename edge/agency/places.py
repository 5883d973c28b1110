"""``places.json`` of an agency, made of the streets that have names. Must not read files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.agency.boxes import all_to_plane
from edge.agency.crossings import Lines, box_names
from edge.agency.fit import Fit
from edge.agency.street_labels import street_labels
from edge.agency.street_layer import Street
from edge.agency.street_names import short_names
from edge.contract.places import PlacesDoc
from edge.domain.grid import BOX_M, Box

_THIN_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class NamedStreets:
    """Short names, the main streets' first, ``main`` of them; and the streets' lines in the plane."""

    names: tuple[str, ...]
    main: int
    lines: Lines


def make_places(fit: Fit, streets: Sequence[Street], boxes: Sequence[Box]) -> PlacesDoc | None:
    """Names of boxes and labels of streets; None where no street has a name."""
    named = named_streets(fit, streets)
    if named is None:
        return None
    origin = _origin(boxes)
    return PlacesDoc(
        names=named.names,
        main=named.main,
        boxes=tuple(box_names(boxes, named.lines)),
        origin=origin,
        labels=tuple(street_labels(named.lines, origin)),
    )


def named_streets(fit: Fit, streets: Sequence[Street]) -> NamedStreets | None:
    """The streets that have names, one of each short name; None where none has."""
    named = [(street, street.name) for street in streets if street.name is not None]
    parts, nodes, street_of = _in_plane(fit, [street for street, _ in named])
    here = np.unique(street_of)
    if not len(here):
        return None
    short = short_names(dict.fromkeys(named[at][1] for at in here))
    spelt: dict[str, str] = {}  # one street may be written in two ways
    own = {at: spelt.setdefault((name := short[named[at][1]]).casefold(), name) for at in here}
    main = {own[at] for at in here if named[at][0].main}
    length: dict[str, float] = defaultdict(float)
    for at, metres in zip(street_of, shapely.length(parts), strict=True):
        length[own[at]] += metres
    names = sorted(length, key=lambda name: (name not in main, -round(length[name]), name))
    place = {name: at for at, name in enumerate(names)}
    of_name = np.array([place[own[at]] for at in street_of])
    level = np.array([street.level for street, _ in named])[street_of]
    order = np.argsort(of_name, kind="stable")
    lines = Lines(parts[order], of_name[order], level[order], nodes[street_of][order])
    return NamedStreets(tuple(names), len(main), lines)


def _in_plane(
    fit: Fit, streets: Sequence[Street]
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.int64]]:
    """The lines of all streets, the points each street was drawn through, and which street each line is of."""
    drawn = np.array([street.shape for street in streets], dtype=object)
    points, of = shapely.get_coordinates(drawn, return_index=True)
    nodes = np.full(len(drawn), shapely.MultiPoint(), dtype=object)
    shapely.multipoints(shapely.points(points), indices=of, out=nodes)
    parts, street_of = shapely.get_parts(shapely.simplify(all_to_plane(fit, drawn), _THIN_M), return_index=True)
    lines = shapely.length(parts) > 0.0
    return parts[lines], all_to_plane(fit, nodes), street_of[lines]


def _origin(boxes: Sequence[Box]) -> tuple[int, int]:
    """The south-western corner of all boxes."""
    east, north = (min(box.cell[axis] for box in boxes) for axis in (0, 1))
    return int(east * BOX_M), int(north * BOX_M)
