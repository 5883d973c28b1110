"""The file of street names in the car: copied with the bundle, and done without where it is not there."""

import hashlib
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.agency.build import build_agency
from edge.contract.bundle import read_manifest
from edge.contract.manifest import Manifest, OptionalFile
from edge.errors import UserError
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import choose, keep
from tests.agency.named_streets import CROSSING, with_streets
from tests.agency.square import LASTING, square_toml
from tests.bundles import sign_again

__all__ = ["square_toml"]


@pytest.fixture
def car(square_toml: Path, tmp_path: Path) -> VehicleConfig:
    """A car to which the square town's bundle with two named streets was delivered."""
    toml = with_streets(tmp_path, square_toml)
    report = build_agency(toml, tmp_path / "delivered", key=tmp_path / "key.pem", terms=LASTING)
    return VehicleConfig(
        unit="car-1", agency=report.directory, agency_key=report.public_key, district="1", data=tmp_path / "data"
    )


def place(car: VehicleConfig) -> str | None:
    """Of the crossing's box, as a car that starts knows it."""
    agency = keep(choose(car), car.data).agency
    box = agency.grid.box_of(*CROSSING)
    return agency.place(None if box is None else box.cell)


def test_names_are_copied_with_the_bundle(car: VehicleConfig) -> None:
    """When the stick has gone the car still has them."""
    assert place(car) == "Main / 4th"
    for path in car.agency.iterdir():
        path.unlink()
    car.agency.rmdir()
    assert place(car) == "Main / 4th"


def test_what_older_software_did_not_copy_is_copied_once_it_is_known(car: VehicleConfig) -> None:
    """From the same bundle, where it is still there; without it the kept one is used as it is."""
    kept = keep(choose(car), car.data).directory
    (kept / "places.json").unlink()
    assert place(car) == "Main / 4th"
    assert (kept / "places.json").is_file()
    (kept / "places.json").unlink()
    shutil.rmtree(car.agency)
    assert place(car) is None


def test_a_file_that_only_newer_software_knows_is_copied(car: VehicleConfig, tmp_path: Path) -> None:
    """Its hash is checked like every other's, so that it is there when the car is updated; a changed one is refused."""
    (car.agency / "harbor.json").write_bytes(b"boats")
    listed = OptionalFile(sha256=hashlib.sha256(b"boats").hexdigest(), size=5)
    sign_again(car.agency, tmp_path / "key.pem", optional={**read_manifest(car.agency).optional, "harbor.json": listed})
    assert (keep(choose(car), car.data).directory / "harbor.json").read_bytes() == b"boats"
    shutil.rmtree(car.data)
    (car.agency / "harbor.json").write_bytes(b"goats")
    with pytest.raises(UserError, match=r"harbor\.json"):
        choose(car)


@pytest.mark.parametrize(
    "name", ["agency.json", "manifest.json", "counts.npz", "../up.json", "a/b.json", ".hidden", "x"]
)
def test_an_optional_file_has_a_plain_name_of_its_own(name: str, car: VehicleConfig) -> None:
    """Neither one of those that must be there, nor one that leads elsewhere."""
    manifest = read_manifest(car.agency)
    listed = OptionalFile(sha256="0" * 64, size=1)
    with pytest.raises(ValidationError, match="not a file that a bundle may have"):
        Manifest.model_validate({**manifest.model_dump(), "optional": {name: listed}})
