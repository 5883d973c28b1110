"""The demo city, made once, and as a built agency."""

from pathlib import Path

import pytest

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.demo.city import City, make_city
from edge.demo.city_files import write_city

SHIFT = "2026-11-22/night"


@pytest.fixture(scope="session")
def city() -> City:
    """The city of the demo's own seed."""
    return make_city()


@pytest.fixture(scope="session")
def city_folder(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files: GeoJSON, agency.toml, plan.toml, and the built directory ``agency``."""
    folder = tmp_path_factory.mktemp("city")
    build_agency(write_city(city, folder, SHIFT), folder / "agency")
    return folder


@pytest.fixture(scope="session")
def city_agency(city_folder: Path) -> Agency:
    """The city as a loaded agency."""
    return load_agency(city_folder / "agency")
