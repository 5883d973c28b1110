"""The kiosk's unit on a real systemd: Chromium with its own sandbox inside the unit's, without a panel."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.firmware_config.test_kiosk import TOOLS
from tests.system.machine import REPOSITORY

pytestmark = pytest.mark.long

FIRMWARE: Final = REPOSITORY / "firmware_config"
NAME: Final = "roundsman-kiosk.service"
OF_A_PANEL: Final = ("PAMName", "TTY", "Utmp", "StandardInput", "ConditionPath", "Conflicts", "After=getty", "Restart=")
BOOT: Final = """
set -e
mount -t tmpfs tmpfs /run
umount --lazy /sys/fs/cgroup || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir /run/upper
mount -t tmpfs tmpfs /run/upper
cp -r "$1" /run/upper/up
mkdir /run/upper/work /run/upper/root
mount -t overlay overlay -o lowerdir=/,upperdir=/run/upper/up,workdir=/run/upper/work /run/upper/root
timeout 180 systemd-nspawn --quiet --register=no --keep-unit --private-network --directory=/run/upper/root --boot \
    > /dev/null 2>&1
journalctl --directory /run/upper/up/var/log/journal --unit roundsman-kiosk.service --output=cat
"""
"""This machine's own root, read-only below an overlay in memory, booted: it has Chromium.

With a network of its own: where anything answers at the screen's port on this machine, the page would leave for it.
"""


def lay_out(root: Path) -> None:
    """The kiosk's files as a device has them; in place of the compositor, Chromium without a panel. Then power off."""
    shutil.copytree(FIRMWARE / "common/etc/chromium", root / "etc/chromium")
    policy = root / "etc/chromium/policies/managed/roundsman.json"
    policy.write_text(policy.read_text().replace(TOOLS, ""))
    units = root / "etc/systemd/system"
    for name in ("usr/lib/roundsman", "usr/lib/sysusers.d", "usr/share/roundsman", "var/log/journal"):
        (root / name).mkdir(parents=True)
    (units / "multi-user.target.wants").mkdir(parents=True)
    shutil.copy(FIRMWARE / "kiosk/starting.html", root / "usr/share/roundsman")
    shutil.copy(FIRMWARE / "common/usr/lib/sysusers.d/roundsman.conf", root / "usr/lib/sysusers.d")
    script = (FIRMWARE / "common/usr/lib/roundsman/kiosk").read_text()
    for gone in ("--kiosk ", "--ozone-platform=wayland"):
        script = script.replace(gone, "")
    shown = "timeout 120 chromium --headless=new --dump-dom --virtual-time-budget=1000"
    script = script.replace("exec cage -ds -- chromium", shown)
    (root / "usr/lib/roundsman/kiosk").write_text(script)
    (root / "usr/lib/roundsman/kiosk").chmod(0o755)
    lines = (REPOSITORY / "systemd" / NAME).read_text().splitlines()
    kept = [line for line in lines if not line.startswith(OF_A_PANEL)]
    kept.insert(kept.index("[Service]") + 1, "ExecStopPost=+/usr/bin/systemctl --no-block poweroff")
    (units / NAME).write_text("\n".join(kept) + "\n")
    (units / "multi-user.target.wants" / NAME).symlink_to(f"/etc/systemd/system/{NAME}")


def test_chromium_runs_with_its_own_sandbox_within_the_units(tmp_path: Path) -> None:
    """It shows the waiting page; nothing that it needs is denied, and its own sandbox is not given up."""
    if os.geteuid() != 0 or not (shutil.which("chromium") and shutil.which("systemd-nspawn")):
        pytest.skip("needs root, chromium and systemd-container")
    lay_out(tmp_path / "up")
    (tmp_path / "up").chmod(0o755)
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", BOOT, "boot", tmp_path / "up"], capture_output=True, text=True, check=True
    )
    assert "Patrol as usual" in done.stdout
    for trouble in ("No usable sandbox", "NAMESPACE", "Operation not permitted", "SIGSYS", "code=killed"):
        assert trouble not in done.stdout
