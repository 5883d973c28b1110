"""Opening a bundle's models: what is wrong with one switches its type off with a sentence, and no other."""

import hashlib
import shutil
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.bundle import read_manifest
from edge.contract.manifest import MANIFEST
from edge.contract.signing import create_private_key, public_key_of
from edge.domain.shift import ShiftRule
from edge.risk.bundle import open_models
from tests.bundles import sign_again, signed_agency
from tests.models.small_models import small
from tests.risk.town_risk import MISSING, SPOILT, TYPES, export, risk_directory, trained_for
from tests.words import shown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Agency]:
    """A folder with Squaretown's bundle and its key, and risk packed into it."""
    folder = tmp_path_factory.mktemp("made")
    agency = signed_agency(folder)
    shutil.copytree(risk_directory(folder, agency), folder / "agency", dirs_exist_ok=True)
    return folder, agency


@pytest.fixture
def town(made: tuple[Path, Agency], tmp_path: Path) -> Path:
    """A copy of the folder, to be spoilt."""
    shutil.copytree(made[0], tmp_path / "town")
    return tmp_path / "town"


def signed(town: Path) -> Path:
    """Sign whatever files of a bundle are there now, models of denied types, too; the bundle."""
    directory = town / "agency"
    paths = {str(path.relative_to(directory)): path for path in directory.rglob("*.*")}
    listed = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in paths.items()
        if name not in (MANIFEST, "signature.json")
    }
    sign_again(directory, town / "key.pem", files=listed)
    return directory


def test_good_models_are_opened(town: Path, made: tuple[Path, Agency]) -> None:
    """Each with its card; what their sessions say of themselves is the agency's."""
    models, refusals = open_models(signed(town), made[1], made[1].public_key)
    assert refusals == ()
    assert tuple(models) == TYPES
    assert models["homicide"].card.base_only is not None
    assert models["theft"].meta.agency == "squaretown"


def test_a_bundle_without_models_has_none(made: tuple[Path, Agency], tmp_path: Path) -> None:
    """An agency with models off has a bundle all the same."""
    assert open_models(tmp_path / "agency", signed_agency(tmp_path)) == ({}, ())


@pytest.mark.parametrize("wrong", [*MISSING, *SPOILT])
def test_protection_8_what_is_wrong_with_a_model_switches_its_type_off(
    wrong: str, town: Path, made: tuple[Path, Agency]
) -> None:
    """However well it is signed: no card, no self-test, a denied type. The other types go on."""
    spoil, says = {**MISSING, **SPOILT}[wrong]
    spoil(town / "agency" / "models")
    models, (notice,) = open_models(signed(town), made[1])
    refusal = shown(notice)
    assert says in refusal
    off = refusal.removeprefix("risk of ").partition(" is off: ")[0]
    assert off not in models
    assert len(models) == len(read_manifest(town / "agency").crime_types) - 1
    assert "homicide" in models


def test_protection_2_a_denied_type_is_refused_by_name(town: Path, made: tuple[Path, Agency]) -> None:
    """The sentence says which it is, and what may be forecast."""
    MISSING["a denied type"][0](town / "agency" / "models")
    _, (notice,) = open_models(signed(town), made[1])
    refusal = shown(notice)
    assert refusal.startswith(
        "risk of narcotics is off: models/narcotics.onnx: 'narcotics' is not an allowed crime type"
    )


@pytest.mark.parametrize(
    ("place", "grid", "says"),
    [
        ({"agency": "chicago"}, True, "trained for agency 'chicago', not 'squaretown'"),
        ({"shifts": ("am", "pm")}, True, "trained for the shifts am, pm"),
        ({}, False, "trained on another grid"),
    ],
)
def test_a_model_of_another_place_is_refused(
    place: dict[str, str], grid: bool, says: str, town: Path, made: tuple[Path, Agency]
) -> None:
    """Its boxes, or its shifts, would be others."""
    trained = trained_for(made[1], small()) if grid else small()
    export(town / "agency" / "models", made[1], trained, **place)
    models, (notice,) = open_models(signed(town), made[1])
    refusal = shown(notice)
    assert refusal.startswith("risk of theft is off: ")
    assert says in refusal
    assert tuple(models) == ("homicide",)


def test_an_agency_that_changes_its_shifts_needs_new_models(town: Path, made: tuple[Path, Agency]) -> None:
    """All of them are off until then."""
    calendar = made[1].calendar
    more = replace(calendar, rules=(*calendar.rules, ShiftRule("late", time(23))))
    models, refusals = open_models(signed(town), replace(made[1], calendar=more))
    assert (models, len(refusals)) == ({}, 2)


def test_a_file_that_changes_after_the_check_is_not_opened(town: Path, made: tuple[Path, Agency]) -> None:
    """A model's switches its type off; one that all models read, all of them."""
    directory = signed(town)
    card = directory / "models" / "theft.card.md"
    card.write_bytes(card.read_bytes() + b" ")
    models, (notice,) = open_models(directory, made[1])
    refusal = shown(notice)
    assert refusal.startswith("risk of theft is off: models/theft.card.md: its SHA-256 does not match the manifest")
    assert tuple(models) == ("homicide",)
    (directory / "counts.npz").write_bytes(b"")
    assert open_models(directory, made[1])[0] == {}
    assert shown(open_models(directory, made[1])[1][0]).startswith("risk is off: counts.npz: its SHA-256")


def test_a_bundle_of_another_key_has_no_models(town: Path, made: tuple[Path, Agency], tmp_path: Path) -> None:
    """For who asks with a key: one that was swapped after it was verified."""
    other = public_key_of(create_private_key(tmp_path / "other.pem"))
    models, (notice,) = open_models(signed(town), made[1], other)
    refusal = shown(notice)
    assert models == {}
    assert refusal.startswith("risk is off: ")
    assert "not signed with the trusted agency key" in refusal
