"""Makes the environment of a release out of its verified wheels alone: no network, no other file, hashes checked again.

Must not switch to it.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from edge.errors import UserError

PATIENCE_S: Final = 1_800.0
WHEELS: Final = "wheels.txt"


def install(wheels: Path, digests: Mapping[str, str], names: Sequence[str], version: str, to: Path) -> None:
    """Make an environment in an empty folder. ``wheels``: their folder. Raises UserError where it does not work out."""
    requirements = to / WHEELS
    requirements.write_text("".join(f"{wheels / name} --hash=sha256:{digests[name]}\n" for name in names))
    _run(sys.executable, "-m", "venv", str(to))
    pip = (str(to / "bin/python"), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
    _run(*pip, "install", "--no-index", "--no-deps", "--no-cache-dir", "--require-hashes", "-r", str(requirements))
    _run(*pip, "check")
    found = _run(str(to / "bin/roundsman"), "--version").split()
    if not found or found[-1] != version:
        msg = f"the release says it is Roundsman {version}, and its program says {' '.join(found) or 'nothing'}"
        raise UserError(msg)


def _run(*words: str) -> str:
    """What a program prints. Raises UserError with its last line where it fails."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE_S)  # noqa: S603 - ours
    except subprocess.TimeoutExpired as error:
        msg = f"{' '.join(words[:4])} …: not done in {PATIENCE_S / 60:.0f} min; the card may be failing"
        raise UserError(msg) from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        msg = f"{' '.join(words[:4])} …: failed: {said[-1][:300] if said else 'without a word'}"
        raise UserError(msg)
    return done.stdout
