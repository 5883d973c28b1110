"""Software updates on a real systemd, in their sandbox: what works stays, a broken release is taken back by itself.

The unit is sealed and enrolled, and its receiver has a fix in a parked car. The releases are of the last commit; what
they need is downloaded.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from provisioning.fleet.folder import Fleet
from provisioning.image.image_files import write_image
from provisioning.image.places import DOWNLOADS, STICK
from provisioning.release.make import Source, make_release, stated
from provisioning.release.targets import targets
from provisioning.release.wheels import NPM_LOCK, build, commit_time, committed
from provisioning.software.verified import MANIFEST, read_manifest
from provisioning.update.car import read
from provisioning.update.daemon import NO_ANSWER, asked
from provisioning.update.memory import recall
from provisioning.update.places import Places
from tests.provisioning.fleets import Clock, new_fleet, signed_square
from tests.provisioning.release.town import HERE, KEY, PUBLIC, sign
from tests.provisioning.rollout.test_announced import Town
from tests.provisioning.services import broker_of, serving
from tests.system.machine import REPOSITORY, make_debian, run
from tests.system.sealed import SealedUnit
from tests.system.site import wait_for
from tests.vehicle.gps.sentences import gga, rmc

__all__ = ["signed_square"]

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]

FETCH, FETCH_PATH, UPDATE = "roundsman-fetch.service", "roundsman-fetch.path", "roundsman-update.service"
PROGRAM: Final = "opt/roundsman"
STATE: Final = "var/lib/roundsman-update"
DOWNLOADED, INSERTED = DOWNLOADS.lstrip("/"), STICK.lstrip("/")
PARKED: Final = (40.012, -99.005)
"""In Squaretown."""


class UpdatedUnit(SealedUnit):
    """A unit whose image has a release, and whose receiver has a position."""

    partitions = (*SealedUnit.partitions, PROGRAM, STATE, DOWNLOADED, INSERTED)

    def install(self, first: Path) -> None:
        """The first release by its script; nothing of a former run. Call it after `lay_out`."""
        for former in (STATE, DOWNLOADED, INSERTED, "srv"):
            shutil.rmtree(self.root / former, ignore_errors=True)
        self._own(DOWNLOADED)
        shutil.copytree(first, self.root / "srv/first")
        shutil.copy(REPOSITORY / "firmware_config/install_release.sh", self.root / "srv")
        run("chroot", self.root, "sh", "/srv/install_release.sh", "/srv/first")
        seconds = (gga(one, *PARKED) + rmc(one, *PARKED, knots="0.0") for one in range(3_600))
        (self.root / "srv/parked.nmea").write_bytes(b"".join(seconds))
        settings = self.root / "etc/roundsman"
        vehicle = (settings / "vehicle.toml").read_text()
        assert 'source = "gpsd"' in vehicle
        replay = 'source = "replay"\nlog = "/srv/parked.nmea"'
        (settings / "vehicle.toml").write_text(vehicle.replace('source = "gpsd"', replay))
        update = (settings / "update.toml").read_text()
        (settings / "update.toml").write_text(f'screen = "{self._screen}"\n{update}')
        (self.root / "etc/systemd/system/multi-user.target.wants" / FETCH_PATH).symlink_to(
            f"/etc/systemd/system/{FETCH_PATH}"
        )

    def has_a_fix(self) -> bool:
        """Whether the daemon says so, of a parked car."""
        try:
            reading = read(0, *(asked(self._screen, path) for path in ("/healthz", "/readyz", "/api/state")))
        except (*NO_ANSWER, TypeError):
            return False
        return reading.fixed and not reading.driving

    def update(self) -> str:
        """What the updater wrote, which is started as by its timer; a fix is asked of what it tries."""
        self._control("start", "--no-block", UPDATE)
        wait_for("a trial of what had a fix", self._owes_a_fix, 600.0)
        self._control("start", UPDATE)  # which returns when it has ended
        return self.journal(UPDATE)

    def _owes_a_fix(self) -> bool:
        trial = recall(self.root / STATE).trial
        return trial is not None and trial.fixed

    def _control(self, *words: str) -> None:
        """Systemctl in the container."""
        assert self._process is not None
        leader = run("pgrep", "--parent", str(self._process.pid)).split()[0]
        subprocess.run(["nsenter", "--target", leader, "--all", "systemctl", *words], check=False)

    @property
    def _screen(self) -> str:
        return f"http://127.0.0.1:{self.ports['vehicle']}"

    @property
    def places(self) -> Places:
        """Its releases."""
        return Places(self.root / PROGRAM)


@pytest.fixture
def fleet(tmp_path: Path, signed_square: Path) -> Fleet:
    """A fleet of one that pins the release key."""
    made = new_fleet(signed_square, tmp_path, Clock(), units=1)
    path = made.folder / "fleet.toml"
    path.write_text(f'release_key = "{PUBLIC}"\n{path.read_text()}')
    return Fleet(made.folder, made.utc)


@pytest.fixture
def unit(fleet: Fleet, tmp_path: Path) -> Iterator[UpdatedUnit]:
    """A card of car-1, not yet booted, with a folder of its own for the program."""
    with fleet.registry() as registry:
        card = write_image(fleet, registry, registry.units()["car-1"], tmp_path / "cards", 7)
    made = UpdatedUnit(make_debian())
    made.lay_out(card)
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


def announced(unit: UpdatedUnit, town: Town, release: Path) -> None:
    """Headquarters gets a release and announces it: nothing else starts the unit's download."""
    town.set_up()
    unit.boot()
    wait_for("its certificate", (unit.identity / "1/cert.pem").exists, 120.0)
    wait_for("a fix", unit.has_a_fix)
    shutil.copytree(release, town.fleet.folder / "releases" / release.name)
    done = town.announce()
    assert done.exit_code == 0, done.output
    manifest = unit.root / DOWNLOADED / read_manifest(release, PUBLIC).name / MANIFEST
    wait_for("the release that was announced", manifest.exists, 300.0)
    assert "Traceback" not in unit.journal(FETCH)


def test_a_release_that_works_stays_and_a_broken_one_is_taken_back(
    unit: UpdatedUnit, fleet: Fleet, tmp_path: Path
) -> None:
    """Announced, downloaded, tried, kept: it has a fix as before. One on a stick ends as it starts. Power is cut."""
    tree = committed(REPOSITORY, tmp_path)
    first = edition(tree, "0.1.0", None, tmp_path / "made")
    good = edition(tree, "0.2.0", first, tmp_path / "made")
    daemon = tree / "edge/vehicle/daemon.py"
    daemon.write_text(daemon.read_text() + "\nraise SystemExit(1)\n")
    broken = edition(tree, "0.3.0", first, tmp_path / "made")
    unit.install(first)
    with broker_of(fleet), serving(fleet):
        announced(unit, Town(fleet, tmp_path), good)
        assert "works" in unit.update()
        assert unit.places.runs == unit.places.good == read_manifest(good, PUBLIC).name
        shutil.copytree(broken, unit.root / INSERTED / broken.name)
        wait_for("a fix, still", unit.has_a_fix)
        assert "does not work here and is not tried again" in unit.update()
    wait_for("a fix, again", unit.has_a_fix)
    unit.cut()
    unit.boot()
    wait_for("a fix after a power cut", unit.has_a_fix)
    assert unit.places.runs == unit.places.good == read_manifest(good, PUBLIC).name
    assert "Traceback" not in unit.journal(UPDATE)
