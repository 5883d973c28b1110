"""A small receiver for tests: makes NMEA sentences of a moment and a place."""

import functools
import operator
from datetime import UTC, datetime

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC).timestamp()
LAT, LON = 41.88, -87.63
STEP = 1e-4  # degrees north a second: 11 m/s


def sentence(body: str) -> bytes:
    """``body`` with dollar, checksum and line end."""
    checksum = functools.reduce(operator.xor, body.encode())
    return f"${body}*{checksum:02X}\r\n".encode()


def angle(degrees: float, sides: str) -> str:
    """NMEA's ``dddmm.mmmmm,side``."""
    width = 2 if sides == "NS" else 3
    minutes = round(abs(degrees) * 60, 6)
    return f"{int(minutes // 60):0{width}d}{minutes % 60:09.6f},{sides[degrees < 0]}"


def place(lat: float, lon: float) -> str:
    return f"{angle(lat, 'NS')},{angle(lon, 'EW')}"


def rmc(
    second: float, lat: float = LAT, lon: float = LON, *, status: str = "A", knots: str = "5.0", talker: str = "GP"
) -> bytes:
    """RMC of ``START + second``."""
    when = datetime.fromtimestamp(START + second, UTC)
    time = f"{when:%H%M%S}.{when.microsecond // 10000:02d}"
    return sentence(f"{talker}RMC,{time},{status},{place(lat, lon)},{knots},0.0,{when:%d%m%y},,,A")


def gga(
    second: float, lat: float = LAT, lon: float = LON, *, quality: int = 1, hdop: str = "1.2", sats: str = "08"
) -> bytes:
    """GGA of ``START + second``."""
    when = datetime.fromtimestamp(START + second, UTC)
    time = f"{when:%H%M%S}.{when.microsecond // 10000:02d}"
    return sentence(f"GPGGA,{time},{place(lat, lon)},{quality},{sats},{hdop},180.0,M,-34.0,M,,")


def gst(second: float, lat_error: float, lon_error: float) -> bytes:
    """GST of ``START + second``."""
    when = datetime.fromtimestamp(START + second, UTC)
    return sentence(f"GPGST,{when:%H%M%S}.00,5.0,,,,{lat_error},{lon_error},3.0")


def zda(second: float) -> bytes:
    """ZDA of ``START + second``."""
    when = datetime.fromtimestamp(START + second, UTC)
    return sentence(f"GPZDA,{when:%H%M%S}.{when.microsecond // 10000:02d},{when:%d,%m,%Y},00,00")


def drive(first: int, seconds: int) -> bytes:
    """A GGA and an RMC each second, northwards at 11 m/s."""
    return b"".join(
        gga(s, LAT + s * STEP) + rmc(s, LAT + s * STEP, knots="21.6") for s in range(first, first + seconds)
    )
