"""What a unit remembers of releases: the newest it has seen, those that did not work, and the one on trial.

One small JSON file, written whole, which who reports to headquarters reads. Must not decide anything.
"""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from edge.errors import UserError
from edge.text.strictness import SENT
from edge.text.whole_file import write_lasting
from provisioning.software.statement import ReleaseName, Version

FILE: Final = "releases.json"


class Trial(BaseModel):
    """What was before it: the records in the ledger, whether the receiver spoke and had a fix, what was the matter."""

    model_config = SENT
    name: ReleaseName
    recorded: int = 0
    heard: bool = False
    fixed: bool = False
    faults: tuple[str, ...] = ()


class Memory(BaseModel):
    """``newest``: the release issued last that was seen, at ``issued`` (POSIX seconds).

    ``highest``: the highest version seen, or the one that an order went back to. ``bad``: those that did not work.
    """

    model_config = SENT
    newest: ReleaseName | None = None
    issued: float = 0.0
    highest: Version = "0.0.0"
    bad: tuple[ReleaseName, ...] = ()
    trial: Trial | None = None


def recall(folder: Path) -> Memory:
    """What is remembered; nothing on a new unit. Raises UserError where the file cannot be read."""
    path = folder / FILE
    try:
        return Memory.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Memory()
    except (OSError, ValidationError) as error:
        msg = f"{path}: is damaged; no update is made until it is repaired or the unit is installed anew"
        raise UserError(msg) from error


def remember(folder: Path, memory: Memory) -> Memory:
    """Have it on disk. Raises UserError where it can't be written."""
    write_lasting(folder / FILE, memory.model_dump_json(indent=1) + "\n")
    return memory
