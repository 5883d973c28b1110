"""A bundle is verified whole, and for one key: whatever is wrong with it is one sentence; its age is only a warning."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.agency.bundle import signature_of
from edge.contract.bundle import read_manifest, verified_bundle
from edge.contract.keys import DailyKey
from edge.contract.manifest import MANIFEST, SIGNATURE, Manifest
from edge.contract.signed_kinds import BUNDLE
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError
from tests.bundles import EXPIRED, WRONG, sign_again, signed_agency
from tests.words import shown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Squaretown's signed bundle ``agency`` and its ``key.pem``."""
    folder = tmp_path_factory.mktemp("made")
    signed_agency(folder)
    return folder


@pytest.fixture
def town(made: Path, tmp_path: Path) -> Path:
    """A copy of the bundle, to be spoilt."""
    shutil.copytree(made / "agency", tmp_path / "agency")
    return tmp_path / "agency"


@pytest.fixture(scope="module")
def key(made: Path) -> str:
    """The town's public key."""
    return public_key_of(load_private_key(made / "key.pem"))


def test_a_bundle_is_verified_by_the_key_that_is_trusted(made: Path, key: str) -> None:
    """Its name is the hash of its manifest, which the agency's status tells headquarters."""
    bundle = verified_bundle(made / "agency", key)
    assert (bundle.key, bundle.manifest.agency, bundle.manifest.version) == (key, "squaretown", 1)
    assert bundle.agency.hash == bundle.manifest.digest()
    assert bundle.manifest.crime_types == ()


def test_without_a_trusted_key_the_bundles_own_is_trusted(made: Path, key: str) -> None:
    """At a vehicle's first start there is none other; which one it was is known from then on."""
    assert verified_bundle(made / "agency", None).key == key


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("wrong", WRONG)
def test_protection_8_no_bundle_without_its_signature(wrong: str, trusted: bool, town: Path, key: str) -> None:
    """Unsigned, changed, incomplete, signed as something else: one sentence names the file, whoever is trusted."""
    spoil, says = WRONG[wrong]
    spoil(town)
    with pytest.raises(UserError) as refused:
        verified_bundle(town, key if trusted else None)
    assert str(refused.value).startswith(str(town))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_another_key_is_refused_however_well_it_signs(town: Path, key: str, tmp_path: Path) -> None:
    """Neither a bundle that names the other key, nor one that names the trusted key but was signed with the other."""
    create_private_key(tmp_path / "other.pem")
    sign_again(town, tmp_path / "other.pem")
    for trusted in (key, None):
        with pytest.raises(UserError, match="not signed with the trusted agency key"):
            verified_bundle(town, trusted)
    signed_agency(tmp_path, "own", key="other.pem")
    with pytest.raises(UserError, match="not signed with the trusted agency key"):
        verified_bundle(tmp_path / "own", key)


def test_protection_8_a_bundle_cannot_name_the_key_that_it_is_signed_with(town: Path, key: str, tmp_path: Path) -> None:
    """A stranger's bundle that names the stranger's key for the agency's role is refused, as any other of theirs is."""
    stranger = create_private_key(tmp_path / "stranger.pem")
    named = DailyKey(key=public_key_of(stranger), expires=datetime(2050, 1, 1, tzinfo=UTC))
    manifest = read_manifest(town).model_copy(update={"version": 9, "keys": {"agency": (named,)}})
    (town / MANIFEST).write_bytes(manifest.canonical())
    (town / SIGNATURE).write_bytes(signature_of(manifest, stranger))
    with pytest.raises(UserError, match=r"keys\.agency.*'agency' is not a role for daily keys"):
        verified_bundle(town, key)


def test_a_manifest_of_another_agency_is_refused(town: Path, made: Path, key: str) -> None:
    """A bundle is for one agency, in its manifest and in its files."""
    sign_again(town, made / "key.pem", agency="chicago")
    with pytest.raises(UserError, match=r"the manifest is for agency 'chicago', agency\.json for 'squaretown'"):
        verified_bundle(town, key)


def test_an_expired_bundle_is_warned_of_and_never_refused(tmp_path: Path) -> None:
    """By the second; the sentence says what happens and what to do."""
    signed_agency(tmp_path, **EXPIRED)
    manifest = verified_bundle(tmp_path / "agency", None).manifest
    ends = manifest.expires.timestamp()
    assert manifest.warning(ends - 1.0) is None
    assert shown(manifest.warning(ends)) == (
        "Agency bundle version 1 expired on 2026-02-02; still in use. Ask headquarters for a new one."
    )


@pytest.mark.parametrize(
    "name",
    ["../key.pem", "/etc/passwd", "models/../../x.onnx", "models/theft.py", "notes.txt", "models/Theft.onnx", ""],
)
def test_a_manifest_lists_nothing_but_a_bundles_files(name: str, made: Path) -> None:
    """A name cannot lead out of the directory."""
    manifest = read_manifest(made / "agency")
    files = {**manifest.files, name: "00" * 32}
    with pytest.raises(ValidationError, match="is not a file of a bundle"):
        Manifest.model_validate({**manifest.model_dump(), "files": files})


def test_a_manifest_lists_the_agencys_files_and_ends_after_it_begins(made: Path) -> None:
    """Grid, policy and map are in every bundle."""
    document = read_manifest(made / "agency").model_dump()
    with pytest.raises(ValidationError, match=r"agency.json, map.json must be listed"):
        Manifest.model_validate({**document, "files": {"grid.json": "00" * 32}})
    with pytest.raises(ValidationError, match="must be after created"):
        Manifest.model_validate({**document, "expires": document["created"]})


def test_the_newer_bundle_has_the_higher_version_or_was_made_later(made: Path) -> None:
    """Two of one version are ordered by when they were made."""
    manifest = read_manifest(made / "agency")
    later = manifest.model_copy(update={"created": manifest.created + timedelta(seconds=1)})
    higher = manifest.model_copy(update={"version": 2, "created": datetime(2025, 1, 1, tzinfo=UTC)})
    assert BUNDLE.order(manifest) < BUNDLE.order(later) < BUNDLE.order(higher)
