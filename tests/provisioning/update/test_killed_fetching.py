"""A download killed at every step that writes: what is half there is taken for whole by nobody, and finished."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bundles import key_in, signed_agency
from tests.provisioning.release.town import write_release
from tests.provisioning.update.units import in_memory


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the cars are, and what they fetch."""
    made = in_memory()
    for version in (1, 2):
        signed_agency(made, str(version), version=version)
    write_release(made / "new")
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize(("what", "steps"), [("bundle", 20), ("release", 10)])
def test_a_download_killed_anywhere_ends_whole(folder: Path, what: str, steps: int) -> None:
    """A release is all there where its manifest is; a bundle is in the drop folder with all its files, or is not."""
    command = [sys.executable, "-m", "tests.provisioning.update.killed_fetching", str(folder), what, key_in(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) > steps
    assert [line for line in lines if not line.endswith(": None, None")] == []
