"""The model itself: the file system is a file system, and the disk forgets what it may forget, and nothing else."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.powercut.disk import Disk, Image
from tests.powercut.filesystem import RecordingFilesystem
from tests.powercut.mount import mounted
from tests.powercut.operations import ROOT, Note, Operation, SyncFile, SyncFolder

TRIES = 300


def images(log: list[Operation]) -> Iterator[Image]:
    """What many power cuts after the last operation leave."""
    disk = Disk()
    for operation in log:
        disk.take(operation)
    chance = Random(5)  # noqa: S311 - reproducible chance
    return (disk.crash(chance) for _ in range(TRIES))


def found(log: list[Operation]) -> set[tuple[tuple[str, bytes | None], ...]]:
    """The different ones."""
    return {tuple(sorted(image.items())) for image in images(log)}


@pytest.fixture
def files() -> RecordingFilesystem:
    return RecordingFilesystem()


def test_what_was_not_synced_may_be_there_or_not_bytes_and_name_apart(files: RecordingFilesystem) -> None:
    """A new file of one sector: no name, a name without bytes, or all of it."""
    files.write("/a", b"x" * 100, 0, files.create("/a", 0o644))
    assert found(files.log) == {(), (("a", b""),), (("a", b"x" * 100),)}


def test_a_synced_file_has_its_bytes_but_perhaps_no_name(files: RecordingFilesystem) -> None:
    """`fsync` of a new file says nothing of its folder's entry."""
    node = files.create("/a", 0o644)
    files.write("/a", b"x" * 100, 0, node)
    files.fsync("/a", 0, node)
    assert found(files.log) == {(), (("a", b"x" * 100),)}
    files.fsyncdir("/", 0, ROOT)
    assert found(files.log) == {(("a", b"x" * 100),)}


def test_a_rename_is_whole_or_not_there(files: RecordingFilesystem) -> None:
    """The old name or the new one, never both, never neither."""
    for name, body in (("/old", b"1"), ("/new", b"2")):
        node = files.create(name, 0o644)
        files.write(name, body, 0, node)
        files.fsync(name, 1, node)
    files.fsyncdir("/", 0, ROOT)
    files.rename("/old", "/new")
    assert found(files.log) == {(("new", b"2"), ("old", b"1")), (("new", b"1"),)}


def test_of_two_writes_either_may_be_missing(files: RecordingFilesystem) -> None:
    """There is no order without a sync: the later one alone leaves a gap of zeros."""
    node = files.create("/a", 0o644)
    files.fsyncdir("/", 0, ROOT)
    files.write("/a", b"one", 0, node)
    files.write("/a", b"two", 512, node)
    bodies = {dict(image)["a"] for image in found(files.log)}
    assert bodies == {b"", b"one", bytes(512) + b"two", b"one" + bytes(509) + b"two"}


def test_a_long_write_may_be_torn_between_sectors(files: RecordingFilesystem) -> None:
    """Each 512 bytes as they were or as they should be, and both kinds occur."""
    node = files.create("/a", 0o644)
    files.write("/a", b"a" * 2048, 0, node)
    files.fsync("/a", 0, node)
    files.fsyncdir("/", 0, ROOT)
    files.write("/a", b"b" * 2048, 0, node)
    bodies = {dict(image)["a"] or b"" for image in found(files.log)}
    assert len(bodies) > 8
    assert all(body[at : at + 512] in (b"a" * 512, b"b" * 512) for body in bodies for at in range(0, 2048, 512))


def test_a_cut_that_was_not_synced_may_be_missing(files: RecordingFilesystem) -> None:
    """The old length, or the new one."""
    node = files.create("/a", 0o644)
    files.write("/a", b"long", 0, node)
    files.fsync("/a", 0, node)
    files.fsyncdir("/", 0, ROOT)
    files.truncate("/a", 1, node)
    assert found(files.log) == {(("a", b"long"),), (("a", b"l"),)}


def test_a_folder_that_was_not_synced_takes_all_with_it(files: RecordingFilesystem) -> None:
    """Whatever was synced in it."""
    files.mkdir("/data", 0o755)
    node = files.create("/data/a", 0o644)
    files.fsync("/data/a", 0, node)
    files.fsyncdir("/data", 0, files.opendir("/data"))
    assert found(files.log) == {(), (("data", None), ("data/a", b""))}


@pytest.mark.usefixtures("can_mount")
def test_with_everything_synced_the_disk_holds_what_the_files_held(tmp_path: Path) -> None:
    """Links, renames, a deleted file that is open, holes, cuts, and SQLite in WAL with a second connection."""
    with mounted(tmp_path / "mount") as mount:
        root = mount.folder
        (root / "a").write_bytes(b"first")
        os.link(root / "a", root / "b")
        (root / "new").write_bytes(b"second")
        (root / "new").replace(root / "a")
        with (root / "gone").open("w+b") as gone:
            gone.write(b"kept")
            gone.flush()
            (root / "gone").unlink()
        with (root / "b").open("r+b") as file:
            file.seek(1000)
            file.write(b"end")
        os.truncate(root / "b", 1002)
        with closing(sqlite3.connect(root / "db")) as one, closing(sqlite3.connect(root / "db")) as other:
            one.execute("PRAGMA journal_mode=WAL")
            one.execute("CREATE TABLE t (x)")
            one.executemany("INSERT INTO t VALUES (?)", [(x,) for x in range(1000)])
            one.commit()
            assert other.execute("SELECT sum(x) FROM t").fetchone() == (499500,)
        mount.note("end")
        held = {path.name: path.read_bytes() for path in root.iterdir()}
    assert held["a"] == b"second"
    assert held["b"] == b"first" + bytes(995) + b"en"
    assert mount.log[-1] == Note("end")
    disk = Disk()
    for operation in mount.log:
        disk.take(operation)
    disk.settle()
    assert disk.crash(Random(1)) == held  # noqa: S311 - reproducible chance


@pytest.mark.usefixtures("can_mount")
def test_a_sync_is_seen_for_what_it_is(tmp_path: Path) -> None:
    """`fsync`, `fdatasync` and the `fsync` of a folder arrive, in order, each for its node."""
    with mounted(tmp_path) as mount:
        with (mount.folder / "a").open("wb") as file:
            os.fsync(file.fileno())
            os.fdatasync(file.fileno())
        folder = os.open(mount.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    syncs = [one for one in mount.log if isinstance(one, SyncFile | SyncFolder)]
    assert [type(one) for one in syncs] == [SyncFile, SyncFile, SyncFolder]
    assert syncs[0] == syncs[1]
    assert syncs[2] == SyncFolder(ROOT)
