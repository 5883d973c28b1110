"""``python -m edge.plans.self_test DIRECTORY KEY``: every model of a bundle tested by its own rows, for `doctor`.

A process of its own: a processor that lacks an instruction ends this one alone. Must not write a file or open a socket.
"""

import json
import sys
from pathlib import Path

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.risk.forecast import open_bundle
from edge.text.words import say


def tested(directory: Path, key: str) -> dict[str, list[str]]:
    """The crime types whose model stood its test, and why each other did not, a sentence each."""
    try:
        opened = open_bundle(directory, load_agency(directory), key)
    except UserError as error:
        return {"stood": [], "refused": [str(error)]}
    return {"stood": sorted(opened.scorers), "refused": [say(one) for one in opened.refused]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tested(Path(sys.argv[1]), sys.argv[2])))
