"""The page of threats: each names the tests that show what holds, and each of these exists."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "provisioning/THREATS.md"
NAMED: Final = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


@cache
def named_in(name: str) -> frozenset[str]:
    """The tests of every file of a name."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob(name)]
    return frozenset(one.name for tree in trees for one in tree.body if isinstance(one, ast.FunctionDef))


def rows() -> list[list[str]]:
    """The table of threats: its cells, without its head."""
    lines = PAGE.read_text(encoding="utf-8").split("## ")[0].splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| **")]


@pytest.mark.parametrize(("file", "test"), NAMED.findall(PAGE.read_text(encoding="utf-8")))
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    """By its file and its name."""
    assert test in named_in(file)


def test_each_threat_names_a_test() -> None:
    """In its last cell."""
    assert len(rows()) >= 12
    assert [row[0] for row in rows() if not NAMED.findall(row[-1])] == []
