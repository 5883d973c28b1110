"""A layer of a map as features: GeoJSON (plain or packed by gzip), a shapefile or its zip, a GeoPackage; in degrees.

What a file is, its content says. Of a feature its geometry and the named properties are read, nothing else
(protection 1). Must not judge a geometry.
"""

import gzip
import json
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from edge.agency.degrees import System, system_of
from edge.errors import UserError

_GZIP: Final = b"\x1f\x8b"
_LAYERS: Final = (b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"PK\x03\x04")
"""How a GeoPackage, a shapefile and a zip file begin."""

_GEOMETRIES: Final = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"
)  # fmt: skip
_HOW: Final = "export the layer as GeoJSON"
_TROUBLE: Final = (DataSourceError, DataLayerError, CRSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Feature:
    """Number in the file (from 1), the named properties that it has, its geometry in degrees, longitude first."""

    number: int
    properties: dict[str, Any]
    shape: BaseGeometry | None


def read_layer(path: Path, columns: Sequence[str] = ()) -> list[Feature]:
    """Every feature of a file; a GeoPackage's layer is named as ``city.gpkg#beats`` where it has several.

    Raises UserError naming the file, the feature and the mend.
    """
    file, _, layer = (path, "", "") if path.exists() else _with_layer(path)
    content = _bytes(file)
    if content.startswith(_LAYERS):
        return list(_of_table(file, layer, columns))
    return list(_of_json(file, content, columns))


def _with_layer(path: Path) -> tuple[Path, str, str]:
    name, sign, layer = path.name.partition("#")
    return path.with_name(name or path.name), sign, layer


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
        msg = f"{path}: not GeoJSON, a shapefile or a GeoPackage ({error}); {_HOW}"
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
    elif str(document.get("geometryType", "")).startswith("esri") or "rings" in document:
        msg = f"{path}: Esri JSON, not GeoJSON; ask the map service for f=geojson, or export the layer as GeoJSON"
    elif kind not in (None, "FeatureCollection") or not isinstance(features, list) or not features:
        msg = f"{path}: not a GeoJSON FeatureCollection with features; {_HOW}"
    else:
        return features
    raise UserError(msg)


def _geometry(path: Path, number: int, geometry: object) -> BaseGeometry | None:
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException as error:
        msg = f"{path}: feature {number} has no readable geometry; fix or remove it"
        raise UserError(msg) from error


def _of_table(path: Path, layer: str, columns: Sequence[str]) -> Iterator[Feature]:
    """The features of a shapefile or GeoPackage, by GDAL."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of what GDAL mended: what it cannot mend is an error
            chosen = layer or _layer(path, columns)
            meta, _, shapes, values = pyogrio.raw.read(path, layer=chosen, columns=list(columns), force_2d=True)
            found = shapely.from_wkb(shapes)
    except _TROUBLE as error:
        why = str(error).splitlines()[0]
        msg = f"{path}: {why}; give a GeoPackage, or a shapefile with its .shx, .dbf and .prj beside it"
        raise UserError(msg) from error
    except shapely.errors.GEOSException as error:
        msg = f"{path}: has a geometry that cannot be read; {_HOW}"
        raise UserError(msg) from error
    system = system_of(path, meta["crs"])
    for number, shape in enumerate(found, start=1):
        named = {str(name): _plain(column[number - 1]) for name, column in zip(meta["fields"], values, strict=True)}
        yield Feature(number, named, _moved(path, number, shape, system))


def _layer(path: Path, columns: Sequence[str]) -> str:
    """The one layer, or the one with the named columns. Raises UserError where that is not one."""
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    having = [name for name in names if set(columns) <= set(pyogrio.read_info(path, layer=name)["fields"])]
    chosen = names if len(names) == 1 else having
    if len(chosen) != 1:
        listed = ", ".join(names) or "none"
        msg = f"{path}: which of its layers is meant ({listed})? Write it after the name: {path.name}#LAYER"
        raise UserError(msg)
    return chosen[0]


def _plain(value: Any) -> Any:
    """A column's value as JSON would have it."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and np.isnan(plain) else plain


def _moved(path: Path, number: int, shape: BaseGeometry | None, system: System) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        return None
    return system.degrees(f"{path}: feature {number}", shapely.force_2d(shape))
