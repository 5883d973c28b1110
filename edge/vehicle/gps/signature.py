"""What bytes without an NMEA sentence are: a receiver's binary, another device's text, or another baud rate's noise."""

import re
from typing import Final, Literal

UBX: Final = re.compile(rb"\xb5\x62[\x01-\x60]")
TEXT: Final = re.compile(rb"[\t\r\n\x20-\x7e]")
MOSTLY: Final = 0.95

Unread = Literal["unreadable", "binary", "not_nmea"]


def signature(data: bytes) -> Unread:
    """By u-blox' frames, else by how much of it is text."""
    if UBX.search(data):
        return "binary"
    letters = len(TEXT.findall(data))
    return "not_nmea" if letters and letters >= MOSTLY * len(data) else "unreadable"
