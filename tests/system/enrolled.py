"""A unit that boots for the first time in a container: the files rendered for it, its token on the boot partition."""

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Final

from provisioning.image.places import BUNDLE, SEED, TOKEN_FILE
from tests.system.machine import REPOSITORY, Machine, run

UNITS: Final = ("roundsman-enrol.service", "roundsman-vehicle.service", "roundsman-renew.service")


class NewUnit(Machine):
    """A card, laid out as cloud-init does at the first boot."""

    def lay_out(self, card: Path) -> None:
        """What ``image-files`` wrote for it; nothing of a former run."""
        for former in ("var/lib/roundsman", "var/log/journal", "etc/roundsman", "boot/firmware"):
            shutil.rmtree(self.root / former, ignore_errors=True)
        for name in ("var/log/journal", "boot"):
            (self.root / name).mkdir(exist_ok=True)
        shutil.copytree(card, self.root / "boot/firmware")
        run("chmod", "--recursive", "u=rwX,go=rX", self.root / "boot/firmware")  # FAT: everybody reads, root writes
        for one in json.loads((card / "user-data").read_text().partition("\n")[2])["write_files"]:
            path = self.root / one["path"].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(one["content"], encoding="utf-8")
            path.chmod(int(one["permissions"], 8))
        with (self.root / "etc/roundsman/vehicle.toml").open("a", encoding="utf-8") as vehicle:
            vehicle.write(f"port = {self.ports['vehicle']}\n")  # of [touchscreen], its last table
        self._enable()

    def _enable(self) -> None:
        units = self.root / "etc/systemd/system"
        wants = units / "multi-user.target.wants"
        for former in units.rglob("roundsman-*"):
            former.unlink()
        run("sh", REPOSITORY / "firmware_config/install.sh", self.root)
        (self.root / "etc/systemd/journald.conf.d/roundsman.conf").unlink()  # the test reads the journal afterwards
        wants.mkdir(exist_ok=True)
        for name in UNITS:
            (wants / name).symlink_to(f"/etc/systemd/system/{name}")

    def serve(self, fleet: Path) -> None:
        """Headquarters' enrolment service in the same container, from a copy of a fleet's folder."""
        name, held = "roundsman-enrolment.service", self.root / "var/lib/roundsman/fleet"
        shutil.copytree(fleet, held)
        settings = (held / "fleet.toml").read_text().splitlines()
        settings[0] = f'agency = "{SEED["rpi5"]}/{BUNDLE}"'
        (held / "fleet.toml").write_text("\n".join(settings))
        run("chroot", self.root, "chown", "--recursive", "roundsman:roundsman", "/var/lib/roundsman")
        units = self.root / "etc/systemd/system"
        shutil.copy(REPOSITORY / "systemd" / name, units)
        (units / "multi-user.target.wants" / name).symlink_to(f"/etc/systemd/system/{name}")

    @property
    def token(self) -> Path:
        """The token on the boot partition."""
        return self.root / SEED["rpi5"].lstrip("/") / TOKEN_FILE

    @property
    def identity(self) -> Path:
        """Its key and certificates."""
        return self.root / "var/lib/roundsman/identity"

    def whole_journal(self) -> str:
        """What everybody wrote."""
        return run("journalctl", "--directory", self.root / "var/log/journal", "--output=cat")

    def cut(self) -> None:
        """The power goes: the container's first process is killed, and with it the kernel ends all the others."""
        assert self._process is not None
        (first,) = run("pgrep", "--parent", str(self._process.pid)).split()
        os.kill(int(first), signal.SIGKILL)
        self._process.wait(60)
