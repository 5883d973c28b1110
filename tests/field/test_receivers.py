"""Receivers' faults from the field, each with the outcome that the README's table says; and 47 receivers' logs.

The sentences of the logs are read a second time here, by pynmea2 alone, so that the parser is not its own judge.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pynmea2
import pytest

from edge.domain.inputs import Fix
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of, read_log
from tests.conftest import SHARED_DATA

README = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
CASES = {path.stem.partition("-")[0]: path for path in sorted((SHARED_DATA / "field_cases" / "gps").glob("*.*"))}
LOGS = sorted((SHARED_DATA / "gps" / "receiver_logs").glob("*.log"))
ROW = re.compile(r"\| `(\w+)` \| (\d+) fixes, (\d+) good(?:; ([^|]*))? \|")
NAMED = re.compile(r"`(\w+)` (\d+)")


def rows() -> list[tuple[str, int, int, dict[str, int]]]:
    """The table: case, fixes, good ones, refusals."""
    return [
        (case, int(fixes), int(good), {name: int(count) for name, count in NAMED.findall(refused)})
        for case, fixes, good, refused in ROW.findall(README)
    ]


def emitted(path: Path) -> tuple[list[Fix], Counter[str]]:
    pipeline = Pipeline()
    return list(fixes_of(read_log(path), pipeline)), pipeline.refused


@pytest.mark.parametrize(("case", "fixes", "good", "refused"), rows())
def test_a_case_has_the_outcome_of_the_table(
    shared_data: Path, case: str, fixes: int, good: int, refused: dict[str, int]
) -> None:
    """So many fixes, so many of them good ones (by satellites, 30 m or better), and the rest refused by name."""
    found, reasons = emitted(CASES[case])
    assert (len(found), sum(fix.by_satellites and fix.accuracy <= 30 for fix in found)) == (fixes, good)
    assert reasons == refused


def test_every_case_is_in_the_table(shared_data: Path) -> None:
    """A file without an outcome would be a fault that nobody looked at."""
    assert {case for case in CASES if f"`{case}" not in README} == set()
    assert len(CASES) == 42


def plain(path: Path) -> set[str]:
    """Time of every active RMC that pynmea2 reads: what a plain reader takes for a fix."""
    found = set()
    for line in re.split(rb"[\r\n]+", path.read_bytes()):
        if line.startswith(b"#") or b"$" not in line:
            continue
        try:
            message = pynmea2.parse(line[line.index(b"$") :].decode("ascii"), check=True)
            if message.sentence_type == "RMC" and message.status == "A" and message.lat and message.datestamp:
                found.add(f"{message.timestamp:%H:%M:%S.%f}"[:-4])
        except (ValueError, AttributeError, TypeError):
            continue
    return found


def test_receiver_logs_emit_what_a_plain_rmc_reader_does(shared_data: Path) -> None:
    """Each valid moment is a fix, but for those that a named rule of the README's table refuses."""
    lacking: dict[str, int] = {}
    for log in LOGS:
        fixes, _ = emitted(log)
        ours = {f"{datetime.fromtimestamp(fix.utc, UTC):%H:%M:%S.%f}"[:-4] for fix in fixes}
        if missing := plain(log) - ours:
            lacking[log.stem] = len(missing)
    listed = {log: int(count) for count, log in re.findall(r"\| (\d+) \| `([\w.-]+)` \|\n", README)}
    assert lacking == listed
