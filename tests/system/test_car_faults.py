"""Faults of the car's disk and files, on the real daemon: set aside, said in a sentence, and metering goes on."""

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.records import GENESIS, chain
from edge.vehicle.store.ledger import Reader
from tests.system.route import NOON, row_of_boxes, write_log
from tests.system.site import Site, Vehicle, wait_for
from tests.words import all_shown

pytestmark = pytest.mark.timeout(300)  # in real time


@pytest.fixture
def vehicle(chicago_site: Site, chicago_agency: Agency) -> Vehicle:
    """A car that replays a drive, 50 times as fast as it was driven."""
    log = chicago_site.folder / "drive.nmea"
    cells = row_of_boxes(chicago_agency, 6)
    write_log(log, chicago_agency.grid, cells, 200, NOON)
    gps: dict[str, str | int | float] = {"source": "replay", "log": str(log), "speed": 50.0}
    return chicago_site.vehicle("car-1", chicago_agency.grid.boxes[cells[0]].district, gps)


def records(vehicle: Vehicle) -> int:
    """How many records the vehicle shows."""
    return int(vehicle.state().get("recorded", 0))


def start(vehicle: Vehicle) -> None:
    """Start it and wait for its screen."""
    vehicle.daemon.start()
    wait_for("a screen", lambda: vehicle.state() != {})


def goes_on(vehicle: Vehicle) -> None:
    """A tap is recorded: an officer leaves, another one comes."""
    before = records(vehicle)
    vehicle.tap_in_any_car("sign-in", {"officer": str(before)})
    wait_for("one more record", lambda: records(vehicle) > before)


def keep_in(vehicle: Vehicle, folder: Path) -> None:
    """Have the vehicle keep its records elsewhere."""
    text = vehicle.toml.read_text(encoding="utf-8")
    vehicle.toml.write_text(text.replace(f'data = "{vehicle.data}"', f'data = "{folder}"'), encoding="utf-8")
    vehicle.data = folder


def warns(vehicle: Vehicle, words: str) -> Callable[[], bool]:
    """Whether the screen says so."""
    return lambda: any(words in notice for notice in all_shown(vehicle.state().get("notices", [])))


def is_whole(ledger: Path) -> int:
    """The ledger's chain holds from its first record to its last; how many."""
    with closing(Reader(ledger)) as reader:
        rows = reader.after(0, 1_000_000)
    head = GENESIS
    for number, (seq, body, stored) in enumerate(rows, 1):
        head = chain(head, body)
        assert (seq, head) == (number, stored)
    return len(rows)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB of its own."""
    if os.geteuid() != 0 or not Path("/dev/loop-control").exists():
        pytest.skip("needs root and loop devices: a full disk cannot be had otherwise")
    image, folder = tmp_path / "disk.img", tmp_path / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(8 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Take every byte that a disk has left."""
    with ballast.open("ab", buffering=0) as file:
        for size in (65_536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass


def test_on_a_full_disk_the_trail_goes_first_and_records_go_on(vehicle: Vehicle, small_disk: Path) -> None:
    """The trail makes room for records. With that used up, nothing is shown that is not on disk; the screen says so.

    With room again, all that waited is recorded.
    """
    keep_in(vehicle, small_disk / "records")
    trail = vehicle.data / "breadcrumbs.sqlite3"
    start(vehicle)
    wait_for("a trail", lambda: trail.with_name(trail.name + "-wal").exists())
    goes_on(vehicle)
    fill(small_disk / "ballast")
    wait_for("the trail given up", warns(vehicle, "GPS trail deleted"))
    assert not trail.exists()
    goes_on(vehicle)
    fill(small_disk / "ballast")
    wait_for("the disk's refusal", warns(vehicle, "NOT RECORDING"))
    shown = records(vehicle)
    vehicle.tap("pause", {"reason": "call"})
    assert is_whole(vehicle.data / "ledger.sqlite3") == shown
    assert records(vehicle) == shown
    (small_disk / "ballast").unlink()
    wait_for("the tap that waited", lambda: records(vehicle) > shown)
    wait_for("no warning", lambda: not warns(vehicle, "NOT RECORDING")())
    goes_on(vehicle)
    assert vehicle.daemon.stop() == 0
    assert is_whole(vehicle.data / "ledger.sqlite3") > shown


def lengthen(trail: Path) -> None:
    """A trail of a few hours."""
    with closing(sqlite3.connect(trail)) as db, db:
        rows = [(NOON + second, 41.9, -87.7, 9.0, 4.5) for second in range(20_000)]
        db.executemany("INSERT OR REPLACE INTO fixes (utc, lat, lon, speed, accuracy) VALUES (?, ?, ?, ?, ?)", rows)


def test_a_start_on_a_full_disk_gives_the_trail_up(vehicle: Vehicle, small_disk: Path) -> None:
    """The car was off when the disk filled up: it starts, and records."""
    keep_in(vehicle, small_disk / "records")
    start(vehicle)
    goes_on(vehicle)
    assert vehicle.daemon.stop() == 0
    lengthen(vehicle.data / "breadcrumbs.sqlite3")
    fill(small_disk / "ballast")
    start(vehicle)
    goes_on(vehicle)
    assert warns(vehicle, "GPS trail deleted")()
    assert vehicle.daemon.stop() == 0


def noise(path: Path) -> None:
    """Everything but the first bytes is overwritten."""
    body = path.read_bytes()
    path.write_bytes(body[:100] + b"\xa5" * (len(body) - 100))


def cut(path: Path) -> None:
    """The second half is gone."""
    os.truncate(path, path.stat().st_size // 2)


def folder(path: Path) -> None:
    """A folder has taken the name."""
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("fault", [noise, cut, folder])
def test_files_that_cannot_be_used_are_set_aside(vehicle: Vehicle, fault: Callable[[Path], None]) -> None:
    """A sentence each on the screen, the files kept for a technician, and metering goes on; the next start is clean."""
    names = ["ledger.sqlite3", "breadcrumbs.sqlite3", "documents.json"]
    start(vehicle)
    goes_on(vehicle)
    assert vehicle.daemon.stop() == 0
    for name in names:
        fault(vehicle.data / name)
    (vehicle.data / "documents.previous.json").write_bytes(b"noise")
    start(vehicle)
    said = all_shown(vehicle.state()["notices"])
    assert [sum(name in notice for notice in said) for name in names] == [1, 1, 1]
    assert len(said) == len(names)
    assert all(list(vehicle.data.glob(f"{name}.damaged-*")) for name in names)
    goes_on(vehicle)
    assert vehicle.daemon.stop() == 0
    start(vehicle)
    assert vehicle.state()["notices"] == []
    goes_on(vehicle)
