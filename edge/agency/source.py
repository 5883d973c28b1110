"""What an agency is made of: ``agency.toml`` and the GeoJSON files it names (``.gz``, too).

Of a feature only its geometry and the one named property are read: an area's id, a street's class (protection 1:
nothing else of a file can reach a vehicle). Must not project, and must not write.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import shapely
from pydantic import BaseModel, Field, ValidationError, model_validator
from shapely.geometry.base import BaseGeometry

from edge.contract.agency import AgencyDoc
from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.names import area_name, beat_name, twins
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml

_FARTHEST = np.array([180.0, 90.0])  # longitude, latitude
AREAL = ("Polygon", "MultiPolygon")
LINEAR = ("LineString", "MultiLineString")
_GZIP = b"\x1f\x8b"


class OptOutSource(BaseModel):
    """One file of places that are never offered, and the metres kept around each of them."""

    model_config = WRITTEN
    file: Path
    buffer_m: float = Field(0.0, ge=0, le=1000)


class SourcesDoc(BaseModel):
    """The ``[sources]`` table: GeoJSON files, relative to ``agency.toml``.

    Streets whose ``street_property`` is one of ``main_streets`` are drawn stronger.
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
    water: Path | None = None

    @model_validator(mode="after")
    def _streets_whole(self) -> Self:
        if bool(self.street_property) != bool(self.main_streets) or (self.street_property and self.streets is None):
            msg = "streets, street_property and main_streets: give the last two together, and only with streets"
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
    """All geometry of an agency, in degrees WGS 84, longitude first; ``notes`` says what was repaired.

    ``streets``: all but the main ones.
    """

    boundary: BaseGeometry
    districts: tuple[Area, ...]
    beats: tuple[Area, ...]
    opt_out: tuple[tuple[BaseGeometry, float], ...]
    streets: tuple[BaseGeometry, ...]
    main_streets: tuple[BaseGeometry, ...]
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


def read_shapes(sources: SourcesDoc, folder: Path) -> Shapes:
    """Read every GeoJSON file of an agency. Raises UserError naming the file, the feature and the mend."""
    notes: list[str] = []

    def areas(file: Path, id_property: str, named: Callable[[str], str]) -> tuple[Area, ...]:
        found = [
            Area(_id(folder / file, number, properties, id_property, named), shape)
            for number, properties, shape in _features(folder / file, AREAL, notes)
        ]
        _refuse_twins(folder / file, found)
        return tuple(sorted(found, key=lambda area: (area.id, area.shape.wkb)))

    def shapes(file: Path | None, kinds: tuple[str, ...] = ()) -> tuple[BaseGeometry, ...]:
        return () if file is None else tuple(shape for _, _, shape in _features(folder / file, kinds, notes))

    side, main = _streets(sources, folder, notes)
    return Shapes(
        boundary=shapely.union_all(list(shapes(sources.boundary, AREAL))),
        districts=areas(sources.districts, sources.district_property, area_name),
        beats=areas(sources.beats, sources.beat_property, beat_name),
        opt_out=tuple((shape, source.buffer_m) for source in sources.opt_out for shape in shapes(source.file)),
        streets=side,
        main_streets=main,
        water=shapes(sources.water, (*AREAL, *LINEAR)),
        notes=tuple(notes),
    )


def _streets(sources: SourcesDoc, folder: Path, notes: list[str]) -> tuple[tuple[BaseGeometry, ...], ...]:
    """Side streets and main streets. Raises UserError where no street is of a class that is named."""
    if sources.streets is None:
        return (), ()
    path = folder / sources.streets
    sides: list[BaseGeometry] = []
    mains: list[BaseGeometry] = []
    for _, properties, shape in _features(path, LINEAR, notes):
        main = sources.street_property is not None and properties.get(sources.street_property) in sources.main_streets
        (mains if main else sides).append(shape)
    if sources.main_streets and not mains:
        what = f"no feature has a {sources.street_property!r} listed in main_streets"
        msg = f"{path}: {what}; correct either one in agency.toml"
        raise UserError(msg)
    return tuple(sides), tuple(mains)


def _features(path: Path, kinds: tuple[str, ...], notes: list[str]) -> list[tuple[int, dict[str, Any], BaseGeometry]]:
    """Number (from 1), properties and valid geometry of each feature; ``kinds`` empty allows every kind."""
    features = _collection(path).get("features")
    if not isinstance(features, list) or not features:
        msg = f"{path}: not a GeoJSON FeatureCollection with features; export the layer as GeoJSON"
        raise UserError(msg)
    found = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            msg = f"{path}: feature {number} is not a GeoJSON feature; export the layer as GeoJSON"
            raise UserError(msg)
        shape = _geometry(path, number, feature.get("geometry"), kinds)
        if shape.geom_type in LINEAR:
            shape = shapely.MultiLineString([line for line in shapely.get_parts(shape) if line.length > 0.0])
        elif not shape.is_valid:
            shape = _repaired(path, number, shape)
            notes.append(f"{path}: feature {number}: its outline crosses itself and was repaired")
        properties = feature.get("properties")
        found.append((number, properties if isinstance(properties, dict) else {}, shape))
    return found


def _collection(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        document = json.loads(gzip.decompress(content) if content.startswith(_GZIP) else content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"{path}: not a whole gzip file ({error}); copy it again"
        raise UserError(msg) from error
    except OSError as error:
        msg = f"{path}: {error.strerror}; correct its path under [sources] of agency.toml"
        raise UserError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"{path}: not GeoJSON ({error})"
        raise UserError(msg) from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        msg = f"{path}: not a GeoJSON FeatureCollection; export the layer as GeoJSON"
        raise UserError(msg)
    crs = json.dumps(document.get("crs") or "CRS84")
    if "CRS84" not in crs and not crs.rstrip('"} ').endswith("4326"):
        msg = f"{path}: its coordinates use another reference system {crs}; convert it to WGS 84 (EPSG:4326)"
        raise UserError(msg)
    return document


def _geometry(path: Path, number: int, geometry: object, kinds: tuple[str, ...]) -> BaseGeometry:
    try:
        shape: BaseGeometry = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except shapely.errors.GEOSException as error:
        msg = f"{path}: feature {number} has no readable geometry; fix or remove it"
        raise UserError(msg) from error
    if shape.is_empty or (kinds and shape.geom_type not in kinds):
        kind = "empty" if shape.is_empty else shape.geom_type
        msg = f"{path}: feature {number} is {kind}; it must be {' or '.join(kinds) or 'a geometry'}"
        raise UserError(msg)
    if not (np.abs(shapely.get_coordinates(shape)) <= _FARTHEST).all():  # NaN is no better
        msg = (
            f"{path}: feature {number} is not in degrees with longitude first; convert the layer to WGS 84 (EPSG:4326)"
        )
        raise UserError(msg)
    return shape


def _repaired(path: Path, number: int, shape: BaseGeometry) -> BaseGeometry:
    """The valid geometry of the same kind (areas stay areas)."""
    parts = shapely.get_parts(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    kept = [part for part in parts if shape.geom_type not in AREAL or part.geom_type in AREAL]
    if not kept:
        msg = f"{path}: feature {number} encloses no area; fix or remove it"
        raise UserError(msg)
    whole: BaseGeometry = shapely.union_all(kept)
    return whole


def _refuse_twins(path: Path, areas: Sequence[Area]) -> None:
    if alike := twins(area.id for area in areas):
        msg = f"{path}: {alike[0]!r} and {alike[1]!r} differ only in upper and lower case; rename one of them"
        raise UserError(msg)


def _id(path: Path, number: int, properties: dict[str, Any], name: str, named: Callable[[str], str]) -> str:
    """The id a feature's named property holds, as text that ``named`` accepts."""
    if name not in properties:
        msg = f"{path}: feature {number} has no property {name!r}; in agency.toml, set the property that holds the id"
        raise UserError(msg)
    value = properties[name]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        msg = f"{path}: feature {number}: property {name!r} must be a name or number, not {value!r}"
        raise UserError(msg)
    try:
        return named(str(value).strip())
    except ValueError as error:
        msg = f"{path}: feature {number}: property {name!r}: {error}"
        raise UserError(msg) from error
