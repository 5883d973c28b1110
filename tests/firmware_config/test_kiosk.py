"""The kiosk: Chromium really started by its script and policy, with a stand-in for the compositor."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from provisioning.image.device_files import FIRMWARE

KIOSK: Final = FIRMWARE / "common/usr/lib/roundsman/kiosk"
UNIT: Final = FIRMWARE.parent / "systemd/roundsman-kiosk.service"
CAGE: Final = """#!/bin/sh
[ "$1 $2 $3" = "-ds -- chromium" ] || exit 9
shift 3
exec chromium --headless=new --no-sandbox --disable-gpu --window-size=800,480 "--screenshot=$SHOT" "$@"
"""
IN_ITS_PLACES: Final = """
set -e
mount -t overlay overlay -o "lowerdir=$1/etc:/etc" /etc
mount -t overlay overlay -o "lowerdir=$1/share:/usr/share" /usr/share
exec timeout 100 sh "$2"
"""
"""Policy and page lie where a device has them, for this process alone."""

needs_chromium = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("chromium") is None, reason="needs root and chromium"
)


PAGE: Final = "file:///usr/share/roundsman/starting.html"
TOOLS: Final = '"DeveloperToolsAvailability": 2,'
"""The one line of the policy that is left out here: a browser without a panel takes its picture by these tools."""


def start(tmp_path: Path, page: str = PAGE) -> tuple[Path, str]:
    """The kiosk, with a page; its picture, and what it wrote."""
    for name in ("run", "bin", "share/roundsman"):
        (tmp_path / name).mkdir(parents=True)
    policy = (FIRMWARE / "common/etc/chromium/policies/managed/roundsman.json").read_text()
    assert TOOLS in policy
    (tmp_path / "etc/chromium/policies/managed").mkdir(parents=True)
    (tmp_path / "etc/chromium/policies/managed/roundsman.json").write_text(policy.replace(TOOLS, ""))
    script = tmp_path / "kiosk"
    script.write_text(KIOSK.read_text().replace(PAGE, page))
    shutil.copy(FIRMWARE / "kiosk/starting.html", tmp_path / "share/roundsman")
    (tmp_path / "bin/cage").write_text(CAGE)
    (tmp_path / "bin/cage").chmod(0o755)
    shot = tmp_path / "shot.png"
    path = f"{tmp_path}/bin:/usr/bin:/bin"
    environment = {"PATH": path, "RUNTIME_DIRECTORY": f"{tmp_path}/run", "SHOT": str(shot)}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", IN_ITS_PLACES, "kiosk", tmp_path, script],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    return shot, done.stdout + done.stderr


@needs_chromium
def test_the_first_page_is_dark_and_what_the_browser_keeps_is_in_memory(tmp_path: Path) -> None:
    """By the very flags and policy of a device: no white point in any corner; profile and cache in its folder."""
    shot, written = start(tmp_path)
    assert shot.exists(), written
    with Image.open(shot) as picture:
        seen = picture.convert("L")
        corners = [seen.getpixel((x, y)) for x in (2, 797) for y in (2, 477)]
        brightest = max(seen.tobytes())
    assert brightest > 150  # its words are there
    assert max(int(str(one)) for one in corners) < 40
    assert (tmp_path / "run/profile").is_dir()
    assert "ERR_" not in written


@needs_chromium
def test_another_page_is_refused_by_policy(tmp_path: Path) -> None:
    """Whatever a page names: the browser shows the vehicle's screen alone."""
    _, written = start(tmp_path, "http://127.0.0.1:9/")
    assert "ERR_BLOCKED_BY_ADMINISTRATOR" in written


def test_the_screen_waits_for_neither_network_nor_clock_nor_daemon() -> None:
    """A dead network, a wrong clock or a daemon that starts slowly keeps no officer from a screen that says so."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    waits = " ".join(line for line in lines if line.startswith(("After=", "Requires=", "Wants=", "BindsTo=")))
    for name in ("network", "time-sync", "chrony", "roundsman-vehicle"):
        assert name not in waits
    assert "IPAddressDeny=any" in lines
    assert "IPAddressAllow=localhost" in lines
