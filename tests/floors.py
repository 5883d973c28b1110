"""Prints each requirement of pyproject.toml at its floor, as pip's constraints: ``click==8.1.3``.

`make test-floors` installs these, so that a floor that does not exist, or does not go with another, fails there, and
not on somebody's machine. Runs before anything is installed: the standard library alone.
"""

import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[a-z,-]+\])?(?:(?:>=|==)([0-9.]+))?")


def floors(pyproject: Path) -> list[str]:
    """A line for each requirement that has a floor. Raises ValueError for one that is not written as all others are."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    lines = []
    for requirement in chain(project["dependencies"], *project["optional-dependencies"].values()):
        found = REQUIREMENT.fullmatch(requirement)
        if found is None:
            msg = f"{pyproject}: {requirement!r} is not written as NAME>=FLOOR"
            raise ValueError(msg)
        if found[2] is not None:
            lines.append(f"{found[1]}=={found[2]}")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(floors(Path(__file__).parent.parent / "pyproject.toml")) + "\n")
