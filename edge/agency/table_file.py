"""Shapefiles and GeoPackages, alone or in a zip file, by GDAL: the named columns and the geometries of one layer.

Must not judge what is read.
"""

import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeAlias

import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import CRSError, DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from edge.errors import UserError

_ZIP: Final = b"PK\x03\x04"
TABLES: Final = (b"SQLite format 3\x00", b"\x00\x00\x27\x0a", _ZIP)
"""How a GeoPackage, a shapefile and a zip file begin."""

OSM_LAYER: Final = "lines"
"""GDAL's name of an OpenStreetMap extract's ways."""

_IN_A_ZIP: Final = (".shp", ".gpkg", ".geojson", ".json")
_TROUBLE: Final = (DataSourceError, DataLayerError, CRSError, RuntimeError, ValueError, shapely.errors.GEOSException)

Table: TypeAlias = tuple[str | None, Sequence[BaseGeometry | None], dict[str, NDArray[Any]]]
"""The coordinate system's name, the geometries, and the columns."""


def read_table(path: Path, layer: str, columns: Sequence[str], beside: Sequence[str]) -> Table:
    """The layer's coordinate system, geometries and those of the columns, and of some ``beside``, that it has.

    ``layer``: its name, or a zip file's member's; empty where there is one, or one with the columns. Raises UserError.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # of what GDAL mended: what it cannot mend is an error
            source, inner = _member(path, layer) if zipfile.is_zipfile(path) else (str(path), layer)
            chosen = _layer(path, source, inner, columns)
            wanted = [*columns, *beside]
            meta, _, shapes, values = pyogrio.raw.read(source, layer=chosen, columns=wanted, force_2d=True)
            found = shapely.from_wkb(shapes)
    except _TROUBLE as error:
        why = "it has no .shx" if "SHAPE_RESTORE_SHX" in str(error) else str(error).splitlines()[0]
        msg = (
            f"{path}: cannot be read ({why}); give a GeoPackage, or a shapefile with its .shx, .dbf and .prj beside it"
        )
        raise UserError(msg) from error
    return meta["crs"], list(found), dict(zip(map(str, meta["fields"]), values, strict=True))


def _member(path: Path, layer: str) -> tuple[str, str]:
    """The one map in a zip file, as GDAL calls it. Raises UserError where there is none, or which is not said."""
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(one) for one in archive.namelist() if not one.startswith("__MACOSX")]
    maps = [name for name in names if name.suffix.lower() in _IN_A_ZIP]
    if not maps:
        msg = f"{path}: a zip file without a shapefile, GeoPackage or GeoJSON; give one of these"
        raise UserError(msg)
    chosen = [name for name in maps if name.stem == layer] if layer else maps
    if len(chosen) != 1:
        raise UserError(_which(path, [name.stem for name in maps]))
    return f"/vsizip/{path}/{chosen[0]}", ""


def _layer(path: Path, source: str, layer: str, columns: Sequence[str]) -> str:
    """The named layer, the only one, or the only one with the columns. Raises UserError where that is not one."""
    names = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
    if layer in names:
        return layer
    having = [name for name in names if set(columns) <= set(pyogrio.read_info(source, layer=name)["fields"])]
    chosen = names if len(names) == 1 else having
    if layer or len(chosen) != 1:
        raise UserError(_which(path, names))
    return chosen[0]


def _which(path: Path, names: Sequence[str]) -> str:
    listed = ", ".join(names) or "none with geometries"
    return f"{path}: which of its layers is meant ({listed})? Write it after the file's name: {path.name}#LAYER"
