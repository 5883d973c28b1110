"""gpsd's lines: bytes in, reports out. What is no report is counted and passed over; another server is named."""

import json
import re
from collections import Counter
from typing import Any

from edge.vehicle.gps.port import CauseError

LONGEST = 1 << 20  # bytes of a line
NO_NUMBER = re.compile(rb":\s*-?(?:nan|inf(?:inity)?)\b", re.IGNORECASE)


class Lines:
    """``greeted``: what came first was a report, as gpsd's VERSION is."""

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused
        self._rest = b""
        self.greeted = False

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The reports that ``data`` completes. Raises CauseError where the server is not gpsd."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            raise CauseError("not_gpsd")
        return [report for line in lines if (report := self._report(line)) is not None]

    def _report(self, line: bytes) -> dict[str, Any] | None:
        report = _read(line)
        if not self.greeted:
            self.greeted = report is not None and isinstance(report.get("class"), str)
            if not self.greeted:
                raise CauseError("not_gpsd")
        if report is None and line.strip():
            self._refused["gpsd_reply"] += 1
        return report


def _read(line: bytes) -> dict[str, Any] | None:
    """A line's object; a figure that is no number, as some versions write it, is missing."""
    try:
        report = json.loads(NO_NUMBER.sub(b":null", line))
    except (ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) else None
