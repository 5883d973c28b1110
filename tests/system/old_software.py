"""The software of an earlier commit, taken from this clone's own history, run by the same interpreter. A helper."""

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.system.site import ROUNDSMAN, Daemon

ROOT = Path(__file__).parents[2]
FIRST = "import sys; sys.path.insert(0, {tree!r}); "
"""Not by PYTHONPATH alone: an editable install may stand before it."""

START = FIRST + "from edge.cli import main; main()"
WHERE = FIRST + "import edge; print(edge.__file__)"


class Software:
    """How ``roundsman`` is called. ``tree``: a folder with the code of another commit; None: this software."""

    def __init__(self, tree: Path | None = None) -> None:
        self.tree = tree
        self._command = [sys.executable, "-c", START.format(tree=str(tree))] if tree else [str(ROUNDSMAN)]
        self._environment = {"PYTHONPATH": str(tree)} if tree else {}

    def where(self) -> Path:
        """The file that it imports."""
        command = [sys.executable, "-c", WHERE.format(tree=str(self.tree))]
        return Path(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip())

    def run(self, *arguments: str) -> str:
        """One command; the test fails where it does not exit with 0."""
        command, environment = [*self._command, *arguments], {**os.environ, **self._environment}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def daemon(self, *arguments: str, log: Path) -> Daemon:
        """A process that goes on, not started yet."""
        made = Daemon(*arguments, log=log, program=self._command)
        made.environment = self._environment
        return made


def software_of(commit: str, folder: Path) -> Software:
    """The software of a commit; the test is skipped where the history is not at hand."""
    archive = subprocess.run(["git", "archive", commit, "edge"], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip(f"needs the repository's history back to {commit}: {archive.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return Software(folder)
