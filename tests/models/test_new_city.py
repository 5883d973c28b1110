"""A new city, as `models/README.md` has it: its block of commands, run to the letter, ends with a plan."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

import models

ROOM: Final = Path(models.__file__).parent
SECTION: Final = re.compile(r"^## A new city, from file to plan\n.*?^```sh\n(?P<block>.*?)^```$", re.M | re.S)


def block() -> str:
    """The commands."""
    found = SECTION.search((ROOM / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    return found["block"]


@pytest.mark.long
def test_a_new_city_s_block_of_commands_ends_with_a_plan(shared_data: Path, tmp_path: Path) -> None:
    """In a scratch checkout beside the shared data: every command succeeds, and the last one drafts the plan."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOM / "newyork", checkout / "models" / "newyork")
    (tmp_path / "shared").symlink_to(shared_data.parent)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", "-ec", block()]
    done = subprocess.run(
        command, cwd=checkout, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    built = checkout / "build" / "newyork"
    plan = tomllib.loads((built / "plan.toml").read_text(encoding="utf-8"))
    assert (plan["shift"], plan["district"], len(plan["patrols"])) == ("2016-01-01/evening", "75", 6)
    assert sorted(path.stem for path in (built / "agency" / "models").glob("*.onnx")) == [
        "aggravated_assault", "burglary", "robbery", "theft"
    ]  # fmt: skip


def test_the_block_names_what_is_there() -> None:
    """The agency's and the features' files are in the repository, and every step writes what a later one reads."""
    written, text = {"agency", "risk"}, block()
    assert "$CITY/agency.toml" in text
    assert "$CITY/features.toml" in text
    assert all((ROOM / "newyork" / name).is_file() for name in ("agency.toml", "features.toml"))
    for line in text.splitlines():
        assert all(f"--out {name}" in text for name in re.findall(r"(?:--features|--risk) (\w+)", line))
        written |= set(re.findall(r"--out ([\w.]+)", line))
    assert {"mapping.toml", "incidents.parquet", "agency", "features", "risk", "plan.toml"} <= written
