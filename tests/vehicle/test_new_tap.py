"""A touch action with a record of its own is five files, and goes from its button to the ledger and to the screen."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

import edge
from edge.contract.records import decode_event
from edge.domain.events import KINDS, OtherRecord
from edge.domain.taps import TAPS
from tests.vehicle import car_wash
from tests.waiting import PATIENCE_S

EDGE: Final = Path(edge.__file__).parent
RUN: Final = """
import runpy, sys
sys.path.insert(0, sys.argv[2])
runpy.run_module("tests.vehicle.car_wash", run_name="__main__")
"""


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of it in a copy of the software that has it, in a process of its own."""
    copy, data = tmp_path_factory.mktemp("software"), tmp_path_factory.mktemp("car")
    shutil.copytree(EDGE, copy / "edge", ignore=shutil.ignore_patterns("__pycache__"))
    car_wash.commit(copy / "edge")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(data), str(copy)],
        env={**os.environ, "PYTHONPATH": str(EDGE.parent)},
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_it_has_a_button_that_is_offered_and_refused_by_its_own_rule(driven: dict[str, Any]) -> None:
    """Signed out, then offered, then just done; an hour later offered again; a restart forgets nothing."""
    assert driven["button"] == ["CAR WASH"]
    signed_out, posted = [409, "No officer is signed in."], [202, ""]
    done = [409, "The car was just washed."]
    assert driven["seen"]["first"] == ["signed_out", signed_out, None, posted, "washed", done, None, posted, "washed"]
    assert driven["seen"]["second"] == ["washed", done, "washed", done, "washed", done, None, posted, "washed"]


def test_it_is_recorded_read_replayed_and_described(driven: dict[str, Any]) -> None:
    """By the software that has it: no list names the kinds of record once more."""
    washed = [json.loads(body)["data"] for body in driven["bodies"] if "car_washed" in body]
    assert [one["since_s"] for one in washed] == [None, 4000.0, 4000.0]
    assert driven["read"].count("CarWashed") == 3
    assert driven["replayed"]
    assert driven["described"]


def test_software_without_it_shows_its_record_as_another(driven: dict[str, Any]) -> None:
    """Such as this: what the copy has been given is not here."""
    (first, *_) = [body.encode() for body in driven["bodies"] if "car_washed" in body]
    assert decode_event(first).data == OtherRecord("car_washed", {"since_s": None})
    assert "car_washed" not in KINDS
    assert "wash" not in TAPS


def test_the_table_names_the_files_that_it_takes() -> None:
    """At most five, and each is named in edge/README.md's row."""
    (row,) = [
        line for line in (EDGE / "README.md").read_text(encoding="utf-8").splitlines() if "| a touch action" in line
    ]
    named = re.findall(r"`((?:domain|text|vehicle)/[^`]*)`", row)
    assert len(car_wash.COMMIT) <= 5
    for path in car_wash.COMMIT:
        assert any(path == name or (name.endswith("/") and path.startswith(name)) for name in named), path
    assert all(any(path.startswith(name) for path in car_wash.COMMIT) for name in named)
