"""The example agency: what the package holds is what the demo's city makes, and one car alone patrols by it."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from edge.agency.example import PACKAGED, write_example
from edge.demo.example import example_files
from edge.domain.inputs import SignIn
from edge.errors import UserError
from edge.text.config import load
from edge.vehicle.config import GpsConfig, VehicleConfig
from edge.vehicle.daemon import Vehicle
from tests.waiting import wait_for

NEEDED_BY_HEADQUARTERS = ("shapely", "pyproj", "pyogrio", "sqlalchemy", "alembic")
WITHOUT = f"""
import sys
for name in {NEEDED_BY_HEADQUARTERS}:
    sys.modules[name] = None
from edge.cli import main
sys.argv = ["roundsman", "agency", "example", sys.argv[1]]
main()
"""


def test_the_packaged_files_are_what_the_city_makes() -> None:
    """Byte for byte; `python -m edge.demo.example` writes them anew."""
    for name, content in example_files().items():
        packed = PACKAGED.joinpath(f"{name}.gz" if name == "drive.nmea" else name).read_bytes()
        assert (gzip.decompress(packed) if name == "drive.nmea" else packed) == content, name


def test_it_needs_nothing_of_headquarters(tmp_path: Path) -> None:
    """`pip install .` is enough."""
    subprocess.run([sys.executable, "-c", WITHOUT, str(tmp_path / "try")], check=True, timeout=60)
    assert (tmp_path / "try" / "vehicle.toml").exists()


def test_one_car_alone_patrols_by_it(tmp_path: Path) -> None:
    """The plan comes from the stick, the drive's visits count, and nothing is a fault."""
    write_example(tmp_path / "try")
    config = load(VehicleConfig, tmp_path / "try" / "vehicle.toml")
    config = config.model_copy(
        update={
            "gps": GpsConfig(source="replay", log=config.gps.log, speed=0.0),
            "touchscreen": config.touchscreen.model_copy(update={"port": 0}),
        }
    )
    vehicle = Vehicle(config)
    try:
        vehicle.open()
        vehicle.start_engine()
        vehicle.start_incoming()
        published = vehicle.parts.published
        wait_for(lambda: published.state.plans)
        vehicle.parts.engine.post(SignIn(vehicle.clock.mono(), "4711"))
        vehicle.start_gps()
        wait_for(lambda: any(visit.counted for visit in published.state.visits.all()))
        assert published.link.state == "off"
        assert [one for one in published.notices() if one.severity == "fault"] == []
    finally:
        vehicle.stop()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder that holds anything is refused."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is not an empty folder"):
        write_example(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
