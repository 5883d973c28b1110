"""Making a release: the same bytes of the same source, what it needs by the lock's hashes, and what it is made of."""

import json
import subprocess
from pathlib import Path
from platform import machine
from typing import Final
from zipfile import ZipFile

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from edge.errors import UserError
from provisioning.release.make import SBOM, make_release, order_back
from provisioning.release.targets import Target
from provisioning.software.verified import MANIFEST, copy_verified, read_manifest
from provisioning.update import environment
from provisioning.update.places import Places
from tests.provisioning.release.town import HERE, KEY, PUBLIC, PYTHON, Workshop, write_release

INSTALL: Final = Path(__file__).parents[3] / "firmware_config/install_release.sh"
OWN, NEEDED = "roundsman-0.2.0-py3-none-any.whl", "lamp-1.0.0-py3-none-any.whl"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where a release was made, into ``one``."""
    made = Workshop(tmp_path_factory.mktemp("shop"))
    make_release(made.source(made.needed()), made.folder / "one", KEY, made.pip_options())
    return made


@pytest.mark.timeout(300)
def test_a_release_is_whole_signed_and_the_same_bytes_again(shop: Workshop, tmp_path: Path) -> None:
    """Whoever builds: other modes, other times, another folder. Its SBOM is valid CycloneDX and names all parts."""
    again = Workshop(tmp_path / "elsewhere/deep")
    again.folder.mkdir(parents=True)
    other = again.source(Target(PYTHON, machine(), shop.folder / "lock.txt"), "copy")
    (other.tree / "roundsman/__init__.py").chmod(0o600)
    made = make_release(other, tmp_path / "two", KEY, shop.pip_options())
    files = {path.name: path.read_bytes() for path in (shop.folder / "one").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()} == files
    assert set(files) == {OWN, NEEDED, SBOM, MANIFEST}
    held = read_manifest(tmp_path / "two", PUBLIC)
    copy_verified(held, held.statement.digests, tmp_path / "two")
    assert held.statement == made
    assert (held.version, held.predicate.targets) == ("0.2.0", {HERE: (OWN, NEEDED)})
    text = files[SBOM].decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    named = {(one["name"], one["version"]) for one in json.loads(text)["components"]}
    model = next(one for one in named if one[0] == "roundsman/theft.onnx")
    assert named == {("lamp", "1.0.0"), ("drawn", "1.2.3"), model}


@pytest.mark.timeout(300)
def test_a_unit_makes_an_environment_of_it_without_a_network(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its program runs and says the version; one that says another is refused."""
    release = shop.folder / "one"
    digests, names = read_manifest(release, PUBLIC).statement.digests, (OWN, NEEDED)
    place = tmp_path / "place"
    place.mkdir()
    environment.install(release, digests, names, "0.2.0", place)
    said = subprocess.run([place / "bin/roundsman", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == "roundsman, version 0.2.0\n"
    monkeypatch.setattr(environment, "_run", lambda *_: "roundsman, version 0.2.0")
    with pytest.raises(UserError, match=r"says it is Roundsman 0\.3\.0"):
        environment.install(release, digests, names, "0.3.0", place)


@pytest.mark.long
def test_the_first_release_is_installed_by_a_script(shop: Workshop, tmp_path: Path) -> None:
    """As the updater would: the same name, both links. A second time it refuses."""
    command = ["sh", str(INSTALL), str(shop.folder / "one"), str(tmp_path / "opt")]
    subprocess.run(command, check=True)
    places, name = Places(tmp_path / "opt"), read_manifest(shop.folder / "one", PUBLIC).name
    assert (places.runs, places.good) == (name, name)
    assert places.is_complete(name)
    said = subprocess.run([tmp_path / "opt/bin/roundsman", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == "roundsman, version 0.2.0\n"
    assert subprocess.run(command, check=False).returncode == 2


def test_what_has_not_the_locks_hash_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    """As pip says it; neither the release nor a half of it is there."""
    shop = Workshop(tmp_path)
    shop.links.mkdir()
    with ZipFile(shop.links / NEEDED, "w") as wheel:
        wheel.writestr("lamp-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: lamp\nVersion: 1.0.0\n")
        wheel.writestr("lamp-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"lamp==1.0.0 --hash=sha256:{'0' * 64}\n")
    source = shop.source(Target(PYTHON, machine(), lock))
    with pytest.raises(UserError, match="Expected sha256"):
        make_release(source, tmp_path / "one", KEY, shop.pip_options())
    assert not [path for path in tmp_path.iterdir() if "one" in path.name]


def test_an_order_to_go_back_is_the_old_release_signed_anew(tmp_path: Path) -> None:
    """The same files, a later instant; files that are not whole are not signed."""
    write_release(tmp_path / "old", "0.1.0")
    order = order_back(tmp_path / "old", KEY, 1_770_000_000.0)
    held = read_manifest(tmp_path / "old", PUBLIC)
    assert held.statement == order
    assert (held.predicate.downgrade, held.version) == (True, "0.1.0")
    assert held.predicate.issued.timestamp() == 1_770_000_000.0
    (tmp_path / "old" / NEEDED).write_bytes(b"other")
    before = (tmp_path / "old" / MANIFEST).read_bytes()
    with pytest.raises(UserError, match=NEEDED):
        order_back(tmp_path / "old", KEY, 1_780_000_000.0)
    assert (tmp_path / "old" / MANIFEST).read_bytes() == before
