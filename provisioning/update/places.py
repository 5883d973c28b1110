"""Where releases are installed on a unit, and which of them runs.

    /opt/roundsman/releases/0.2.0-1f00…/    an environment of its own; `complete` is written last
    /opt/roundsman/bin   -> releases/0.2.0-1f00…/bin       what the daemon is started from
    /opt/roundsman/good  -> releases/0.1.9-77ab…           the last one that worked: the updater itself runs from it

Where the two differ, the first is on trial. Each link is turned in one rename. Must not decide which to use.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from edge.errors import UserError
from edge.text.whole_file import sync_file, sync_folder
from provisioning.private_file import write_private

RELEASES: Final = "releases"
RUNS: Final = "bin"
GOOD: Final = "good"
COMPLETE: Final = "complete"
STAGED: Final = ".staged"


class Places:
    """Below a root such as /opt/roundsman. Raises OSError where the disk takes nothing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.releases = root / RELEASES
        self.staged = root / STAGED

    @property
    def runs(self) -> str:
        """The name of the release that the daemon is started from. Raises UserError where there is none."""
        return self._target(RUNS)

    @property
    def good(self) -> str:
        """The name of the last one that worked. Raises UserError where there is none."""
        return self._target(GOOD)

    def run(self, name: str) -> None:
        """Have the daemon started from a release the next time."""
        self._turn(RUNS, f"{RELEASES}/{name}/{RUNS}")

    def settle_on(self, name: str) -> None:
        """A release works."""
        self._turn(GOOD, f"{RELEASES}/{name}")

    def is_complete(self, name: str) -> bool:
        """Whether a release was installed to its end."""
        return (self.releases / name / COMPLETE).exists()

    def begin(self, name: str) -> Path:
        """An empty folder for a release."""
        folder = self.releases / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def finish(self, name: str) -> None:
        """All of a release is on disk, and then it is marked as complete."""
        os.sync()  # first: then each file's own sync has little to wait for
        folder = self.releases / name
        for above, _, files in os.walk(folder):
            for one in files:
                path = Path(above) / one
                if not path.is_symlink():
                    sync_file(path)
            sync_folder(Path(above))
        sync_folder(self.releases)
        write_private(folder / COMPLETE, b"")

    def tidy(self) -> None:
        """Remove what was not finished."""
        shutil.rmtree(self.staged, ignore_errors=True)
        kept = {self.runs, self.good}
        for folder in self.releases.iterdir():
            if folder.name not in kept and not self.is_complete(folder.name):
                shutil.rmtree(folder, ignore_errors=True)

    def remove_others(self) -> None:
        """Remove every release but what runs, and the last that worked."""
        kept = {self.runs, self.good}
        for folder in self.releases.iterdir():
            if folder.name not in kept:
                (folder / COMPLETE).unlink(missing_ok=True)
                shutil.rmtree(folder, ignore_errors=True)

    def _target(self, link: str) -> str:
        try:
            parts = Path(os.readlink(self.root / link)).parts
        except OSError as error:
            msg = f"{self.root / link}: is no link to a release; install Roundsman with install-release.sh once"
            raise UserError(msg) from error
        if len(parts) < 2 or parts[0] != RELEASES:  # noqa: PLR2004 - the folder and a name
            msg = f"{self.root / link}: leads out of {self.releases}; install Roundsman with install-release.sh once"
            raise UserError(msg)
        return parts[1]

    def _turn(self, link: str, to: str) -> None:
        beside = self.root / f".{link}.turning"
        beside.unlink(missing_ok=True)
        beside.symlink_to(to)
        beside.replace(self.root / link)
        sync_folder(self.root)
