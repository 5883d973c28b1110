"""A Debian of its own that boots in a container with both units: made with debootstrap, once, in build/.

Needs root, debootstrap and systemd-container. It shares this machine's network: loopback alone is used.
"""

import os
import shutil
import signal
import subprocess
import sysconfig
import urllib.request
from pathlib import Path
from typing import Final

import pytest

from edge.contract.agency import load_agency
from tests.brokers import free_port

REPOSITORY: Final = Path(__file__).resolve().parents[2]
UNITS: Final = ("roundsman-vehicle.service", "roundsman-hq.service")
PACKAGES: Final = "systemd,systemd-sysv,dbus,python3,python3-venv"
SITE: Final = "/host/site\n/host/repository\n"
COMMAND: Final = "#!/opt/roundsman/bin/python3\nfrom edge.cli import main\nmain()\n"
BOOT: Final = """
set -e
mount -t tmpfs tmpfs /run
umount --lazy /sys/fs/cgroup || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec systemd-nspawn --quiet --register=no --keep-unit --directory="$1" --bind-ro="$2:/host/site" \
    --bind-ro="$3:/host/repository" --boot
"""


def run(*command: str | Path) -> str:
    """One command; the test fails where it does."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def make_debian() -> Path:
    """A minimal Debian with a user for the units and the package, as a fleet's image would have them; its root."""
    if os.geteuid() != 0 or not (shutil.which("debootstrap") and shutil.which("systemd-nspawn")):
        pytest.skip("needs root, debootstrap and systemd-container")
    root = REPOSITORY / "build" / "debian"
    if not (root / "opt" / "roundsman").exists():
        shutil.rmtree(root, ignore_errors=True)
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", root)
        run("chroot", root, "useradd", "--system", "--no-create-home", "roundsman")
        run("chroot", root, "python3", "-m", "venv", "--without-pip", "/opt/roundsman")
        (root / "host").mkdir()
    (root / "opt/roundsman/lib/python3.11/site-packages/host.pth").write_text(SITE, encoding="utf-8")
    command = root / "opt/roundsman/bin/roundsman"
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)
    return root


class Machine:
    """The container: its two daemons' ports, their processes, its journal."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ports = {"vehicle": free_port(), "hq": free_port()}
        self._process: subprocess.Popen[bytes] | None = None

    def set_up(self, agency: Path) -> None:
        """Configuration, an agency, the units enabled; nothing of a former run."""
        state, settings, units = (
            self.root / one for one in ("var/lib/roundsman", "etc/roundsman", "etc/systemd/system")
        )
        journal = self.root / "var/log/journal"
        for former in (state, journal):
            shutil.rmtree(former, ignore_errors=True)
        journal.mkdir()
        shutil.copytree(agency, state / "agency")
        run("chroot", self.root, "chown", "--recursive", "roundsman:roundsman", "/var/lib/roundsman")
        settings.mkdir(exist_ok=True)
        key = load_agency(agency).public_key
        of_all = 'agency = "/var/lib/roundsman/agency"\n'
        (settings / "vehicle.toml").write_text(
            f'unit = "car-1"\n{of_all}agency_key = "{key}"\ndistrict = "1"\ndata = "/var/lib/roundsman/records"\n'
            f"[touchscreen]\nport = {self.ports['vehicle']}\n[broker]\nport = {free_port()}\n"
        )
        (settings / "hq.toml").write_text(
            f'{of_all}database = "/var/lib/roundsman/hq.sqlite3"\n'
            f"[web]\nport = {self.ports['hq']}\n[broker]\nport = {free_port()}\n"
        )
        for unit in UNITS:
            shutil.copy(REPOSITORY / "systemd" / unit, units)
            wanted = units / "multi-user.target.wants" / unit
            wanted.parent.mkdir(exist_ok=True)
            wanted.unlink(missing_ok=True)
            wanted.symlink_to(f"/etc/systemd/system/{unit}")

    def boot(self) -> None:
        """Start it."""
        packages = sysconfig.get_path("purelib")
        command = ["unshare", "--mount", "bash", "-c", BOOT, "boot", str(self.root), packages, str(REPOSITORY)]
        with (self.root.parent / "debian.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def halt(self) -> None:
        """Power off."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

    def pid(self, name: str) -> int:
        """The daemon's process as this machine sees it; 0 where there is none."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[1:3] == [b"/opt/roundsman/bin/roundsman", name.encode()]:
                return int(process.name)
        return 0

    def answers(self, name: str) -> bool:
        """Whether its page is served."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/", timeout=2) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def journal(self, unit: str) -> str:
        """What the manager and the daemon wrote."""
        return run("journalctl", "--directory", self.root / "var/log/journal", "--unit", unit, "--output=cat")
