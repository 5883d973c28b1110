"""What bytes without an NMEA sentence are: a receiver's binary, another device's text, or another baud rate's noise."""

import re
from typing import Final, Literal

FRAME: Final = re.compile(rb"\xb5\x62[\x01-\x60]|\xa0\xa2[\x00-\x03]|\xa0\xa1[\x00-\x03]")
"""How a frame begins: u-blox' class, the first byte of SiRF's and SkyTraq's length."""

FRAMES: Final = 2
"""As many among two kilobytes are no chance."""

TEXT: Final = re.compile(rb"[\t\r\n\x20-\x7e]")
MOSTLY: Final = 0.95

Unread = Literal["unreadable", "binary", "not_nmea"]


def signature(data: bytes) -> Unread:
    """By receivers' own frames, else by how much of it is text."""
    if len(FRAME.findall(data)) >= FRAMES:
        return "binary"
    letters = len(TEXT.findall(data))
    return "not_nmea" if letters and letters >= MOSTLY * len(data) else "unreadable"
