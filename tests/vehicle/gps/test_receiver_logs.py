"""Real receivers: every log of gpsd's regression suite against what gpsd itself reports for it.

The log is read a second time here, by a few lines of this test's own, so that the parser is not its own judge.
"""

import functools
import json
import operator
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from edge.domain.inputs import Fix
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of, read_log
from tests.conftest import SHARED_DATA

LOGS = sorted((SHARED_DATA / "gps" / "receiver_logs").glob("*.log"))
SAME = 1e-5  # degrees
ROUNDING = 1e-9  # degrees
DAY = 86_400_000  # ms
SENTENCE = re.compile(rb"\$((..)(RMC|GGA|GLL|GNS),([^$*\r\n]*))\*([0-9A-Fa-f]{2})")

Position = tuple[float, float]


class Own(NamedTuple):
    """What this test reads of a log: positions by ms of the day, and the times of active RMC."""

    positions: dict[int, list[Position]]
    active: set[int]
    last: int


def clock(text: str) -> int:
    """``hhmmss.sss`` to ms of the day."""
    return (int(text[:2]) * 60 + int(text[2:4])) * 60_000 + round(float(text[4:]) * 1000)


def degrees(value: str, side: str) -> float:
    whole, minutes = divmod(float(value), 100)
    return (whole + minutes / 60) * (-1 if side in "SW" else 1)


def read_own(raw: bytes) -> Own:
    """Checksummed sentences with time and position, by this test's own reading."""
    positions: dict[int, list[Position]] = defaultdict(list)
    active: set[int] = set()
    last = -1
    for body, _, kind, data, checksum in SENTENCE.findall(raw):
        if functools.reduce(operator.xor, body) != int(checksum, 16):
            continue
        field = data.decode("ascii").split(",")
        at = {b"RMC": 0, b"GGA": 0, b"GNS": 0, b"GLL": 4}[kind]
        lat = {b"RMC": 2, b"GGA": 1, b"GNS": 1, b"GLL": 0}[kind]
        if not (field[at] and field[lat]):
            continue
        last = clock(field[at])
        positions[last].append((degrees(*field[lat : lat + 2]), degrees(*field[lat + 2 : lat + 4])))
        if kind == b"RMC" and field[1] == "A" and re.fullmatch(r"\d{6}", field[8]):
            active.add(last)
    return Own(positions, active, last)


class Gpsd(NamedTuple):
    """What gpsd reports: positions by ms of the day, those before it knew the date, and when it had none.

    ``lost``: for each time after which gpsd said that there is no fix, the next time at which it had one.
    """

    timed: dict[int, list[Position]]
    undated: list[Position]
    lost: list[tuple[int, int]]

    def skips(self, time: int) -> bool:
        """It has no report of this moment, but one after, and had not said since the one before that there is none."""
        return time < max(self.timed) and not any(before <= time <= after for before, after in self.lost)


def read_gpsd(path: Path) -> Gpsd:
    """The reports of a ``.chk`` file (by time of day alone: gpsd mends dates in its own way)."""
    gpsd = Gpsd(defaultdict(list), [], [])
    latest, without = -1, False
    for line in path.read_text(errors="replace").splitlines():
        if not line.startswith('{"class":"TPV"'):
            continue
        report = json.loads(line)
        without = without or report["mode"] < 2
        if report["mode"] < 2 or "lat" not in report:
            continue
        position = report["lat"], report["lon"]
        if "time" not in report:
            gpsd.undated.append(position)
            continue
        time = clock(report["time"][11:-1].replace(":", ""))
        if without:
            gpsd.lost.append((latest, time))
        latest, without = time, False
        gpsd.timed[time].append(position)
    return gpsd


def is_at(fix: Fix, positions: list[Position]) -> bool:
    """One of them is the fix's."""
    return any(abs(fix.lat - lat) <= SAME and abs(fix.lon - lon) <= SAME for lat, lon in positions)


def is_among(fix: Fix, sent: list[Position]) -> bool:
    """Between those that the receiver itself sent for this moment."""
    return is_between(fix.lat, [lat for lat, _ in sent]) and is_between(fix.lon, [lon for _, lon in sent])


def is_between(value: float, ends: list[float]) -> bool:
    """In their range, but for rounding."""
    return min(ends) - ROUNDING <= value <= max(ends) + ROUNDING


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_fixes_are_gpsds_own(log: Path) -> None:
    """Every fix is where gpsd is at that moment, none where gpsd has none, and of gpsd's 95 % are there."""
    own, gpsd = read_own(log.read_bytes()), read_gpsd(log.with_suffix(".log.chk"))
    pipeline = Pipeline()
    fixes = {round(fix.utc * 1000) % DAY: fix for fix in fixes_of(read_log(log), pipeline)}

    for time, fix in fixes.items():
        assert is_at(fix, gpsd.timed.get(time, [])) or is_among(fix, own.positions[time])
        assert time in gpsd.timed or time == own.last or is_at(fix, gpsd.undated) or gpsd.skips(time)

    expected = own.active & gpsd.timed.keys()
    missing = expected - fixes.keys()
    assert len(missing) <= 0.05 * len(expected)
    reasons = {reason: count for reason, count in pipeline.refused.items() if reason != "not_active"}
    assert len(missing) <= sum(reasons.values()), "each one that is missing has a counted reason"


def test_all_logs_are_there(shared_data: Path) -> None:
    """The development data holds 47 logs; fewer would make this file pass for nothing."""
    assert len(LOGS) == 47
