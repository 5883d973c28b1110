"""gpsd's receivers: which of them to follow, and its reports as unjudged fixes.

gpsd may have several, and reports each by its name. The one with the better mode is followed, of two with the same mode
the one with the smaller error. Changing to another needs a clear reason: two receivers' positions differ a little.
"""

import math
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gpsd import GpsResponse

from edge.domain.inputs import Fix
from edge.vehicle.gps.health import Rhythm
from edge.vehicle.gps.quality import accuracy_of, by_axis_errors, by_radial_error, course_of, flags_of

CLEARLY = 1.5  # times the error: a receiver that is worse by so much is left for the better one
MODE_2D, MODE_3D = 2, 3
_QUALITY_OF_STATUS = {
    2: 2,
    3: 4,
    4: 5,
    5: 6,
    7: 7,
    8: 8,
}  # gpsd's TPV status to GGA's quality; 6 is satellites and more


@dataclass(slots=True)
class _Receiver:
    """``sky``: its newest figures; ``names_used``: it names satellites that it uses; ``time``: of its last position."""

    sky: dict[str, Any] = field(default_factory=dict)
    names_used: bool = False
    time: str | None = None
    rank: tuple[bool, int] = (False, 0)
    error: float = math.inf
    rhythm: Rhythm = field(default_factory=Rhythm)


class Receivers:
    """``device``: the only one to follow, by gpsd's name or a link to it; None for the best. Counts in ``refused``."""

    def __init__(self, device: str | None, refused: Counter[str]) -> None:
        self._device = device
        self._refused = refused
        self.forget()

    def forget(self) -> None:
        """A new connection: nothing is known of any receiver."""
        self._known: dict[str, _Receiver] = {}
        self._followed = ""

    def missing(self, devices: dict[str, Any]) -> str | None:
        """The receiver that gpsd's list lacks: the one to follow, "" for any at all; None where it is there."""
        listed = devices.get("devices")
        names = [one.get("path") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return None if any(self._is_ours(name) for name in names) else self._device or ""

    def concerns(self, report: dict[str, Any]) -> bool:
        """Whether a report is of a receiver that may be followed."""
        return self._device is None or self._is_ours(report.get("device"))

    def sky(self, report: dict[str, Any]) -> bool:
        """Store what a receiver sees; a report of the dilutions alone leaves its satellites. Whether it concerns us."""
        if not self.concerns(report):
            return False
        receiver = self._of(report)
        receiver.sky = {**receiver.sky, **report}
        receiver.names_used = receiver.names_used or bool(_used(receiver.sky))
        return True

    def position(self, report: dict[str, Any], mono: float) -> Fix | None:
        """A report's position as an unjudged fix, where it is a new one of the receiver to follow."""
        receiver = self._of(report)
        receiver.rhythm.note(mono)
        receiver.rank, receiver.error = (False, 0), math.inf
        try:
            fix = self._news(receiver, report, mono)
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, UserWarning):
            self._refused["gpsd_reply"] += 1  # gpsd-py3 raises these on a report that lacks what it reads
            return None
        return fix if self._follow(mono) is receiver else None

    def _news(self, receiver: _Receiver, report: dict[str, Any], mono: float) -> Fix | None:
        response = GpsResponse.from_json({"active": 1, "tpv": [report], "sky": [receiver.sky]})
        if response.mode < MODE_2D:
            return None
        if not response.time:
            self._refused["no_time"] += 1
            return None
        fix = reading(response, report, receiver.sky, mono, names_used=receiver.names_used)
        receiver.rank, receiver.error = (fix.by_satellites, response.mode), fix.accuracy
        before, receiver.time = receiver.time, response.time
        return None if before is None or before == response.time else fix  # the first may be of any age

    def _follow(self, mono: float) -> _Receiver:
        """The receiver to follow: the best of those that report, or the one before, where it is as good."""
        fresh = {name: one for name, one in self._known.items() if one.rhythm.fresh(mono, -math.inf)}
        best = max(fresh, key=lambda name: (fresh[name].rank, -fresh[name].error))
        now = fresh.get(self._followed)
        if now is None or now.rank < fresh[best].rank or now.error > CLEARLY * fresh[best].error:
            self._followed = best
        return self._known[self._followed]

    def _of(self, report: dict[str, Any]) -> _Receiver:
        return self._known.setdefault(str(report.get("device", "")), _Receiver())

    def _is_ours(self, name: object) -> bool:
        if self._device is None or name == self._device:
            return True
        return isinstance(name, str) and os.path.realpath(name) == os.path.realpath(self._device)


def reading(
    response: GpsResponse, tpv: dict[str, Any], sky: dict[str, Any], mono: float, *, names_used: bool = False
) -> Fix:
    """The report as an unjudged fix. gpsd-py3 makes 0 of what is missing: speed and HDOP are read from the report.

    gpsd's epx and epy are 95 % errors of the dilution, which stay from the last view of the sky; eph may be the
    receiver's own error. ``names_used``: the receiver names the satellites that it uses. ValueError on a bad time.
    """
    quality = _QUALITY_OF_STATUS.get(tpv.get("status", 1), 1)
    epx, epy, hdop = _positive(tpv.get("epx")), _positive(tpv.get("epy")), _positive(sky.get("hdop"))
    of_axes = by_axis_errors(epx, epy) if epx and epy else None
    of_receiver = by_radial_error(_positive(tpv.get("eph")), hdop)
    flat = response.mode == MODE_2D
    satellites = _used(sky)
    if satellites == 0 and not (names_used or flat or of_axes):
        satellites = None  # it names none of those that it uses
    accuracy, flags = accuracy_of(hdop, satellites, of_axes, of_receiver, flat=flat)
    return Fix(
        utc=datetime.fromisoformat(response.time).timestamp(),
        mono=mono,
        lat=float(response.lat),
        lon=float(response.lon),
        speed=_number(tpv.get("speed")),
        accuracy=accuracy,
        quality=quality,
        flags=(*flags_of(quality), *flags),
        course=course_of(tpv.get("track")),
    )


def _used(sky: dict[str, Any]) -> int | None:
    """How many satellites are in use; None where the sky does not say."""
    listed = sky.get("satellites")
    if not isinstance(listed, list):
        return None
    return sum(isinstance(one, dict) and one.get("used") is True for one in listed)


def _number(value: object) -> float | None:
    """A finite number, or None."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _positive(value: object) -> float | None:
    """A finite number above zero, or None."""
    number = _number(value)
    return number if number is not None and number > 0 else None
