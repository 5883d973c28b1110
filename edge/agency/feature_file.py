"""A layer of a map as features: GeoJSON (or its gzip), a shapefile or its zip, a GeoPackage, OpenStreetMap's ways.

All in degrees.

What a file is, its content says. Of a feature its geometry and the named properties are read, nothing else
(protection 1). Must not judge a geometry.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from edge.agency.degrees import System, system_of
from edge.agency.table_file import OSM_LAYER, TABLES, read_table
from edge.errors import UserError

_GZIP: Final = b"\x1f\x8b"
_GEOMETRIES: Final = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"
)  # fmt: skip
_OSM: Final = b"\n\tOSMHeader"
_HOW: Final = "export the layer as GeoJSON"


@dataclass(frozen=True, slots=True)
class Feature:
    """Number in the file (from 1), the named properties that it has, its geometry in degrees, longitude first."""

    number: int
    properties: dict[str, Any]
    shape: BaseGeometry | None


def read_layer(path: Path, columns: Sequence[str] = (), *, beside: Sequence[str] = ()) -> list[Feature]:
    """Every feature of a file; the one that is meant of several layers is named as ``city.gpkg#beats``.

    ``beside``: properties that are read where the layer has them. Raises UserError naming the file, the feature and
    the mend.
    """
    name, _, layer = ("", "", "") if path.exists() else path.name.partition("#")
    file = path.with_name(name) if name else path
    if is_osm(file):
        return list(_of_table(file, OSM_LAYER, columns, beside))
    content = _bytes(file)
    if content.startswith(TABLES):
        return list(_of_table(file, layer, columns, beside))
    return list(_of_json(file, content, (*columns, *beside)))


def is_osm(path: Path) -> bool:
    """Whether a file is an OpenStreetMap extract (PBF): its first block's header says so."""
    try:
        with path.open("rb") as file:
            return file.read(4 + len(_OSM))[4:] == _OSM
    except OSError:
        return False  # whoever reads it says why


def _bytes(path: Path) -> bytes:
    """The file's content, unpacked where it is gzip."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(_GZIP) else content
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"{path}: not a whole gzip file ({error}); copy it again"
        raise UserError(msg) from error
    except OSError as error:
        msg = f"{path}: {error.strerror}; correct its path"
        raise UserError(msg) from error


def _of_json(path: Path, content: bytes, columns: Sequence[str]) -> Iterator[Feature]:
    document = _json(path, content)
    system = system_of(path, document.get("crs"))
    for number, feature in enumerate(_features(path, document), start=1):
        if not isinstance(feature, dict):
            msg = f"{path}: feature {number} is not a GeoJSON feature; {_HOW}"
            raise UserError(msg)
        given = feature.get("properties")
        properties = given if isinstance(given, dict) else {}
        shape = _geometry(path, number, feature.get("geometry"))
        named = {name: properties[name] for name in columns if name in properties}
        yield Feature(number, named, _moved(path, number, shape, system))


def _json(path: Path, content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        begun = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}
        where = f" ({error})" if begun and not isinstance(error, UnicodeDecodeError) else ""
        msg = f"{path}: not GeoJSON, a GeoPackage, or a shapefile (.shp, with its other parts beside it){where}; {_HOW}"
        raise UserError(msg) from error
    if not isinstance(document, dict):
        msg = f"{path}: not a GeoJSON FeatureCollection; {_HOW}"
        raise UserError(msg)
    return document


def _features(path: Path, document: dict[str, Any]) -> list[Any]:
    """The features of a collection, a feature alone, or a bare geometry. Raises UserError for what is none."""
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    if kind in _GEOMETRIES:
        return [{"geometry": document}]
    features = document.get("features")
    if kind == "Topology":
        msg = f"{path}: TopoJSON, not GeoJSON; {_HOW}"
    elif _of_esri(document):
        msg = f"{path}: Esri JSON, not GeoJSON; ask the map service for f=geojson, or export the layer as GeoJSON"
    elif kind not in (None, "FeatureCollection") or not isinstance(features, list) or not features:
        msg = f"{path}: not a GeoJSON FeatureCollection with features; {_HOW}"
    else:
        return features
    raise UserError(msg)


def _of_esri(document: dict[str, Any]) -> bool:
    """Whether a map service's own form: attributes and rings, where GeoJSON has properties and coordinates."""
    features = document.get("features")
    first = features[0] if isinstance(features, list) and features else None
    typed = str(document.get("geometryType", "")).startswith("esri")
    return typed or "rings" in document or (isinstance(first, dict) and "attributes" in first)


def _geometry(path: Path, number: int, geometry: object) -> BaseGeometry | None:
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException as error:
        msg = f"{path}: feature {number} has no readable geometry; fix or remove it"
        raise UserError(msg) from error


def _of_table(path: Path, layer: str, columns: Sequence[str], beside: Sequence[str]) -> Iterator[Feature]:
    """The features of a shapefile or GeoPackage."""
    crs, shapes, fields = read_table(path, layer, columns, beside)
    system = system_of(path, crs)
    for number, shape in enumerate(shapes, start=1):
        named = {name: _plain(values[number - 1]) for name, values in fields.items()}
        yield Feature(number, named, _moved(path, number, shape, system))


def _plain(value: Any) -> Any:
    """A column's value as JSON would have it."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and np.isnan(plain) else plain


def _moved(path: Path, number: int, shape: BaseGeometry | None, system: System) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        return None
    return system.degrees(f"{path}: feature {number}", shapely.force_2d(shape))
