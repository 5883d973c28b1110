"""The demo city as an agency would hand it in: GeoJSON files, ``agency.toml`` and an analyst's ``plan.toml``.

Must not build anything: `edge.agency` does, from these files, as for a real agency.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from edge.demo.city import DISTRICT, OPT_OUT_BUFFER_M, City
from edge.demo.layout import EPSG
from edge.domain.grid import box_id

Properties: TypeAlias = dict[str, str]

_WEIGHTS: Final = {
    "homicide": 8.0,
    "gunfire": 5.0,
    "aggravated_assault": 3.0,
    "robbery": 3.0,
    "burglary": 1.5,
    "motor_vehicle_theft": 1.0,
    "theft": 0.5,
}
_WEIGHT: Final = """
[[planner.weights]]
crime_type = "{crime_type}"
weight = {weight}
source = "police"
approver = "Chief of patrol"
approved = 2026-10-01
"""

AGENCY_TOML: Final = f"""\
# Riverton, an invented city. 15 minutes, 1 visit and the caps are the design's defaults; nothing here changes them.
id = "riverton"
name = "Riverton"
zone = "America/Chicago"
tactics_version = "1"
tactics_approver = "Chief of patrol"
tactics_approved = 2026-10-01
tactics_review = 2027-10-01

shifts = [
  {{ name = "day", starts = 06:00:00 }},
  {{ name = "evening", starts = 14:00:00 }},
  {{ name = "night", starts = 22:00:00 }},
]

tactics = [
  {{ id = "foot-patrol", label = "Foot patrol", labels = {{ es = "Patrulla a pie" }} }},
  {{ id = "talk", label = "Talk with residents", labels = {{ es = "Hablar con vecinos" }} }},
  {{ id = "business-check", label = "Business check", labels = {{ es = "Visitar comercios" }}, \
crime_types = ["robbery", "burglary", "theft"] }},
  {{ id = "visible-park", label = "Park in plain view", labels = {{ es = "Estacionar a la vista" }} }},
  {{ id = "lights", label = "Report lights out", labels = {{ es = "Avisar luces apagadas" }} }},
  {{ id = "lock-it", label = "Lock-it leaflets", labels = {{ es = "Volantes antirrobo" }}, \
crime_types = ["motor_vehicle_theft", "theft"] }},
]

[planner]
boxes_per_shift = 6
{"".join(_WEIGHT.format(crime_type=crime_type, weight=weight) for crime_type, weight in _WEIGHTS.items())}
[[planner.weights]]
crime_type = "burglary"
weight = 1.0
source = "community"
district = "2"
approver = "Council of district 2"
approved = 2026-09-28

[sources]
boundary = "boundary.geojson"
districts = "districts.geojson"
district_property = "district"
beats = "beats.geojson"
beat_property = "beat"
opt_out = [{{ file = "opt_out.geojson", buffer_m = {OPT_OUT_BUFFER_M} }}]
streets = "streets.geojson"
street_property = "class"
main_streets = ["arterial"]
street_name_property = "name"
water = "water.geojson"
"""

_CASES: Final = (
    (("robbery",), "Robberies near the bus stops, late", ("foot-patrol", "business-check")),
    (("motor_vehicle_theft", "theft"), "Cars stolen from the curb, week after week", ("lock-it", "lights")),
    (("burglary",), "Burglaries through back alleys", ("talk", "visible-park")),
    (("robbery", "theft"), "Thefts and robberies around the shops", ("business-check",)),
    (("gunfire",), "Shots reported on three nights", ("visible-park", "foot-patrol")),
    (("aggravated_assault", "robbery"), "Assaults after closing time", ("foot-patrol",)),
)


def write_city(city: City, directory: Path, shift_id: str, minutes: float = 4.0) -> Path:
    """Write everything into an existing directory, and return the path of ``agency.toml``.

    ``plan.toml`` is for one shift and district 1; its ``minutes`` are few, so that who watches sees a visit end.
    """
    layout = city.layout
    districts = sorted({beat[0] for beat in layout.beats})
    _write(directory / "boundary.geojson", [({}, layout.boundary)])
    _write(directory / "districts.geojson", [({"district": name}, city.district(name)) for name in districts])
    _write(directory / "beats.geojson", [({"beat": name}, shape) for name, shape in layout.beats.items()])
    _write(directory / "opt_out.geojson", [({"kind": kind}, shape) for kind, shape in city.opt_out])
    _write(directory / "water.geojson", [({}, layout.river), ({}, layout.pond)])
    _write(directory / "streets.geojson", _streets(city))
    (directory / "plan.toml").write_text(_plan(city, shift_id, minutes), encoding="utf-8")
    toml = directory / "agency.toml"
    toml.write_text(AGENCY_TOML, encoding="utf-8")
    return toml


def _streets(city: City) -> list[tuple[Properties, BaseGeometry]]:
    """Main roads and side streets, each drawn through its crossings as far as it goes."""
    shapes, names = zip(*city.layout.names, strict=True)
    tree = shapely.STRtree(shapes)
    lines: dict[tuple[str, str], list[BaseGeometry]] = defaultdict(list)
    for edge in city.streets.edges:
        middle = edge.line.interpolate(0.5, normalized=True)
        lines["arterial" if edge.arterial else "local", names[tree.nearest(middle)]].append(edge.line)
    return [
        ({"class": kind, "name": name}, line)
        for kind, name in sorted(lines, key=lambda key: (key[0] == "arterial", key))
        for line in shapely.get_parts(shapely.line_merge(shapely.MultiLineString(lines[kind, name])))
    ]


def _plan(city: City, shift_id: str, minutes: float) -> str:
    lines = [f'shift = "{shift_id}"', f'district = "{DISTRICT}"', "version = 1"]
    for index, cell in enumerate(city.boxes):
        crime_types, why, tactics = _CASES[index % len(_CASES)]
        lines += [
            "",
            "[[patrols]]",
            f'box = "{box_id(cell)}"',
            f"crime_types = {json.dumps(crime_types)}",
            f"minutes = {minutes}",
            f'why = "{why}"',
            f"tactics = {json.dumps(tactics)}",
        ]
    return "\n".join(lines) + "\n"


def _write(path: Path, features: Iterable[tuple[Properties, BaseGeometry]]) -> None:
    degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)

    def moved(shape: BaseGeometry) -> dict[str, Any]:
        there = shapely.transform(
            shape, lambda places: np.round(np.stack(degrees.transform(places[:, 0], places[:, 1]), axis=-1), 7)
        )
        geometry: dict[str, Any] = json.loads(shapely.to_geojson(there))
        return geometry

    document = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": own, "geometry": moved(shape)} for own, shape in features],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
