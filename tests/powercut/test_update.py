"""A power cut while a unit is updated: what runs is whole, and the next start ends with one release that works."""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

import pytest

from edge.errors import UserError
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.mount import mounted
from tests.powercut.operations import Operation
from tests.powercut.weakened import without_fsync
from tests.provisioning.release.town import write_release
from tests.provisioning.update.units import OLD, Behavior, Unit, named

pytestmark = [pytest.mark.usefixtures("can_mount"), pytest.mark.usefixtures("links_as_files")]

CUTS: Final = 150
FEW: Final = 60


@pytest.fixture
def links_as_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recording file system has no links: a file with the name of its target stands for one, whole as a link is."""

    def link(path: Path, target: str) -> None:
        with path.open("w") as file:
            file.write(target)
            file.flush()
            os.fsync(file.fileno())

    monkeypatch.setattr(Path, "symlink_to", link)
    monkeypatch.setattr(os, "readlink", lambda path: Path(path).read_text())
    monkeypatch.setattr(os, "sync", lambda: None)  # of all the machine; what counts is each file's own
    roomy = shutil.disk_usage("/")._replace(free=10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: roomy)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """0.2.0."""
    write_release(tmp_path / "new")
    return tmp_path / "new"


def record(folder: Path, release: Path, way: Behavior) -> list[Operation]:
    """A unit is updated on a recording file system."""
    with mounted(folder) as mount:
        unit = Unit(mount.folder, {"0.2.0": way}).first_installed()
        mount.note("installed")
        try:
            unit.update(release)
        except UserError:
            assert way == "dead"
    return mount.log


def broken(log: list[Operation], release: Path, way: Behavior, cuts: int) -> list[str]:
    """What is wrong after power cuts, each followed by a start."""
    found, new = [], named(release)
    for crash in crashes(log, cuts, seed=1):
        with laid_out(crash.image) as folder:
            unit = Unit(folder, {"0.2.0": way})
            try:
                for name in unit.links:
                    text = (unit.places.releases / name / "bin/roundsman").read_text()
                    if not unit.places.is_complete(name) or text != name.partition("-")[0]:
                        found.append(f"half a release runs (power cut {crash.after})")
                unit.update(release)
            except (UserError, OSError, AssertionError) as error:
                if way == "works" or "not work" not in str(error):
                    found.append(f"{error} (power cut {crash.after})")
                    continue
            if unit.links != ((new, new) if way == "works" else (OLD, OLD)):
                found.append(f"ends with {unit.links} (power cut {crash.after})")
    return found


@pytest.mark.parametrize("way", ["works", "dead"])
def test_a_power_cut_leaves_a_unit_that_ends_with_one_release(tmp_path: Path, release: Path, way: Behavior) -> None:
    """Whatever was not synced is there or not."""
    assert broken(record(tmp_path / "mount", release, way), release, way, CUTS) == []


@pytest.mark.long
@pytest.mark.parametrize("way", ["works", "dead"])
def test_three_thousand_power_cuts_leave_one_release(tmp_path: Path, release: Path, way: Behavior) -> None:
    """The same at more places, with other luck."""
    assert broken(record(tmp_path / "mount", release, way), release, way, 1_500) == []


def test_without_syncing_half_a_release_runs(tmp_path: Path, release: Path) -> None:
    """So the check can fail."""
    with without_fsync(stat.S_ISREG):
        log = record(tmp_path / "mount", release, "works")
    assert any(
        "half a release" in one or "ends with" in one or "No such" in one for one in broken(log, release, "works", FEW)
    )
