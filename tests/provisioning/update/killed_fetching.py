"""Fetches again and again, each time in a process that is killed at a later step (`tests.provisioning.killed`).

Run as ``python -m tests.provisioning.update.killed_fetching FOLDER bundle|release KEY``: FOLDER has what is fetched.
Prints a line for each life that was killed: what was wrong then, and after the next fetch.
"""

import shutil
import sys
from pathlib import Path

from tests.provisioning.killed import killed
from tests.provisioning.update.fetched import begun, fetching


def main(folder: Path, what: str, key: str) -> None:
    """One car after the other, until one lives through all its steps."""
    for at in range(1, 300):
        one = begun(fetching(folder / f"car-{at}", folder, what, key))
        if not killed(one.fetch, at):
            return
        then = one.wrong()
        one.fetch()
        print(f"{at}: {then}, {one.missing()}", flush=True)  # noqa: T201 - for the test
        shutil.rmtree(folder / f"car-{at}")
    raise SystemExit("there are more steps than cars")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
