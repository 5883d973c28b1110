"""A release on Debian 13: the wheels for its Python are installed by their hashes, and a bundle's models run.

Needs root and debootstrap; what the release needs is downloaded. The system is made once, in build/.
"""

import json
import os
import platform
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from provisioning.release.make import Source, make_release
from provisioning.release.targets import targets
from provisioning.release.wheels import NPM_LOCK, commit_time, committed
from tests.provisioning.release.town import KEY
from tests.risk.tiny import TYPES, Tiny, tiny_bundle

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]

REPOSITORY: Final = Path(__file__).parents[3]
TARGET: Final = f"cp313-{platform.machine()}"
ROUNDSMAN: Final = "/opt/roundsman/bin/roundsman"


@pytest.fixture
def trixie() -> Path:
    """A minimal Debian 13 without Roundsman; its root."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("needs root and debootstrap")
    root = REPOSITORY / "build" / "trixie"
    if not root.exists():
        making = root.with_name("trixie.making")
        shutil.rmtree(making, ignore_errors=True)
        command = ["debootstrap", "--variant=minbase", "--include=python3,python3-venv", "trixie", str(making)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        making.rename(root)
    for former in ("opt/roundsman", "srv"):
        shutil.rmtree(root / former, ignore_errors=True)
    (root / "srv").mkdir()
    return root


def inside(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in that system, with a /proc of its own."""
    alone = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={root}/proc", "chroot", str(root), *command]
    return subprocess.run(alone, capture_output=True, text=True, check=False)


def put_release(root: Path, folder: Path) -> str:
    """The release of the last commit for that system, with its script; its version."""
    tree = committed(REPOSITORY, folder)
    here = tuple(one for one in targets() if one.name == TARGET)
    source = Source(tree, tree / NPM_LOCK, commit_time(REPOSITORY), here)
    made = make_release(source, root / "srv/release", KEY)
    shutil.copy(tree / "firmware_config/install_release.sh", root / "srv")
    return made.predicate.version


def put_car(root: Path, tiny: Tiny) -> None:
    """A bundle with models, and the configuration of a car that trusts it."""
    shutil.copytree(tiny.directory, root / "srv/agency")
    (root / "srv/vehicle.toml").write_text(
        f'unit = "car-1"\nagency = "/srv/agency"\nagency_key = "{tiny.agency.public_key}"\n'
        'district = "1"\ndata = "/srv/records"\n'
    )


def test_a_release_is_installed_by_its_hashes_and_its_models_stand_their_test(trixie: Path, tmp_path: Path) -> None:
    """By the image's script, without a network for pip; `roundsman doctor` finds computer, bundle and models well."""
    version = put_release(trixie, tmp_path)
    put_car(trixie, tiny_bundle(tmp_path, date(2026, 10, 12)))
    installed = inside(trixie, "sh", "/srv/install_release.sh", "/srv/release")
    assert installed.returncode == 0, installed.stderr
    assert inside(trixie, ROUNDSMAN, "--version").stdout == f"roundsman, version {version}\n"
    done = inside(trixie, ROUNDSMAN, "doctor", "--json", "--config", "/srv/vehicle.toml")
    assert "Traceback" not in done.stderr
    found = {(one["check"], one["grade"]): one["text"] for one in json.loads(done.stdout)["findings"]}
    assert found["models", "ok"] == f"{', '.join(TYPES)}: each stood its own test"
    assert not {("bundle", "fault"), ("bundle", "warning"), ("models", "warning"), ("computer", "fault")} & set(found)
    assert ("bundle", "ok") in found
