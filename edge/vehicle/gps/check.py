"""A technician's tool: a recorded log through parser and gate, as lines to print.

The logic of ``roundsman gps check FILE [--json]``. It prints nothing itself.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edge.domain.inputs import Fix
from edge.errors import UserError
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of, read_log

DAY = 86400.0  # s
_TABLE = "{:<24}  {:>11}  {:>12}  {:>7}  {:>7}  {:>7}  {}"


def check_log(path: Path, *, now: float, as_json: bool) -> Iterator[str]:
    """Lines: one a fix, and last the refusals by reason. ``now``: UTC s; UserError where the file is no NMEA log.

    A date that a week rollover spoilt is mended, unless the mended one would be in the future.
    """
    pipeline = Pipeline(ceiling=now + DAY)
    fixes = _of_a_log(path, pipeline)
    yield from _json(fixes, pipeline.refused) if as_json else _table(fixes, pipeline.refused)


def _of_a_log(path: Path, pipeline: Pipeline) -> Iterator[Fix]:
    """The recording's fixes; UserError where it holds no sentence at all."""
    yield from fixes_of(read_log(path), pipeline)
    if not pipeline.reader.sentences:
        msg = f"{path}: no NMEA sentences found; give an NMEA log, recorded at the receiver's baud rate"
        raise UserError(msg)


def _json(fixes: Iterator[Fix], refused: Counter[str]) -> Iterator[str]:
    count = 0
    for count, fix in enumerate(fixes, 1):  # noqa: B007 - the last one is the number of fixes
        yield json.dumps(
            {
                "time": _time(fix.utc),
                "lat": round(fix.lat, 9),
                "lon": round(fix.lon, 9),
                "speed": None if fix.speed is None else round(fix.speed, 3),
                "accuracy": round(fix.accuracy, 3),
                "quality": fix.quality,
                "flags": list(fix.flags),
            }
        )
    yield json.dumps({"refused": dict(sorted(refused.items())), "fixes": count})


def _table(fixes: Iterator[Fix], refused: Counter[str]) -> Iterator[str]:
    count = 0
    for count, fix in enumerate(fixes, 1):
        if count == 1:
            yield _TABLE.format("time", "lat", "lon", "m/s", "± m", "quality", "flags")
        yield _TABLE.format(
            _time(fix.utc),
            f"{fix.lat:.6f}",
            f"{fix.lon:.6f}",
            "–" if fix.speed is None else f"{fix.speed:.1f}",
            f"{fix.accuracy:.1f}",
            fix.quality,
            ", ".join(fix.flags),
        ).rstrip()
    reasons = ", ".join(f"{reason} {number}" for reason, number in sorted(refused.items()))
    yield f"{count} fixes; refused: {reasons or 'none'}"


def _time(utc: float) -> str:
    """UTC, ISO 8601 with milliseconds and Z."""
    stamp = datetime.fromtimestamp(round(utc * 1000) / 1000, UTC)
    return stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
