"""A bundle packed, signed, looked over and shown: nothing incomplete gets in, and each check has its sentence."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from edge.agency.build import build_agency
from edge.agency.bundle import sign_bundle
from edge.agency.pack import Terms
from edge.cli import roundsman
from edge.contract.agency import Agency, load_agency
from edge.contract.bundle import read_manifest, verified_bundle
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError
from edge.risk.counts import save_counts
from edge.risk.layers import Layers, save_layers
from tests.agency.square import LASTING, write_square
from tests.bundles import EXPIRED, WRONG, signed_agency
from tests.models.small_models import small
from tests.risk.town_risk import MISSING, SPOILT, TYPES, counts, export, risk_directory


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Squaretown's sources, key, ``risk`` and the whole, signed bundle ``agency``."""
    folder = tmp_path_factory.mktemp("made")
    risk = risk_directory(folder, signed_agency(folder))
    build_agency(folder / "agency.toml", folder / "agency", folder / "key.pem", risk, replace(LASTING, version=2))
    return folder


@pytest.fixture
def town(made: Path, tmp_path: Path) -> Path:
    """A copy of the folder, to be spoilt."""
    shutil.copytree(made, tmp_path / "town")
    return tmp_path / "town"


def call(*words: object) -> tuple[str, str]:
    """A command: what it printed, and the sentence it was refused with."""
    result = CliRunner().invoke(roundsman, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, UserError), result.exc_info
    return result.output, str(result.exception or "")


def rebuild(town: Path, **terms: Any) -> Agency:
    """Build the town again with its risk directory."""
    build_agency(town / "agency.toml", town / "agency", town / "key.pem", town / "risk", Terms(**terms))
    return load_agency(town / "agency")


def test_a_bundle_holds_all_that_a_vehicle_needs(made: Path) -> None:
    """Grid, policy, tactics, map, counts, layers, models with cards and self-tests, byte for byte; all signed."""
    bundle = verified_bundle(made / "agency", public_key_of(load_private_key(made / "key.pem")))
    assert bundle.manifest.crime_types == TYPES
    for path in (made / "risk").rglob("*.*"):
        assert (made / "agency" / path.relative_to(made / "risk")).read_bytes() == path.read_bytes()


def test_a_build_says_version_signature_expiry_models_and_size(town: Path) -> None:
    """As `roundsman agency build` prints it."""
    words = ("--out", town / "agency", "--key", town / "key.pem", "--risk", town / "risk", "--expires", "2099-01-01")
    said, _ = call("agency", "build", town / "agency.toml", *words)
    assert "version 3, signed, expires 2099-01-02; 2 models; 0.1 MB of at most 10 MB" in said
    assert "note: the theft model expires on 2025-05-11, before the bundle" in said
    said, _ = call("agency", "build", town / "agency.toml", "--out", town / "bare", "--version", "5")
    assert "version 5, NOT SIGNED, expires " in said
    assert "no models; 0.0 MB" in said
    assert "vehicles reject an unsigned bundle" in said


def test_expiry_is_told_one_way(town: Path) -> None:
    """A date or a number of days."""
    both = ("--expires", "2099-01-01", "--valid-days", "3")
    _, refused = call("agency", "build", town / "agency.toml", "--out", town / "new", *both)
    assert refused == "give either --expires or --valid-days"


@pytest.mark.parametrize("wrong", [*MISSING, *SPOILT])
def test_protection_8_nothing_is_packed_that_a_car_would_not_open(wrong: str, town: Path) -> None:
    """No card, no self-test, a denied type, somebody else's: named, and the bundle that was there stays."""
    spoil, says = {**MISSING, **SPOILT}[wrong]
    spoil(town / "risk" / "models")
    before = load_agency(town / "agency").hash
    with pytest.raises(UserError) as refused:
        rebuild(town)
    assert says in str(refused.value)
    assert load_agency(town / "agency").hash == before
    assert not list(town.glob(".agency*"))


def test_models_are_packed_with_their_counts_and_layers_and_for_this_grid(town: Path) -> None:
    """A car could not make their features otherwise."""
    boxes = len(load_agency(town / "agency").grid.boxes)
    save_counts(town / "risk" / "counts.npz", counts(box=boxes))
    with pytest.raises(UserError, match=r"counts.npz: has a box that is not in this agency's grid"):
        rebuild(town)
    (town / "risk" / "counts.npz").write_bytes(b"no counts")
    with pytest.raises(UserError, match=r"^counts\.npz: damaged"):
        rebuild(town)
    (town / "risk" / "counts.npz").unlink()
    with pytest.raises(UserError, match=r"counts.npz: missing, but the models need it"):
        rebuild(town)
    save_counts(town / "risk" / "counts.npz", counts(box=0))
    save_layers(town / "risk" / "layers.npz", Layers.none(boxes + 1))
    with pytest.raises(UserError, match=r"homicide.onnx: trained with different layers than layers.npz"):
        rebuild(town)


def test_another_agencys_models_are_refused(town: Path) -> None:
    """Their boxes are not these."""
    export(town / "risk" / "models", load_agency(town / "agency"), small(), agency="chicago")
    with pytest.raises(UserError, match="trained for agency 'chicago', not 'squaretown'"):
        rebuild(town)


@pytest.mark.parametrize(
    ("risk", "says"),
    [
        ("nowhere", "nowhere: not a directory"),
        ("agency.toml", "not a directory"),
        ("empty", "no counts or models"),
    ],
)
def test_what_is_no_risk_directory_is_refused(risk: str, says: str, town: Path) -> None:
    """The sentence names it."""
    (town / "empty").mkdir()
    with pytest.raises(UserError, match=says):
        build_agency(town / "agency.toml", town / "agency", town / "key.pem", town / risk)


@pytest.mark.parametrize("name", ["models/notes.txt", "notes/theft.onnx", "notes.txt"])
def test_a_bundle_is_replaced_and_a_directory_with_anything_else_is_not(name: str, town: Path) -> None:
    """Models, cards and a signature belong to an agency directory; somebody's notes do not."""
    rebuild(town)
    path = town / "agency" / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    with pytest.raises(UserError, match="contains files that are not part of an agency directory"):
        rebuild(town)
    assert path.exists()


def test_a_bundle_built_elsewhere_is_signed_where_the_key_is(tmp_path: Path) -> None:
    """Built with the public key alone; signed, it is what a car takes, and nothing but the signature is new."""
    public = public_key_of(create_private_key(tmp_path / "key.pem"))
    toml = write_square(tmp_path)
    toml.write_text(f'public_key = "{public}"\n{toml.read_text()}')
    build_agency(toml, tmp_path / "agency", terms=LASTING)
    before = read_manifest(tmp_path / "agency")
    with pytest.raises(UserError, match="not signed;"):
        verified_bundle(tmp_path / "agency", public)
    said, refused = call("agency", "sign", tmp_path / "agency", "--key", tmp_path / "key.pem")
    assert (said.partition(": ")[2], refused) == ("version 1 signed; expires 2099-12-31\n", "")
    assert verified_bundle(tmp_path / "agency", public).manifest == before


def test_nothing_is_signed_that_is_not_whole_or_not_the_keys(town: Path, tmp_path: Path) -> None:
    """Another key; a bundle that was changed since it was built; models without what they need."""
    other = create_private_key(tmp_path / "other.pem")
    with pytest.raises(UserError, match="public_key does not match the key"):
        sign_bundle(town / "agency", other)
    (town / "agency" / "map.json").write_text("{}")
    with pytest.raises(UserError, match=r"map.json: its SHA-256 does not match the manifest"):
        sign_bundle(town / "agency", load_private_key(town / "key.pem"))


def test_a_good_bundle_is_good_in_every_row(town: Path) -> None:
    """A table of what was looked at."""
    key = public_key_of(load_private_key(town / "key.pem"))
    for words, whose in (
        (("--key", key), "as given"),
        ((), "taken from the bundle itself; compare it with a copy you trust"),
    ):
        said, refused = call("agency", "verify", town / "agency", *words)
        assert refused == ""
        rows = [line.split(maxsplit=2) for line in said.splitlines()]
        assert [row[0] for row in rows] == ["manifest", "files", "signature", "scope", "expiry", "models"]
        assert {row[1] for row in rows} == {"good"}
        assert rows[2][2] == f"of the key {key}, {whose}"
        assert rows[5][2] == "homicide, theft"


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_a_bundle_is_the_commands_sentence(wrong: str, town: Path) -> None:
    """The first thing that is, in the words in which a car would refuse it, but for a missing file's mend."""
    spoil, says = WRONG[wrong]
    spoil(town / "agency")
    said, refused = call("agency", "verify", town / "agency")
    assert says.replace("No such file", "no such file") in refused.replace("No such file", "no such file")
    assert ("BAD" in said) or said == ""


def test_verify_tells_expiry_another_key_and_what_is_not_listed(town: Path) -> None:
    """A car warns of the first, refuses the second, and does not copy the third."""
    signed_agency(town, "old", **EXPIRED)
    said, refused = call("agency", "verify", town / "old")
    assert "expiry     BAD   2026-02-02 06:00 UTC" in said
    assert refused.startswith("Agency bundle version 1 expired on 2026-02-02")
    said, refused = call("agency", "verify", town / "agency", "--key", "00" * 32)
    assert refused.startswith("--key: ")
    assert "not signed with the trusted agency key given here, but with" in refused
    assert "scope      good" in said
    for key in ("xyz", "00" * 31, "00" * 33, "0g" * 32):
        _, refused = call("agency", "verify", town / "agency", "--key", key)
        assert refused.startswith("--key: must be 64 hexadecimal digits")
    (town / "agency" / "models" / "narcotics.onnx").touch()
    _, refused = call("agency", "verify", town / "agency")
    assert "models/narcotics.onnx: not in the manifest" in refused


def test_a_bundle_is_shown(made: Path) -> None:
    """What is inside, by whom it is signed, until when it holds; each model with its groups and window."""
    said, _ = call("agency", "show", made / "agency")
    key = public_key_of(load_private_key(made / "key.pem"))
    assert "Squaretown (squaretown, America/Chicago), bundle version 2" in said
    assert f"expires 2099-12-31T06:00:00Z; signed for key {key}" in said
    assert "theft: " in said
    assert "2025-01-01 to 2025-02-09, expires 2025-05-11" in said
    assert "homicide: " in said
    assert "base only: " in said
    assert "    own: 3 features, " in said
    assert "  models/theft.onnx" in said
    shown = json.loads(call("agency", "show", made / "agency", "--json")[0])
    assert (shown["version"], shown["signed"], shown["hash"]) == (2, True, load_agency(made / "agency").hash)
    assert shown["models"]["theft"]["data"]["source"] == "Made up for tests."
    assert shown["bytes"] == sum(shown["files"].values())


def test_a_bundle_without_models_says_so(town: Path) -> None:
    """The system is useful without them, and nobody should wonder."""
    signed_agency(town, "bare")
    assert "no models: risk is off" in call("agency", "show", town / "bare")[0]
    assert "models     good  none: risk is off" in call("agency", "verify", town / "bare")[0]
