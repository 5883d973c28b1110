"""Updates a unit again and again, each time in a process that is killed at a later step (`tests.provisioning.killed`).

Run as ``python -m tests.provisioning.update.killed FOLDER works|dead|blind``: FOLDER has the release ``new``. Prints a
line for each life that was killed: whether a daemon could have been started then, and what the next start made of it.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from edge.errors import UserError
from tests.provisioning.killed import killed
from tests.provisioning.update.units import Behavior, Unit

WAYS: Final[Mapping[str, Behavior]] = {"works": "works", "dead": "dead", "blind": "blind"}


def main(folder: Path, way: Behavior) -> None:
    """One unit after the other, until one lives through all its steps."""
    os.sync = lambda: None  # of all the machine; each file's own sync is a step
    for at in range(1, 200):
        disk = folder / f"unit-{at}"
        Unit(disk, {"0.2.0": way}).first_installed()
        if not killed(partial(_life, disk, folder / "new", way), at):
            return
        left = Unit(disk, {"0.2.0": way})
        startable = left.places.is_complete(left.places.runs) and left.places.is_complete(left.places.good)
        with suppress(UserError):  # where it was taken back
            left.update(folder / "new")
        runs, good = left.links
        print(at, startable, runs, good, ",".join(left.memory.bad), flush=True)  # noqa: T201 - for the test
        shutil.rmtree(disk)
    raise SystemExit("there are more steps than units")


def _life(disk: Path, release: Path, way: Behavior) -> None:
    with suppress(UserError):
        Unit(disk, {"0.2.0": way}).update(release)


if __name__ == "__main__":
    main(Path(sys.argv[1]), WAYS[sys.argv[2]])
