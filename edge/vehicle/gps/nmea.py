"""NMEA 0183: bytes from a receiver in, checked sentences out.

pynmea2 does the parsing, with the checksum required. Everything that it raises, or lets through though it is no
value (second 60, a latitude in letters, a date that is missing), ends here: as a counted refusal of the line, or
as the ``fault`` of a sentence that the rest of its epoch must not lean on. Must not judge whether a position is
plausible: that is the gate's.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Any

import pynmea2

from edge.vehicle.gps.fields import clock_of, day_of, error_of, number_of, position_of, utc_of
from edge.vehicle.gps.quality import course_of, quality_of_modes
from edge.vehicle.gps.sentences import Gga, Gll, Gsa, Gst, Rmc, Sentence, Vtg, Zda

KNOT = 1852 / 3600  # m/s
LONGEST = 1024  # bytes; NMEA allows 82, some receivers send 200: what is longer is no sentence
COMMENT = re.compile(rb"# [ -~]*")
CHECKED = re.compile(rb"([A-Z0-9]{4,}[^*]*)\*([0-9A-Fa-f]{2})")


class Reader:
    """Cuts a stream of bytes into sentences; counts what it refuses in ``refused``, by reason.

    ``sentences``: how many had a good checksum so far, those that are passed over too.
    """

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused
        self._rest = b""
        self.sentences = 0

    def feed(self, data: bytes) -> list[Sentence]:
        """The sentences that ``data`` completes, of any talker; those of other kinds are passed over."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        if len(self._rest) > LONGEST:
            self._rest = self._rest[-LONGEST:]
        return [sentence for line in lines for sentence in self._sentences(line)]

    def forget(self) -> None:
        """Drop a half-read line: the connection was lost."""
        self._rest = b""

    def _sentences(self, line: bytes) -> list[Sentence]:
        """A line may begin with binary, or with a sentence that was cut off: each ``$`` starts anew.

        NULs, with which some receivers pad, are no part of it.
        """
        if b"$" not in line:
            self.sentences += line.startswith(b"!") and _holds(line[1:])
            return []
        if COMMENT.fullmatch(line):
            return []
        found = (self._sentence(piece) for piece in line.replace(b"\0", b"").split(b"$")[1:])
        return [sentence for sentence in found if sentence is not None]

    def _sentence(self, piece: bytes) -> Sentence | None:
        read = None if piece.startswith(b"P") else _READ.get(piece[2:5])  # P: a maker's own ($PGRMC sets up a Garmin)
        if read is None:
            self.sentences += _holds(piece)
            return None
        if len(piece) > LONGEST:  # pynmea2's pattern takes time by the square of the length
            self._refused["too_long"] += 1
            return None
        end = piece.find(b"*") + 3
        try:  # what follows the checksum is not the sentence's: a logger's own time, say
            sentence = read(pynmea2.parse((piece[:end] if end > 2 else piece).decode("ascii"), check=True))  # noqa: PLR2004
        except pynmea2.ChecksumError:
            self._refused["checksum" if b"*" in piece else "no_checksum"] += 1
        except (pynmea2.ParseError, UnicodeDecodeError):
            self._refused["unreadable"] += 1
        else:
            self.sentences += 1
            return sentence
        return None


def _holds(piece: bytes) -> bool:
    """Whether it is a sentence with a good checksum, of whatever kind."""
    found = CHECKED.match(piece, 0, LONGEST)
    return found is not None and reduce(xor, found[1]) == int(found[2], 16)


def _rmc(message: Any) -> Rmc:
    clock = clock_of(message.timestamp)
    if message.status != "A":
        return Rmc(clock, active=False)
    place = tuple(message.data[2:6])
    day, position = day_of(message.datestamp), position_of(place)
    if clock is None:
        return Rmc(clock, active=True, fault="bad_time" if message.timestamp else "no_time")
    if day is None:
        return Rmc(clock, active=True, fault="bad_date" if message.datestamp else "no_date")
    if isinstance(position, str):
        return Rmc(clock, active=True, fault=position)
    knots = number_of(message.spd_over_grnd)
    speed = None if knots is None else knots * KNOT
    course = course_of(number_of(message.true_course))
    return Rmc(
        clock, True, utc_of(day, clock), position, speed, course, message.mode_indicator.strip().upper(), "", place
    )


def _gga(message: Any) -> Gga:
    quality, satellites = message.gps_qual, number_of(message.num_sats)
    return Gga(
        clock=clock_of(message.timestamp),
        quality=quality if isinstance(quality, int) else None if quality else 0,
        hdop=number_of(message.horizontal_dil) or None,
        satellites=None if satellites is None else int(satellites),
        place=tuple(message.data[1:5]),
    )


def _gns(message: Any) -> Gga:
    satellites = number_of(message.num_sats)
    return Gga(
        clock=clock_of(message.timestamp),
        quality=quality_of_modes(message.mode_indicator.strip().upper()),
        hdop=number_of(message.hdop) or None,
        satellites=None if satellites is None else int(satellites),
        place=tuple(message.data[1:5]),
        gns=True,
    )


def _gsa(message: Any) -> Gsa:
    return Gsa(message.mode_fix_type == "2", number_of(message.hdop) or None)


def _gll(message: Any) -> Gll:
    active, mode = message.status == "A", message.faa_mode.strip().upper()
    return Gll(clock_of(message.timestamp), active, tuple(message.data[:4]), mode)


def _gst(message: Any) -> Gst:
    return Gst(clock_of(message.timestamp), error_of(message.std_dev_latitude, message.std_dev_longitude))


def _vtg(message: Any) -> Vtg:
    knots = number_of(message.spd_over_grnd_kts)
    return Vtg(None if knots is None else knots * KNOT, course_of(number_of(message.true_track)))


def _zda(message: Any) -> Zda:
    clock, day = clock_of(message.timestamp), day_of((message.year, message.month, message.day))
    return Zda(clock, None if clock is None or day is None else utc_of(day, clock))


_READ: dict[bytes, Callable[[Any], Sentence]] = {
    b"RMC": _rmc,
    b"GGA": _gga,
    b"GLL": _gll,
    b"GNS": _gns,
    b"GSA": _gsa,
    b"GST": _gst,
    b"VTG": _vtg,
    b"ZDA": _zda,
}
