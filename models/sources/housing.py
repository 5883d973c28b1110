"""Housing and vacancy from the American Community Survey: tracts' figures, weighted by area, to boxes.

Only the columns of `ALLOWED` can be read: they count dwellings, never the people in them. Every other one is refused
by name, tables on race, income, education and the like with their reason. Must not guess a tract's missing figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.agency.feature_file import read_layer
from edge.agency.fit import Floats
from edge.errors import UserError
from edge.risk.feature_column import Column
from models.sources.document import HousingDoc
from models.sources.ground import Ground
from models.sources.people import refuse_person_data
from models.sources.points import read_rows
from models.sources.provenance import Part, Provenance
from models.sources.terrain import overlaps


@dataclass(frozen=True, slots=True)
class Allowed:
    """A column of the survey: our feature's name and what it says; ``counted``: shared out by area, else a mean."""

    name: str
    definition: str
    unit: str
    missing: float
    counted: bool = True


ALLOWED: Final[Mapping[str, Allowed]] = {
    "B25001_001E": Allowed("housing_units", "dwellings", "dwellings a box", 0.0),
    "B25002_002E": Allowed("occupied_units", "dwellings that are lived in", "dwellings a box", 0.0),
    "B25002_003E": Allowed("vacant_units", "dwellings that stand empty", "dwellings a box", 0.0),
    "B25003_002E": Allowed("owner_units", "dwellings their owners live in", "dwellings a box", 0.0),
    "B25003_003E": Allowed("renter_units", "dwellings that are rented", "dwellings a box", 0.0),
    "B25004_006E": Allowed("seasonal_units", "empty dwellings for seasonal use", "dwellings a box", 0.0),
    "B25004_008E": Allowed("other_vacant_units", "empty dwellings neither for sale nor to let", "dwellings a box", 0.0),
    "B25024_002E": Allowed("detached_units", "detached houses of one dwelling", "dwellings a box", 0.0),
    "B25024_009E": Allowed("large_block_units", "dwellings in houses of 50 and more", "dwellings a box", 0.0),
    "B25035_001E": Allowed("year_built", "median year in which dwellings were built", "year", 1960.0, counted=False),
}
"""American Community Survey, detailed tables, by the Census Bureau's names of the estimates."""

_DIGITS: Final = 1


def refuse_columns(columns: Sequence[str], path: Path) -> None:
    """Raise UserError for a column that speaks of persons, or is not on the allow-list, by name."""
    for name in columns:
        refuse_person_data(name)
        if name not in ALLOWED:
            msg = f"{path}: {name!r} is not an allowed housing column; choose from {', '.join(ALLOWED)}"
            raise UserError(msg)


def housing_parts(document: HousingDoc, folder: Path, ground: Ground) -> list[Part]:
    """One column for each of the survey's. Raises UserError naming file, column and mend."""
    path = folder / document.file
    refuse_columns(document.columns, path)
    tracts = _tracts(folder / document.tracts, document.tract_property, ground)
    figures = _figures(path, document)
    if not (shared := sorted(tracts.keys() & figures.keys())):
        msg = (
            f"{path}: none of its {document.key!r} is a tract of {document.tracts} near the agency; correct one of them"
        )
        raise UserError(msg)
    known, found = Provenance.of(document), []
    for index, name in enumerate(document.columns):
        allowed = ALLOWED[name]
        told = [key for key in shared if np.isfinite(figures[key][index])]
        shapes = np.array([tracts[key] for key in told], dtype=object)
        values = _spread(ground, shapes, np.array([figures[key][index] for key in told]), allowed)
        column = housing_column(name, document.group, known)
        found.append((column, np.asarray(np.round(values, _DIGITS), dtype=np.float32)))
    return found


def housing_column(name: str, group: str, known: Provenance) -> Column:
    """The column made of one of `ALLOWED`."""
    allowed = ALLOWED[name]
    text = f"{allowed.definition} ({name}), by area from tracts"
    return Column(allowed.name, group, text, allowed.unit, allowed.missing, *known.fields)


def _spread(ground: Ground, shapes: NDArray[np.object_], told: Floats, how: Allowed) -> Floats:
    """Each box's sum of its parts of the tracts, or the mean of them by area; its missing value where none lies."""
    squares = ground.squares()
    moved = shapely.transform(shapely.make_valid(shapes), ground.plane)
    square, tract = overlaps(squares, moved)
    shared = shapely.area(shapely.intersection(moved[tract], squares[square]))
    covered = np.bincount(square, shared, len(squares))
    weights = shared / shapely.area(moved)[tract] if how.counted else shared
    sums = np.bincount(square, weights * told[tract], len(squares))
    values = sums if how.counted else np.divide(sums, covered, out=np.zeros_like(sums), where=covered > 0.0)
    return np.where(covered > 0.0, values, how.missing)


def _tracts(path: Path, key: str, ground: Ground) -> dict[str, shapely.Geometry]:
    """The outlines of the tracts near the agency, by number."""
    found = {}
    for feature in read_layer(path, (key,)):
        if key not in feature.properties:
            msg = f"{path}: a feature has no property {key!r}; give the one that holds the tract's number"
            raise UserError(msg)
        if feature.shape is not None and ground.near(feature.shape):
            number = feature.properties[key]
            whole = isinstance(number, float) and number.is_integer()  # as tables of a shapefile have it
            found[str(int(number) if whole else number)] = feature.shape
    return found


def _figures(path: Path, document: HousingDoc) -> dict[str, list[float]]:
    """The columns' figures by tract; NaN where the survey has none (it writes a negative number, or nothing)."""
    return {
        row[document.key]: [_figure(path, name, row[name]) for name in document.columns]
        for row in read_rows(path, (document.key, *document.columns))
    }


def _figure(path: Path, name: str, text: str) -> float:
    try:
        value = float(text) if text.strip() else np.nan
    except ValueError as error:
        msg = f"{path}: {name!r} is {text!r}, not a number; correct it or leave it empty"
        raise UserError(msg) from error
    return value if value >= 0.0 else np.nan
