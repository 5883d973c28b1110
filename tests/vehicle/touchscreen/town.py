"""The demo city as an agency, and a night's plan of it, for the screen's tests."""

import json
from pathlib import Path
from random import Random
from typing import Any

import shapely
from pyproj import Transformer

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.demo.layout import CENTRE, EPSG, make_layout
from edge.demo.streets import make_streets
from edge.domain.grid import cell_of
from edge.domain.plan import DirectedPatrol, Plan

TOML = """
id = "riverton"
name = "Riverton Police"
zone = "America/Chicago"
shifts = [{ name = "day", starts = 06:00:00 }, { name = "evening", starts = 14:00:00 },
          { name = "night", starts = 22:00:00 }]
tactics = [{ id = "foot-patrol", label = "Foot patrol" }, { id = "business", label = "Talk with businesses" },
           { id = "lighting", label = "Check lighting" }, { id = "visible", label = "Park visibly, lights on" }]

[sources]
boundary = "boundary.geojson"
districts = "districts.geojson"
district_property = "district"
beats = "beats.geojson"
beat_property = "beat"
streets = "streets.geojson"
water = "water.geojson"
"""


def build_town(folder: Path) -> Agency:
    lay = make_layout(Random(1))
    streets = make_streets(lay.arterials, lay.locals, Random(2))
    deg = Transformer.from_crs(EPSG, 4326, always_xy=True)

    def feat(shape: Any, **props: Any) -> dict[str, Any]:
        geo = shapely.transform(shape, lambda p: __import__("numpy").column_stack(deg.transform(p[:, 0], p[:, 1])))
        return {"type": "Feature", "properties": props, "geometry": json.loads(shapely.to_geojson(geo))}

    def write(name: str, feats: list[dict[str, Any]]) -> None:
        (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": feats}))

    write("boundary", [feat(lay.boundary)])
    write("beats", [feat(s, beat=k) for k, s in lay.beats.items()])
    d = {}
    for k, s in lay.beats.items():
        d.setdefault(k[0], []).append(s)
    write("districts", [feat(shapely.union_all(v), district=k) for k, v in d.items()])
    write("streets", [feat(e.line) for e in streets.edges])
    write("water", [feat(lay.river), feat(lay.pond)])
    (folder / "agency.toml").write_text(TOML)
    build_agency(folder / "agency.toml", folder / "agency")
    return load_agency(folder / "agency")


SPOTS = ((0, 0), (4, 2), (7, -2), (-3, 3), (-6, 1), (2, 6), (-2, -4), (9, 3), (5, -5), (-8, 5), (12, 1))
TYPES = (("robbery",), ("motor_vehicle_theft",), ("burglary",), ("robbery", "theft"), ("gunfire",))


def night_plan(agency: Agency, version: int = 1) -> Plan:
    """Eleven boxes around the middle of the city."""
    east, north = cell_of(*CENTRE)
    cells = [(east + dx, north + dy) for dx, dy in SPOTS]
    return Plan(
        "2026-11-23/night",
        "1",
        version,
        tuple(
            DirectedPatrol(
                cell, TYPES[i % 5], agency.policy.prescription(TYPES[i % 5]), "Four robberies near the bus stop, Fri and Sat nights"
            )
            for i, cell in enumerate(cells)
            if cell in agency.grid.boxes
        ),
    )
