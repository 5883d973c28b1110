"""What a feature's geometry must be: of the kind that is wanted, and valid. What is mended is noted, by feature.

Must not read files.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from edge.agency.feature_file import Feature
from edge.errors import UserError

AREAL: Final = ("Polygon", "MultiPolygon")
LINEAR: Final = ("LineString", "MultiLineString")
_COLLECTION: Final = "GeometryCollection"


def with_shapes(
    path: Path, features: Sequence[Feature], kinds: tuple[str, ...], notes: list[str]
) -> list[tuple[Feature, BaseGeometry]]:
    """The features with their valid geometry; those without one are left out, and noted.

    ``kinds``: empty allows every kind. Raises UserError for a geometry of another kind, or where none has any.
    """
    found = [(each, _valid(path, each.number, each.shape, kinds, notes)) for each in features if each.shape is not None]
    if not found:
        msg = f"{path}: no feature has a geometry; it must be {' or '.join(kinds) or 'a geometry'}"
        raise UserError(msg)
    empty = [str(each.number) for each in features if each.shape is None]
    if empty:
        notes.append(f"{path}: skipped without a geometry: feature {_listed(empty)}")
    return found


def _listed(numbers: Sequence[str], most: int = 10) -> str:
    return ", ".join(numbers[:most]) + (f" and {len(numbers) - most} more" if len(numbers) > most else "")


def _valid(path: Path, number: int, shape: BaseGeometry, kinds: tuple[str, ...], notes: list[str]) -> BaseGeometry:
    if kinds and shape.geom_type == _COLLECTION:
        shape = _of_kinds(path, number, shape, kinds, notes)
    if kinds and shape.geom_type not in kinds:
        msg = f"{path}: feature {number} is {shape.geom_type}; it must be {' or '.join(kinds)}"
        raise UserError(msg)
    if shape.geom_type in LINEAR:
        return shapely.MultiLineString([line for line in shapely.get_parts(shape) if line.length > 0.0])
    if shape.is_valid:
        return shape
    notes.append(f"{path}: feature {number}: its outline crosses itself and was repaired")
    return _repaired(path, number, shape)


def _of_kinds(path: Path, number: int, shape: BaseGeometry, kinds: tuple[str, ...], notes: list[str]) -> BaseGeometry:
    """The parts of a collection that are of the kinds, as one; the others are left out, and noted."""
    parts = _parts(shape)
    wanted = [part for part in parts if part.geom_type in kinds]
    if len(wanted) < len(parts):
        others = sorted({part.geom_type for part in parts if part.geom_type not in kinds})
        notes.append(f"{path}: feature {number}: only its {' and '.join(kinds)} are used, not its {', '.join(others)}")
    pieces = [piece for part in wanted for piece in shapely.get_parts(part)]
    if not pieces:
        return shape
    several = shapely.MultiPolygon if kinds[0] in AREAL else shapely.MultiLineString
    return several(pieces) if len(pieces) > 1 else pieces[0]


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """The parts of a collection, and of the collections in it."""
    if shape.geom_type != _COLLECTION:
        return [shape]
    return [inner for part in shapely.get_parts(shape) for inner in _parts(part)]


def _repaired(path: Path, number: int, shape: BaseGeometry) -> BaseGeometry:
    """The valid geometry of the same kind (areas stay areas)."""
    parts = shapely.get_parts(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    kept = [part for part in parts if shape.geom_type not in AREAL or part.geom_type in AREAL]
    whole: BaseGeometry = shapely.union_all(kept)
    if not kept or (shape.geom_type in AREAL and not whole.area):
        msg = f"{path}: feature {number} encloses no area; fix or remove it"
        raise UserError(msg)
    return whole
