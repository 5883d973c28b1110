"""A unit as from its second boot on: a read-only root with an overlay in memory, data on partitions."""

import subprocess
import sysconfig
from pathlib import Path

from tests.system.enrolled import NewUnit
from tests.system.machine import BOOT, REPOSITORY, run


class SealedUnit(NewUnit):
    """What is written elsewhere than on its partitions is gone at a power cut.

    ``partitions``: the data partition's places; a Pi's boot partition; and, for a test to read, the journal, which a
    device has in memory.
    """

    partitions: tuple[str, ...] = ("var/lib/roundsman", "boot/firmware", "var/log/journal")

    def lay_out(self, card: Path) -> None:
        """As ``seal`` does: a place that is the daemon's user's own."""
        super().lay_out(card)
        self._own("var/lib/roundsman")

    def boot(self) -> None:
        """Start it."""
        for name in self.partitions:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        binds = " ".join(f'--bind="/run/below/{name}:/{name}"' for name in self.partitions)
        below = 'mkdir /run/below\nmount --bind "$1" /run/below\nexec systemd-nspawn'  # as it is below the overlay
        command = BOOT.replace("exec systemd-nspawn", below).replace("--boot", f"--volatile=overlay {binds} --boot")
        arguments = [str(self.root), sysconfig.get_path("purelib"), str(REPOSITORY)]
        with (self.root.parent / "debian.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "bash", "-c", command, "boot", *arguments],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def _own(self, name: str) -> None:
        (self.root / name).mkdir()
        run("chroot", self.root, "chown", "roundsman:roundsman", f"/{name}")
