"""Software updates on a real systemd, in their sandbox: what works stays, a broken release is taken back by itself.

The releases are of the last commit; what they need is downloaded.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from provisioning.release.make import Source, make_release, stated
from provisioning.release.targets import targets
from provisioning.release.wheels import NPM_LOCK, build, commit_time, committed
from provisioning.software.verified import read_manifest
from provisioning.update.places import Places
from tests.provisioning.fleets import signed_square
from tests.provisioning.release.town import HERE, KEY, PUBLIC, sign
from tests.system.machine import REPOSITORY, Machine, make_debian, run
from tests.system.site import wait_for

__all__ = ["signed_square"]

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]

UPDATE: Final = "roundsman-update.service"
RELEASES: Final = "srv/releases"
PROGRAM: Final = "opt/roundsman"


class UpdatedUnit(Machine):
    """A unit whose image has a release, and that takes others from a folder."""

    def lay_out(self, first: Path, agency: Path) -> None:
        """The first release by its script; nothing of a former run."""
        for former in ("var/lib/roundsman-update", "srv", "etc/roundsman"):
            shutil.rmtree(self.root / former, ignore_errors=True)
        (self.root / RELEASES).mkdir(parents=True)
        shutil.copytree(first, self.root / "srv/first")
        shutil.copy(REPOSITORY / "firmware_config/install_release.sh", self.root / "srv")
        run("chroot", self.root, "sh", "/srv/install_release.sh", "/srv/first")
        units = self.root / "etc/systemd/system"
        for unit in units.rglob("roundsman-*"):
            unit.unlink()
        self.set_up(agency)
        (units / "multi-user.target.wants/roundsman-hq.service").unlink()
        shutil.copy(REPOSITORY / "systemd" / UPDATE, units)
        (self.root / "etc/roundsman/update.toml").write_text(
            f'release_key = "{PUBLIC}"\nfolders = ["/{RELEASES}"]\nscreen = "http://127.0.0.1:{self.ports["vehicle"]}"\n'
        )

    def update(self, release: Path) -> str:
        """A release is put into the folder, and looked at; what the updater wrote."""
        shutil.copytree(release, self.root / RELEASES / release.name)
        self.control("start", UPDATE)  # which returns when it has ended
        return self.journal(UPDATE)

    def control(self, *words: str) -> str:
        """What systemctl prints in the container."""
        assert self._process is not None
        leader = run("pgrep", "--parent", str(self._process.pid)).split()[0]
        command = ["nsenter", "--target", leader, "--all", "systemctl", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    @property
    def places(self) -> Places:
        """Its releases."""
        return Places(self.root / PROGRAM)


@pytest.fixture
def unit() -> Iterator[UpdatedUnit]:
    """With a folder of its own for the program."""
    made = UpdatedUnit(make_debian())
    program, aside = made.root / PROGRAM, made.root / f"{PROGRAM}.aside"
    program.rename(aside)
    yield made
    made.halt()
    shutil.rmtree(program)
    aside.rename(program)


def edition(tree: Path, version: str, like: Path | None, out: Path) -> Path:
    """A release of a source under another version. ``like``: whose other wheels it has."""
    project = tree / "pyproject.toml"
    lines = project.read_text().splitlines()
    project.write_text("\n".join(f'version = "{version}"' if one.startswith("version = ") else one for one in lines))
    when = commit_time(REPOSITORY) + int(version.split(".")[1]) * 60
    folder = out / version
    if like is None:
        here = tuple(one for one in targets() if one.name == HERE)
        make_release(Source(tree, tree / NPM_LOCK, when, here), folder, KEY)
        return folder
    others = read_manifest(like, PUBLIC).predicate.targets[HERE][1:]
    own = build(tree, folder, when)
    for name in others:
        shutil.copy(like / name, folder)
    sign(folder, stated(folder, version, {HERE: (own.name, *others)}, when))
    return folder


def test_a_release_that_works_stays_and_a_broken_one_is_taken_back(
    unit: UpdatedUnit, signed_square: Path, tmp_path: Path
) -> None:
    """The daemon is the new one's, then still that; the broken one's ends as it starts."""
    tree = committed(REPOSITORY, tmp_path)
    first = edition(tree, "0.1.0", None, tmp_path / "made")
    good = edition(tree, "0.2.0", first, tmp_path / "made")
    daemon = tree / "edge/vehicle/daemon.py"
    daemon.write_text(daemon.read_text() + "\nraise SystemExit(1)\n")
    broken = edition(tree, "0.3.0", first, tmp_path / "made")
    unit.lay_out(first, signed_square)
    unit.boot()
    wait_for("its screen", lambda: unit.answers("vehicle"), 90.0)
    assert "works" in unit.update(good)
    assert unit.places.runs == unit.places.good == read_manifest(good, PUBLIC).name
    assert "does not work here and is not tried again" in unit.update(broken)
    assert unit.places.runs == unit.places.good == read_manifest(good, PUBLIC).name
    wait_for("its screen, again", lambda: unit.answers("vehicle"), 90.0)
    assert "Traceback" not in unit.journal(UPDATE)
