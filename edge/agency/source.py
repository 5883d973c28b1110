"""What an agency is made of: ``agency.toml`` and the files of its map.

Of a feature only its geometry and the properties named are read: an area's id, a street's class and name (protection 1:
nothing else of a file can reach a vehicle). Must not project, and must not write.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import shapely
from pydantic import BaseModel, Field, ValidationError, model_validator
from shapely.geometry.base import BaseGeometry

from edge.agency.feature_file import Feature, read_layer
from edge.agency.geometry import AREAL, LINEAR, with_shapes
from edge.agency.street_layer import Street, StreetFile, read_streets
from edge.agency.whereabouts import check_boundary, check_near, notes_far
from edge.contract.agency_file import AgencyDoc
from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.names import area_name, beat_name, twins
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml

_GZIP = b"\x1f\x8b"


class OptOutSource(BaseModel):
    """One file of places that are never offered, and the metres kept around each of them."""

    model_config = WRITTEN
    file: Path
    buffer_m: float = Field(0.0, ge=0, le=1000)


class SourcesDoc(BaseModel):
    """The ``[sources]`` table: files (GeoJSON, a shapefile, a GeoPackage), relative to ``agency.toml``.

    Streets whose ``street_property`` is one of ``main_streets`` are drawn stronger; the property
    ``street_name_property`` has their names. An OpenStreetMap extract needs none of the three.
    """

    model_config = WRITTEN
    boundary: Path
    districts: Path
    district_property: str
    beats: Path
    beat_property: str
    opt_out: tuple[OptOutSource, ...] = ()
    streets: Path | None = None
    street_property: str | None = None
    main_streets: tuple[str, ...] = ()
    street_name_property: str | None = None
    water: Path | None = None

    @model_validator(mode="after")
    def _streets_whole(self) -> Self:
        if bool(self.street_property) != bool(self.main_streets) or (self.street_property and self.streets is None):
            msg = "streets, street_property and main_streets: give the last two together, and only with streets"
            raise ValueError(msg)
        if self.street_name_property and self.streets is None:
            msg = "street_name_property: give it only with streets"
            raise ValueError(msg)
        return self


class AgencySource(AgencyDoc):
    """``agency.toml``: the agency's document and where its map comes from."""

    sources: SourcesDoc


@dataclass(frozen=True, slots=True)
class Area:
    """A district or beat: its id and its polygon, degrees."""

    id: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Shapes:
    """All geometry of an agency, in degrees WGS 84, longitude first; ``notes`` says what was repaired."""

    boundary: BaseGeometry
    districts: tuple[Area, ...]
    beats: tuple[Area, ...]
    opt_out: tuple[tuple[BaseGeometry, float], ...]
    streets: tuple[Street, ...]
    water: tuple[BaseGeometry, ...]
    notes: tuple[str, ...]


def read_source(path: Path) -> AgencySource:
    """Read ``agency.toml``. Raises UserError with every error and its key path."""
    document = read_toml(path, "give the agency's agency.toml")
    try:
        return AgencySource.model_validate(document)
    except ValidationError as error:
        msg = f"{path}: {explain(error)}"
        raise UserError(msg) from error


def read_shapes(sources: SourcesDoc, folder: Path, zone: str) -> Shapes:
    """Read every file of an agency's map. Raises UserError naming the file, the feature and the mend.

    ``zone``: the agency's time zone, near which its boundary lies.
    """
    notes: list[str] = []
    boundary = _boundary(folder / sources.boundary, zone, notes)

    def areas(file: Path, id_property: str, what: str, named: Callable[[str], str]) -> tuple[Area, ...]:
        path = folder / file
        read = with_shapes(path, read_layer(path, (id_property,)), AREAL, notes)
        found = [Area(_id(path, feature, id_property, named), shape) for feature, shape in read]
        check_near(path, what, [shape for _, shape in read], boundary)
        _refuse_twins(path, found)
        notes.extend(_said_of_parts(path, found))
        return tuple(sorted(found, key=lambda area: (area.id, area.shape.wkb)))

    def water(file: Path | None) -> tuple[BaseGeometry, ...]:
        if file is None:
            return ()
        path = folder / file
        found = [shape for _, shape in with_shapes(path, read_layer(path), (*AREAL, *LINEAR), notes)]
        notes.extend(notes_far(path, "water", found, boundary))
        return tuple(found)

    streets = _streets(sources, folder, boundary, notes)
    return Shapes(
        boundary=boundary,
        districts=areas(sources.districts, sources.district_property, "districts", area_name),
        beats=areas(sources.beats, sources.beat_property, "beats", beat_name),
        opt_out=tuple(place for each in sources.opt_out for place in _opt_out(each, folder, boundary, notes)),
        streets=streets,
        water=water(sources.water),
        notes=tuple(notes),
    )


def _boundary(path: Path, zone: str, notes: list[str]) -> BaseGeometry:
    boundary: BaseGeometry = shapely.union_all(
        [shape for _, shape in with_shapes(path, read_layer(path), AREAL, notes)]
    )
    check_boundary(path, boundary, zone)
    return boundary


def _opt_out(
    source: OptOutSource, folder: Path, boundary: BaseGeometry, notes: list[str]
) -> Iterator[tuple[BaseGeometry, float]]:
    """Each opt-out place and its buffer. Raises UserError for one without a geometry: it would be offered."""
    path = folder / source.file
    features = read_layer(path)
    if nowhere := next((each.number for each in features if each.shape is None), None):
        msg = f"{path}: feature {nowhere} has no geometry, so its place would be offered; draw it, or remove it"
        raise UserError(msg)
    found = [shape for _, shape in with_shapes(path, features, (), notes)]
    notes.extend(notes_far(path, "opt-out places", found, boundary))
    return ((shape, source.buffer_m) for shape in found)


def _streets(sources: SourcesDoc, folder: Path, boundary: BaseGeometry, notes: list[str]) -> tuple[Street, ...]:
    if sources.streets is None:
        return ()
    properties = sources.street_property, sources.main_streets, sources.street_name_property
    return read_streets(StreetFile(folder / sources.streets, *properties), boundary, notes)


def _refuse_twins(path: Path, areas: Sequence[Area]) -> None:
    if alike := twins(area.id for area in areas):
        msg = f"{path}: {alike[0]!r} and {alike[1]!r} differ only in upper and lower case; rename one of them"
        raise UserError(msg)


def _said_of_parts(path: Path, areas: Sequence[Area]) -> list[str]:
    """A note on each id that several features have; treated as one area."""
    features = Counter(area.id for area in areas)
    return [
        f"{path}: {many} features are named {name!r}; treated as one"
        for name, many in sorted(features.items())
        if many > 1
    ]


def _id(path: Path, feature: Feature, name: str, named: Callable[[str], str]) -> str:
    """The id a feature's named property holds, as text that ``named`` accepts."""
    number = feature.number
    if name not in feature.properties:
        msg = f"{path}: feature {number} has no property {name!r}; in agency.toml, set the property that holds the id"
        raise UserError(msg)
    value = feature.properties[name]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    usable = isinstance(value, int | float | str) and not isinstance(value, bool) and str(value).strip()
    if not usable or str(value) in {"nan", "inf", "-inf"}:
        msg = (
            f"{path}: feature {number}: property {name!r} must be a name or number, not {value!r}; give the feature "
            "one, or remove it"
        )
        raise UserError(msg)
    try:
        return named(str(value).strip())
    except ValueError as error:
        msg = f"{path}: feature {number}: property {name!r}: {error}"
        raise UserError(msg) from error
