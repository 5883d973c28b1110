"""GeoJSON, shapefiles and GeoPackages as tables: every layer with a mapping's columns, its points as degrees WGS 84.

Each file says its own coordinate system; what says none is in the mapping's, or in degrees if it can be. Must not know
what a column means.
"""

import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError

from edge.errors import UserError
from models.ingest.files.account import Account
from models.ingest.files.heading import positions, resolve
from models.ingest.systems import LATITUDE, LONGITUDE, Numbers, to_degrees

_ROWS: Final = 1 << 16
_OURS: Final = re.compile(r"'?/[^']*/layer\.\w+'?")
_DEGREES: Final = (180.0, 90.0)
_POINT, _POINTS = 0, 4
_SUFFIXES: Final = ((b"\x00\x00\x27\x0a", ".shp"), (b"SQLite", ".gpkg"))
_BESIDE: Final = (".dbf", ".shx", ".prj", ".cpg")
_TROUBLE: Final = (DataSourceError, DataLayerError, CRSError, RuntimeError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class Layers:
    """A file with geometries: what to call it, where it is, and the coordinate system where it says none."""

    where: str
    path: Path
    system: str | None
    account: Account

    def tables(self, columns: Sequence[str], place: Sequence[str]) -> Iterator[Any]:
        """Tables of the named columns, of those of ``place`` if the file has them, and of the points.

        Raises UserError where the file can't be read, or no layer has the columns.
        """
        try:
            with _by_its_name(self.path) as path:
                yield from self._tables(path, columns, place)
        except _TROUBLE as error:
            raise _unreadable(self.where, error) from error

    def _tables(self, path: Path, columns: Sequence[str], place: Sequence[str]) -> Iterator[Any]:
        """Of every layer with the columns."""
        fields = _fields(path)
        having = [name for name, stored in fields.items() if all(positions(columns, stored).values())]
        if not having:
            resolve(self.where, columns, max(fields.values(), key=len, default=[]))
        if others := [repr(name) for name in fields if name not in having]:
            self.account.remarks.append(f"without the mapping's columns, and not read: layer {', '.join(others)}")
        for name in having:
            wanted = [*columns, *(one for one in place if positions([one], fields[name])[one])]
            yield from self._layer(path, name, resolve(self.where, wanted, fields[name]), fields[name])

    def _layer(self, path: Path, name: str, places: Any, fields: Sequence[str]) -> Iterator[Any]:
        """The rows of one layer, a piece at a time."""
        others = 0
        stored = [fields[at] for at in places.values()]
        options = {"DATE_AS_STRING": "YES"} if path.suffix == ".geojson" else {}
        with ExitStack() as opened:
            with _quiet():
                meta, reader = opened.enter_context(
                    pyogrio.open_arrow(path, layer=name, columns=stored, batch_size=_ROWS, use_pyarrow=True, **options)
                )
            while batch := _next(reader):
                table = pa.Table.from_batches([batch])
                found = {wanted: table.column(column) for wanted, column in zip(places, stored, strict=True)}
                if meta["geometry_type"]:
                    geometry = meta["geometry_name"] or "wkb_geometry"
                    lon, lat, unusable = self._points(table.column(geometry), meta["crs"])
                    others += unusable
                    found |= {LONGITUDE: pa.array(lon), LATITUDE: pa.array(lat)}
                yield pa.table(found)
        if others:
            self.account.remarks.append(f"{others:,} geometries are not points and have no coordinates")

    def _points(self, column: Any, crs: str | None) -> tuple[Numbers, Numbers, int]:
        """Longitude and latitude, NaN where a geometry is no point; and how many are none."""
        shapes = shapely.from_wkb(np.array(column.to_pylist(), dtype=object), on_invalid="ignore")
        kinds = shapely.get_type_id(shapes)
        single: Any = np.where(kinds == _POINT, shapes, None)
        alone = (kinds == _POINTS) & (shapely.get_num_geometries(shapes) == 1)
        single[alone] = shapely.get_geometry(shapes[alone], 0)
        across, along = shapely.get_x(single), shapely.get_y(single)
        unusable = int(((kinds >= 0) & ~np.isfinite(across)).sum())
        system = crs or self.system
        if system is None and not (np.nanmax(np.abs(across), initial=0.0) <= _DEGREES[0]
                                   and np.nanmax(np.abs(along), initial=0.0) <= _DEGREES[1]):  # fmt: skip
            msg = (
                f"{self.where}: it does not say its coordinate system (a shapefile does in a .prj); "
                'set it in the mapping, such as crs = "EPSG:3435" under [place]'
            )
            raise UserError(msg)
        try:
            lon, lat = to_degrees(system or "EPSG:4326", across, along)
        except ValueError as error:
            raise UserError(f"{self.where}: {error}") from error
        return lon, lat, unusable


def columns_of(where: str, path: Path) -> list[str]:
    """The columns of the layer that has the most. Raises UserError where the file can't be read."""
    try:
        with _by_its_name(path) as named:
            return max(_fields(named).values(), key=len, default=[])
    except _TROUBLE as error:
        raise _unreadable(where, error) from error


def _unreadable(where: str, error: Exception) -> UserError:
    """What to say of a file that GDAL can't read."""
    if "not recognized" in str(error):
        return UserError(f"{where}: neither GeoJSON nor JSON records nor a layer; give CSV, GeoJSON or a GeoPackage")
    if "SHAPE_RESTORE_SHX" in str(error):
        return UserError(f"{where}: the shapefile has no .shx; give it with its .shx and .dbf")
    if "required GeoPackage tables" in str(error):
        return UserError(f"{where}: a database and no GeoPackage; export the table as CSV")
    why = _OURS.sub("the file", str(error).partition(";")[0]).removeprefix("the file ").rstrip(".")
    return UserError(f"{where}: {why}; give whole GeoJSON, a GeoPackage, or a shapefile with its .shx and .dbf")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without GDAL's warnings of what it mended: what it can't mend is an error."""
    with warnings.catch_warnings(action="ignore"):
        yield


def _next(reader: Any) -> Any:
    """The next batch; None at the end."""
    with _quiet():
        return next(iter(reader), None)


def _fields(path: Path) -> dict[str, list[str]]:
    """The columns of each layer."""
    with _quiet():
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        return {name: list(pyogrio.read_info(path, layer=name)["fields"]) for name in names}


@contextmanager
def _by_its_name(path: Path) -> Iterator[Path]:
    """The file by a name that says what it is, which GDAL goes by; a shapefile with those beside it."""
    with path.open("rb") as file:
        head = file.read(16)
    suffix = next((suffix for magic, suffix in _SUFFIXES if head.startswith(magic)), ".geojson")
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / f"layer{suffix}"
        named.symlink_to(path.resolve())
        if suffix == ".shp":
            for other in path.parent.iterdir():
                if other.stem == path.stem and other.suffix.lower() in _BESIDE:
                    named.with_suffix(other.suffix.lower()).symlink_to(other.resolve())
        yield named
