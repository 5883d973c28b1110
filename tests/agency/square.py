"""A square town of 2 km, two districts and two beats, for tests that need an agency but no real city."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from edge.agency.build import build_agency
from edge.agency.pack import Terms
from edge.contract.agency import Agency, load_agency

WEST, SOUTH, EAST, NORTH = -99.01, 40.0, -98.99, 40.018
LASTING: Final = Terms(version=1, created=datetime(2026, 1, 1, tzinfo=UTC), last_day=date(2099, 12, 30))
"""A bundle that no test's clock finds expired, and whose bytes are always the same."""

TOML = """\
id = "squaretown"
name = "Squaretown"
zone = "America/Chicago"
shifts = [{ name = "day", starts = 06:00:00 }, { name = "night", starts = 22:00:00 }]
tactics = [{ id = "foot-patrol", label = "Foot patrol" }]

[sources]
boundary = "boundary.geojson"
districts = "districts.geojson"
district_property = "district"
beats = "beats.geojson"
beat_property = "beat"
opt_out = [{ file = "opt_out.geojson", buffer_m = 30.0 }]
"""


def rectangle(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A GeoJSON polygon."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(*features: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection of (properties, geometry)."""
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": own, "geometry": shape} for own, shape in features],
    }


def write_square(folder: Path) -> Path:
    """Write the town's files; the path of its ``agency.toml``. The clinic stands in the middle of the western half."""
    middle = (WEST + EAST) / 2.0
    west, east = rectangle(WEST, SOUTH, middle, NORTH), rectangle(middle, SOUTH, EAST, NORTH)
    clinic = {"type": "Point", "coordinates": [(WEST + middle) / 2.0, (SOUTH + NORTH) / 2.0]}
    files = {
        "boundary": collection(({"owner": "a name that stays"}, rectangle(WEST, SOUTH, EAST, NORTH))),
        "districts": collection(({"district": 1, "chief": "somebody"}, west), ({"district": "2"}, east)),
        "beats": collection(({"beat": "11", "officer": "somebody"}, west), ({"beat": "21"}, east)),
        "opt_out": collection(({"patient": "somebody"}, clinic)),
    }
    for name, document in files.items():
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    toml = folder / "agency.toml"
    toml.write_text(TOML, encoding="utf-8")
    return toml


@pytest.fixture
def square_toml(tmp_path: Path) -> Path:
    """The town's ``agency.toml`` with its GeoJSON beside it."""
    return write_square(tmp_path)


@pytest.fixture(scope="session")
def square_agency(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    """The town as a loaded agency."""
    folder = tmp_path_factory.mktemp("square")
    build_agency(write_square(folder), folder / "agency")
    return load_agency(folder / "agency")
