"""An update killed at every step that writes: the next start finishes it or goes back; no half install ever runs."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provisioning.release.town import write_release
from tests.provisioning.update.units import OLD, in_memory, named


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the units are."""
    made = in_memory()
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("way", ["works", "dead", "blind"])
def test_an_update_killed_anywhere_ends_with_one_whole_release(folder: Path, way: str) -> None:
    """The new one where it works, else the old one and the new one known as bad; startable at every moment between."""
    write_release(folder / "new")
    new = named(folder / "new")
    command = [sys.executable, "-m", "tests.provisioning.update.killed", str(folder), way]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    assert len(lines) > 30
    assert {line[1] for line in lines} == {"True"}
    ends = {tuple(line[2:]) for line in lines}
    assert ends == ({(new, new, "")} if way == "works" else {(OLD, OLD, new)})
