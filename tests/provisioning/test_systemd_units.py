"""The units in systemd/, by systemd's own checkers: nothing misspelt, and each sandbox as tight as it is said to be."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from edge.vehicle.announced import FILE
from provisioning.image.places import STATE

UNITS: Final = Path(__file__).parents[2] / "systemd"
INSTALLED: Final = "/opt/roundsman/bin/roundsman"
SCRIPTS: Final = Path(__file__).parents[2] / "firmware_config/common"
EXPOSURE: Final = {"roundsman-vehicle.service": 2.4, "roundsman-clock.service": 1.7, "roundsman-kiosk.service": 2.2}
"""Of those that are let near a device, or set the clock; of every other 1.6 (10 is no sandbox)."""

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (apt: systemd)")


def names(kind: str) -> list[str]:
    return sorted(path.name for path in UNITS.glob(f"*.{kind}"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with the program that is installed here."""
    folder = tmp_path_factory.mktemp("units")
    for path in UNITS.glob("roundsman-*.*"):
        text = path.read_text(encoding="utf-8")
        for installed in (INSTALLED, INSTALLED.replace("/bin/", "/good/bin/")):
            text = text.replace(installed, str(Path(sys.executable).with_name("roundsman")))
        (folder / path.name).write_text(text.replace("/usr/lib/roundsman", f"{SCRIPTS}/usr/lib/roundsman"))
    return folder


@pytest.mark.parametrize("name", [*names("service"), *names("timer"), *names("path")])
def test_systemd_has_nothing_to_say_against_a_unit(here: Path, name: str) -> None:
    """Every key, value and program of it."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(here / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", names("service"))
def test_a_units_sandbox_is_as_tight_as_it_is_said_to_be(name: str) -> None:
    """By `systemd-analyze security`: 1.6 or less."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNITS / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    rated = re.search(r"Overall exposure level for .*: ([0-9.]+)", done.stdout)
    assert rated is not None, done.stderr
    assert float(rated[1]) <= EXPOSURE.get(name, 1.6)


@pytest.mark.parametrize("name", [*names("timer"), *names("path")])
def test_what_starts_a_service_has_one(name: str) -> None:
    """Of the same name."""
    assert (UNITS / name).with_suffix(".service").exists()


def test_the_download_watches_the_file_that_the_daemon_writes() -> None:
    """In the daemon's data folder of a unit."""
    text = (UNITS / "roundsman-fetch.path").read_text(encoding="utf-8")
    assert f"PathChanged={STATE}/{FILE}\n" in text
