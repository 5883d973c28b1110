"""``places.json`` of an agency, made of the streets that have names. Must not read files."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from edge.agency.boxes import to_plane
from edge.agency.crossings import Lines, box_names
from edge.agency.fit import Fit
from edge.agency.street_labels import street_labels
from edge.agency.street_layer import Street
from edge.agency.street_names import short_names
from edge.contract.places import PlacesDoc
from edge.domain.grid import BOX_M, Box

_THIN_M: Final = 1.0


def make_places(fit: Fit, streets: Sequence[Street], boxes: Sequence[Box]) -> PlacesDoc | None:
    """Names of boxes and labels of streets; None where no street has a name."""
    plane = [(street, to_plane(fit, street.shape)) for street in streets if street.name is not None]
    near = [(street.name or "", street.main, _parts(shape)) for street, shape in plane]
    short = short_names(dict.fromkeys(name for name, _, parts in near if parts))
    shapes: dict[str, list[BaseGeometry]] = defaultdict(list)
    main: set[str] = set()
    spelt: dict[str, str] = {}  # one street may be written in two ways
    for name, is_main, parts in near:
        if parts:
            own = spelt.setdefault(short[name].casefold(), short[name])
            shapes[own].extend(parts)
            main |= {own} if is_main else set()
    if not shapes:
        return None
    length = {name: sum(part.length for part in parts) for name, parts in shapes.items()}
    names = sorted(shapes, key=lambda name: (name not in main, -round(length[name]), name))
    lines = Lines(
        np.array([part for name in names for part in shapes[name]], dtype=object),
        np.repeat(np.arange(len(names)), [len(shapes[name]) for name in names]),
    )
    origin = _origin(boxes)
    return PlacesDoc(
        names=tuple(names),
        main=len(main),
        boxes=tuple(box_names(boxes, lines)),
        origin=origin,
        labels=tuple(street_labels(lines, origin)),
    )


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(shapely.simplify(shape, _THIN_M)) if part.length]


def _origin(boxes: Sequence[Box]) -> tuple[int, int]:
    """The south-western corner of all boxes."""
    east, north = (min(box.cell[axis] for box in boxes) for axis in (0, 1))
    return int(east * BOX_M), int(north * BOX_M)
