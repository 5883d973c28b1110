"""A stick that lies: a genuine manifest beside something that is no plain file of its size stops no car's start."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from edge.contract.bundle import read_manifest, verified_bundle
from edge.contract.manifest import COUNTERSIGNATURE
from edge.contract.plain_file import MOST, open_plain, read_plain
from edge.errors import UserError
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import choose, keep
from tests.bundles import key_in, sign_again, signed_agency
from tests.hanging import hanging
from tests.words import all_shown

pytestmark = pytest.mark.timeout(30)  # an endless file or a pipe would never end


def _link(path: Path) -> None:
    genuine = path.rename(path.parent.parent / "genuine")
    path.symlink_to(genuine)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may be longer than its address holds
        bound.bind(path.name)
        os.chdir(here)


LIES: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "a link to the genuine file": (_link, "is a link, not a plain file"),
    "a link to an endless file": (_endless, "is a link, not a plain file"),
    "a pipe that nobody writes to": (os.mkfifo, "is a pipe, not a plain file"),
    "a folder": (Path.mkdir, "is a folder, not a plain file"),
    "a socket": (_socket, "is a socket, not a plain file"),
    "a sparse file of a terabyte": (_sparse, "has 1,099,511,627,776 bytes, "),
}


@pytest.fixture
def car(tmp_path: Path) -> VehicleConfig:
    """A vehicle that has version 1 in force, and to which version 2 is delivered."""
    signed_agency(tmp_path, "1")
    key = key_in(tmp_path)
    data, agency = tmp_path / "data", tmp_path / "1"
    config = VehicleConfig(unit="car-1", agency=agency, agency_key=key, district="1", data=data)
    keep(choose(config), data)
    signed_agency(tmp_path, "2", version=2)
    return config.model_copy(update={"agency": tmp_path / "2"})


@pytest.mark.parametrize("name", ["manifest.json", "signature.json", COUNTERSIGNATURE, "grid.json", "map.json"])
@pytest.mark.parametrize("lie", LIES)
def test_what_is_no_plain_file_of_a_bundle_is_refused_unread(lie: str, name: str, car: VehicleConfig) -> None:
    """Wherever it stands: one sentence names it, and the bundle in force stays."""
    make, says = LIES[lie]
    path = car.agency / name
    if make is not _link:
        path.unlink(missing_ok=True)
    elif not path.exists():
        path.write_text("{}")
    make(path)
    choice = keep(choose(car), car.data)
    (notice,) = all_shown(choice.refusals)
    assert f"{path}: {says}" in notice
    assert choice.manifest.version == 1


def test_a_folder_of_models_that_is_a_link_leads_nowhere(car: VehicleConfig, tmp_path: Path) -> None:
    """What lies on the stick is what is read, at every level."""
    (car.agency / "models").symlink_to("/dev")
    with pytest.raises(UserError, match="models: is a link, not a plain folder"):
        read_plain(car.agency, "models/zero")
    (car.agency / "models").unlink()
    os.mkfifo(car.agency / "models")
    with pytest.raises(UserError, match="models: is a pipe, not a plain folder"):
        read_plain(car.agency, "models/zero")


def test_a_file_of_another_size_than_the_manifest_lists_is_not_opened(car: VehicleConfig, tmp_path: Path) -> None:
    """A bundle that names daily keys lists the bytes of its files; one of an older form is bounded all the same."""
    sizes = {name: (car.agency / name).stat().st_size for name in read_manifest(car.agency).files}
    sign_again(car.agency, tmp_path / "key.pem", sizes=sizes)
    assert verified_bundle(car.agency, car.agency_key).manifest.sizes == sizes
    with (car.agency / "map.json").open("ab") as file:
        file.write(b" ")
    with pytest.raises(UserError, match=r"map.json: has [\d,]+ bytes, not the [\d,]+ of the manifest"):
        verified_bundle(car.agency, car.agency_key)
    with (car.agency / "map.json").open("wb") as file:
        file.truncate(MOST + 1)
    with pytest.raises(UserError, match=r"map.json: has 64,000,001 bytes, more than 64,000,000"):
        read_plain(car.agency, "map.json")


def test_a_file_that_grows_while_it_is_read_has_its_bound(tmp_path: Path) -> None:
    """Whoever appends meanwhile does not keep the reader."""
    path = tmp_path / "grows"
    path.write_bytes(b"12345")
    with open_plain(tmp_path, "grows", most=8) as file:
        with path.open("ab") as more:
            more.write(b"6" * 100)
        assert file.read(8) == b"12345666"
    assert read_plain(tmp_path, "grows", most=1000)[:6] == b"123456"


def test_what_the_manifest_does_not_list_is_never_opened(car: VehicleConfig) -> None:
    """A pipe, an endless file or a folder of a stranger's names beside a good bundle: it is adopted without them."""
    os.mkfifo(car.agency / "counts.npz")
    (car.agency / "readme.txt").symlink_to("/dev/zero")
    (car.agency / "..thumbs").mkdir()
    choice = keep(choose(car), car.data)
    assert (choice.refusals, choice.manifest.version) == ((), 2)
    listed = {*choice.manifest.files, "manifest.json", "signature.json"}
    assert {path.name for path in choice.directory.iterdir()} == listed


@pytest.mark.parametrize("name", ["../grid.json", "/etc/passwd", "models/../../x.onnx", "models/x.exe", "a\0b"])
def test_a_manifest_names_nothing_beyond_a_bundle(name: str, car: VehicleConfig, tmp_path: Path) -> None:
    """However well it is signed."""
    manifest = read_manifest(car.agency)
    other = manifest.model_copy(update={"files": {**manifest.files, name: "0" * 64}})
    (car.agency / "manifest.json").write_bytes(other.canonical())
    (notice,) = all_shown(choose(car).refusals)
    assert "is not a file of a bundle" in notice


def test_a_pipe_among_dropped_documents_is_left_alone(tmp_path: Path) -> None:
    """The brother of the stick: the folder of documents brought by hand opens plain files only, too."""
    os.mkfifo(tmp_path / "plan.json")
    with pytest.raises(UserError, match="is a pipe"):
        read_plain(tmp_path, "plan.json")
    shutil.copy(Path(__file__), tmp_path / "own.json")
    assert read_plain(tmp_path, "own.json") == Path(__file__).read_bytes()


def test_a_stick_that_hangs_while_it_is_read_stops_no_start(car: VehicleConfig) -> None:
    """The bundle in force is used, and the sentence says what to do; without one, the start is refused in time."""
    with hanging(car.agency):
        choice = keep(choose(car, within_s=0.5), car.data)
        (notice,) = all_shown(choice.refusals)
        assert f"{car.agency}: not responding; unplug the drive and plug it in again" in notice
        assert choice.manifest.version == 1
        with pytest.raises(UserError, match="not responding"):
            choose(car.model_copy(update={"data": car.data / "none"}), within_s=0.5)
    assert choose(car).manifest.version == 2
