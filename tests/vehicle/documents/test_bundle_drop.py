"""A bundle that comes by hand: verified, stored for the next start, named; what runs is not touched."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.contract.bundle import read_manifest
from edge.contract.manifest import Manifest
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import adopt, choose, keep
from edge.vehicle.documents.bundle_drop import REFUSED, BundleDrop
from tests.bundles import key_in, signed_agency
from tests.hanging import hanging
from tests.words import all_shown

STORED = "Agency bundle version {} stored. It is used from the next start of this car."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's bundles ``1`` to ``4``, and one of another key."""
    folder = tmp_path_factory.mktemp("made")
    for version in (1, 2, 3, 4):
        signed_agency(folder, str(version), version=version)
    signed_agency(folder, "strange", key="other.pem", version=9)
    return folder


@pytest.fixture
def car(made: Path, tmp_path: Path) -> VehicleConfig:
    """A car that runs on version 1, as it was delivered."""
    config = VehicleConfig(
        unit="car-1", agency=made / "1", agency_key=key_in(made), district="1", data=tmp_path / "data"
    )
    keep(choose(config), config.data)
    return config


@pytest.fixture
def drop(car: VehicleConfig) -> BundleDrop:
    used = choose(car)
    return BundleDrop([car.data / "incoming"], [car.data / "stick"], lambda path: adopt(path, car, used))


def put(made: Path, name: str, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return shutil.copytree(made / name, folder / f"bundle-{name}")


def test_a_dropped_bundle_is_used_from_the_next_start(car: VehicleConfig, drop: BundleDrop, made: Path) -> None:
    """It is removed once it is stored; the old one where it was delivered is no news any more, at no start."""
    path = put(made, "2", car.data / "incoming")
    drop.look()
    assert all_shown(drop.notices()) == [STORED.format(2)]
    assert not path.exists()
    for _ in range(2):
        choice = keep(choose(car), car.data)
        assert (choice.manifest.version, choice.refusals) == (2, ())


def test_what_runs_keeps_its_files(car: VehicleConfig, drop: BundleDrop, made: Path) -> None:
    """Two updates in one drive: that in use stays on the disk, beside the newest and the one before."""
    used = choose(car).directory
    for name in ("2", "3", "4"):
        put(made, name, car.data / "incoming")
        drop.look()
    versions = sorted(read_manifest(one).version for one in (car.data / "bundles").glob("*-*"))
    assert versions == [1, 3, 4]
    assert used.is_dir()


def test_a_stick_is_only_read(car: VehicleConfig, drop: BundleDrop, made: Path) -> None:
    """And its bundle is stored once; that in force is no news."""
    paths = [put(made, name, car.data / "stick") for name in ("1", "2")]
    drop.look()
    assert all_shown(drop.notices()) == [STORED.format(2)]
    calls: list[Path] = []
    drop._adopt = _counting(drop._adopt, calls)
    drop.look()
    assert calls == []
    assert all(path.is_dir() for path in paths)


def _counting(adopt: Callable[[Path], Manifest | None], calls: list[Path]) -> Callable[[Path], Manifest | None]:
    def counted(path: Path) -> Manifest | None:
        calls.append(path)
        return adopt(path)

    return counted


def test_one_that_is_still_copied_is_left_alone(car: VehicleConfig, drop: BundleDrop, made: Path) -> None:
    """Nothing is said while it grows; once it is whole it is stored."""
    path = put(made, "2", car.data / "incoming")
    whole = (path / "map.json").read_bytes()
    (path / "map.json").write_bytes(whole[:50])
    drop.look()
    assert drop.notices() == ()
    (path / "map.json").write_bytes(whole)
    drop.look()
    assert all_shown(drop.notices()) == [STORED.format(2)]


@pytest.mark.parametrize(
    ("name", "says"), [("strange", "not signed with the trusted agency key"), ("1", "older bundle ignored")]
)
def test_one_that_is_refused_is_named_once_it_rests(
    name: str, says: str, car: VehicleConfig, drop: BundleDrop, made: Path
) -> None:
    """Another key, an older version; the next good one ends the sentence."""
    put(made, "2", car.data / "incoming")
    drop.look()
    put(made, name, car.data / "incoming")
    drop.look()
    drop.look()
    refused, stored = all_shown(drop.notices())
    assert refused.startswith("Agency bundle rejected: ")
    assert says in refused
    assert stored == STORED.format(2)
    put(made, "3", car.data / "incoming")
    drop.look()
    assert all_shown(drop.notices()) == [STORED.format(3)]


def test_a_stick_that_hangs_ends_nothing(car: VehicleConfig, made: Path) -> None:
    """The thread goes on giving signs of life, and the screen says what to do."""
    (car.data / "stick").mkdir()
    stop = threading.Event()
    drop = BundleDrop([], [car.data / "stick"], lambda _: None, patience_s=0.2)
    with hanging(car.data / "stick"):
        thread = threading.Thread(target=drop.run, args=(stop,))
        thread.start()
        while drop.trouble is None:
            stop.wait(0.05)
        stop.set()
        thread.join(10.0)
    assert not thread.is_alive()
    assert all_shown(drop.notices()) == ["The USB drive is not responding. Unplug it and plug it in again."]


def test_one_that_is_refused_is_marked_in_the_cars_own_folder_alone(
    car: VehicleConfig, drop: BundleDrop, made: Path
) -> None:
    """Who downloaded it reports it; a stick is only read. The mark changes nothing: it is not looked at again."""
    own, stick = (put(made, "strange", car.data / folder) for folder in ("incoming", "stick"))
    drop.look()
    assert not (own / REFUSED).exists()
    drop.look()
    assert ((own / REFUSED).exists(), (stick / REFUSED).exists()) == (True, False)
    (own / REFUSED).unlink()
    drop.look()
    drop.look()
    assert not (own / REFUSED).exists()


def test_what_the_disk_does_not_take_is_not_marked_as_refused(
    car: VehicleConfig, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the bundle's: the next start takes it."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    used = choose(car)
    path = put(made, "2", car.data / "incoming")
    with monkeypatch.context() as patched:
        patched.setattr("edge.vehicle.store.bundle_store.BundleStore.keep", full)
        drop = BundleDrop([car.data / "incoming"], [], lambda path: adopt(path, car, used))
        drop.look()
        drop.look()
        assert "it cannot be stored" in all_shown(drop.notices())[0]
    assert not (path / REFUSED).exists()
