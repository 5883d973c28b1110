"""NMEA 0183: bytes from a receiver in, checked sentences out.

pynmea2 does the parsing, with the checksum required. Everything that it raises, or lets through though it is no
value (second 60, a latitude in letters, a date that is missing), ends here: as a counted refusal of the line, or
as the ``fault`` of a sentence that the rest of its epoch must not lean on. Must not judge whether a position is
plausible: that is the gate's.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

import pynmea2

from edge.vehicle.gps.quality import WORST, course_of

KNOT = 1852 / 3600  # m/s
LONGEST = 1024  # bytes; NMEA allows 82, some receivers send 200: what is longer is no sentence
WANTED = (b"RMC", b"GGA", b"GST")


@dataclass(frozen=True, slots=True)
class Rmc:
    """Recommended minimum: ``clock`` ms of the UTC day, ``utc`` POSIX s, degrees, ``speed`` m/s, ``course`` degrees.

    ``active`` is status A; ``mode`` the FAA mode letter, "" before NMEA 2.3. A ``fault`` names why an active
    sentence is no position all the same; ``utc``, ``lat`` and ``lon`` are then meaningless.
    """

    clock: int | None
    active: bool
    utc: float = math.nan
    lat: float = math.nan
    lon: float = math.nan
    speed: float | None = None
    course: float | None = None
    mode: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Gga:
    """Fix data: ``quality`` as sent (0 none), ``hdop`` and ``satellites`` in use, None where not given."""

    clock: int | None
    quality: int
    hdop: float | None
    satellites: int | None


@dataclass(frozen=True, slots=True)
class Gst:
    """Error statistics: ``error`` is the horizontal distance r.m.s. in metres (63–68 %), None where not given."""

    clock: int | None
    error: float | None


Sentence: TypeAlias = Rmc | Gga | Gst


class Reader:
    """Cuts a stream of bytes into sentences; counts what it refuses in ``refused``, by reason."""

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused
        self._rest = b""

    def feed(self, data: bytes) -> list[Sentence]:
        """The sentences that ``data`` completes: RMC, GGA and GST of any talker; others are passed over."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        if len(self._rest) > LONGEST:
            self._rest = self._rest[-LONGEST:]
        return [sentence for line in lines for sentence in self._sentences(line)]

    def forget(self) -> None:
        """Drop a half-read line: the connection was lost."""
        self._rest = b""

    def _sentences(self, line: bytes) -> list[Sentence]:
        """A line may begin with binary, or with a sentence that was cut off: each ``$`` starts anew."""
        if b"$" not in line or line.startswith(b"#"):
            return []
        found = (self._sentence(piece) for piece in line.split(b"$")[1:] if _is_wanted(piece))
        return [sentence for sentence in found if sentence is not None]

    def _sentence(self, piece: bytes) -> Sentence | None:
        if len(piece) > LONGEST:  # pynmea2's pattern takes time by the square of the length
            self._refused["too_long"] += 1
            return None
        try:
            return _read(pynmea2.parse(piece.decode("ascii"), check=True))
        except pynmea2.ChecksumError:
            self._refused["checksum" if b"*" in piece else "no_checksum"] += 1
        except (pynmea2.ParseError, UnicodeDecodeError):
            self._refused["unreadable"] += 1
        return None


def _is_wanted(piece: bytes) -> bool:
    """RMC, GGA or GST of a talker; one that begins with P is a maker's own (``$PGRMC`` sets up a Garmin)."""
    return piece[2:5] in WANTED and not piece.startswith(b"P")


def _read(message: Any) -> Sentence:
    """pynmea2's message as plain values."""
    clock = _clock(message.timestamp)
    if message.sentence_type == "RMC":
        return _rmc(message, clock)
    if message.sentence_type == "GGA":
        satellites = _number(message.num_sats)
        return Gga(
            clock=clock,
            quality=message.gps_qual if isinstance(message.gps_qual, int) else 0,
            hdop=_number(message.horizontal_dil) or None,
            satellites=None if satellites is None else int(satellites),
        )
    latitude, longitude = _number(message.std_dev_latitude), _number(message.std_dev_longitude)
    return Gst(clock, min(math.hypot(latitude, longitude), WORST) if latitude and longitude else None)


def _rmc(message: Any, clock: int | None) -> Rmc:
    if message.status != "A":
        return Rmc(clock, active=False)
    day, position = message.datestamp, _position(message)
    if clock is None:
        return Rmc(clock, active=True, fault="bad_time" if message.timestamp else "no_time")
    if not isinstance(day, date):
        return Rmc(clock, active=True, fault="bad_date" if day else "no_date")
    if position is None:
        return Rmc(clock, active=True, fault="bad_position" if message.lat and message.lon else "no_position")
    utc = datetime.combine(day, time(), UTC).timestamp() + clock / 1000
    knots = _number(message.spd_over_grnd)
    speed = None if knots is None else knots * KNOT
    course = course_of(_number(message.true_course))
    return Rmc(clock, True, utc, *position, speed, course, message.mode_indicator.strip().upper())


def _position(message: Any) -> tuple[float, float] | None:
    """Degrees; pynmea2 raises on letters, and gives 0.0 for what is empty or has no hemisphere."""
    if not (message.lat and message.lon) or message.lat_dir not in ("N", "S") or message.lon_dir not in ("E", "W"):
        return None
    try:
        return message.latitude, message.longitude
    except ValueError:
        return None


def _clock(stamp: object) -> int | None:
    """Milliseconds of the day; None for what pynmea2 could not read."""
    if not isinstance(stamp, time):
        return None
    return ((stamp.hour * 60 + stamp.minute) * 60 + stamp.second) * 1000 + round(stamp.microsecond / 1000)


def _number(value: object) -> float | None:
    """A finite number that is not negative, or None."""
    if not isinstance(value, str | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
