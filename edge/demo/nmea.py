"""NMEA 0183 sentences of one epoch, as a GPS receiver writes them: RMC, GGA and, where an error is given, GST.

The demo's drives and the tests' recorded traces pass through here. Must not judge a position or add noise to it.
"""

from datetime import UTC, datetime
from functools import reduce
from operator import xor

KNOT: float = 1852.0 / 3600.0
"""Metres a second."""


def nmea_sentences(
    utc: float,
    lat: float,
    lon: float,
    speed: float,
    course: float,
    *,
    hdop: float = 0.9,
    satellites: int = 9,
    quality: int = 1,
    sigma: float | None = None,
) -> bytes:
    """The sentences of one epoch, each with its checksum and CR LF.

    ``utc`` in POSIX seconds (written to the millisecond), degrees WGS 84 (written to 1e-6 of a minute, 1.7e-8°),
    metres a second, degrees from north; ``sigma``: one standard deviation of latitude and of longitude, metres (GST).
    ``quality`` 0 is no fix: RMC ``V``, GGA 0, and neither position, speed nor course.
    """
    when = datetime.fromtimestamp(round(utc * 1000.0) // 1000, UTC)
    clock = f"{when:%H%M%S}.{round(utc * 1000.0) % 1000:03d}"
    if quality == 0:
        rmc = f"GPRMC,{clock},V,,,,,,,{when:%d%m%y},,,N"
        gga = f"GPGGA,{clock},,,,,0,{satellites:02d},,,M,,M,,"
        return _sentence(rmc) + _sentence(gga)
    place = f"{_angle(lat, 2, 'NS')},{_angle(lon, 3, 'EW')}"
    rmc = f"GPRMC,{clock},A,{place},{speed / KNOT:.3f},{course % 360.0:.1f},{when:%d%m%y},,,A"
    gga = f"GPGGA,{clock},{place},{quality},{satellites:02d},{hdop:.1f},0.0,M,0.0,M,,"
    gst = "" if sigma is None else f"GPGST,{clock},,,,,{sigma:.1f},{sigma:.1f},{2.0 * sigma:.1f}"
    return _sentence(rmc) + _sentence(gga) + (_sentence(gst) if gst else b"")


def _angle(degrees: float, digits: int, letters: str) -> str:
    """``ddmm.mmmmmm,N``: rounded as a whole, so that 60 minutes never appear."""
    millionths = round(abs(degrees) * 60e6)
    whole, rest = divmod(millionths, 60_000_000)
    return f"{whole:0{digits}d}{rest // 1_000_000:02d}.{rest % 1_000_000:06d},{letters[degrees < 0.0]}"


def _sentence(body: str) -> bytes:
    return f"${body}*{reduce(xor, body.encode(), 0):02X}\r\n".encode()
