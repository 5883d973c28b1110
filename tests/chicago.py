"""Chicago as an agency, built once a session from the shared data: a pytest plugin module to import fixtures from."""

from pathlib import Path

import pytest

from edge.agency.build import BuildReport, build_agency
from edge.contract.agency import Agency, load_agency
from tests.agency.square import LASTING

AGENCY_TOML = """\
id = "chicago"
name = "Chicago"
zone = "America/Chicago"
tactics_version = "1"

[[shifts]]
name = "day"
starts = 06:00:00
[[shifts]]
name = "evening"
starts = 14:00:00
[[shifts]]
name = "night"
starts = 22:00:00

[[tactics]]
id = "foot-patrol"
label = "Foot patrol"
[[tactics]]
id = "business-check"
label = "Business check"
crime_types = ["robbery", "burglary", "theft"]
[[tactics]]
id = "talk"
label = "Talk with residents"
[[tactics]]
id = "visible-park"
label = "Park in plain view"
[[tactics]]
id = "lights"
label = "Report lights out"
[[tactics]]
id = "lock-it"
label = "Lock-it leaflets"
crime_types = ["motor_vehicle_theft", "theft"]

[sources]
boundary = "{data}/boundary_city.geojson"
districts = "{data}/police_districts.geojson"
district_property = "District"
beats = "{data}/police_beats.geojson"
beat_property = "District"
opt_out = [{{ file = "opt_out.geojson", buffer_m = 30.0 }}]
"""

OPT_OUT = """\
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"kind": "shelter"},
 "geometry": {"type": "Point", "coordinates": [-87.6600, 41.8800]}},
{"type": "Feature", "properties": {"kind": "clinic"},
 "geometry": {"type": "Point", "coordinates": [-87.6301, 41.7701]}}
]}
"""


def write_chicago(folder: Path, data: Path) -> Path:
    """Write Chicago's ``agency.toml`` and opt-out places into a folder; the rest is read where the shared data lies."""
    (folder / "opt_out.geojson").write_text(OPT_OUT, encoding="utf-8")
    toml = folder / "agency.toml"
    toml.write_text(AGENCY_TOML.format(data=data / "chicago"), encoding="utf-8")
    return toml


@pytest.fixture(scope="session")
def chicago_report(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    """The report of building Chicago; beside its directory lie ``agency.toml`` and the private key ``key.pem``."""
    folder = tmp_path_factory.mktemp("chicago")
    return build_agency(write_chicago(folder, shared_data), folder / "agency", key=folder / "key.pem", terms=LASTING)


@pytest.fixture(scope="session")
def chicago_agency(chicago_report: BuildReport) -> Agency:
    """Chicago: 277 beats, 3 shifts, 6 tactics, two opt-out places, models off."""
    return load_agency(chicago_report.directory)
