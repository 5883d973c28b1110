"""What a time says of its own zone (``Z``, ``+00``, ``-0600``, ``GMT-06:00 (CST)``, ``CDT``) as an offset from UTC.

Must not guess: a name that neither the export's zone nor RFC 2822 has is no offset.
"""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = (
    "(?:(?:(?:UTC|GMT|UT)? ?[+\\-\u2212]"
    r"\d{1,2}(?::?\d{2})?(?::\d{2})?|[A-Z]{2,5}|Z)(?:\s*[(\[][^)\]]*[)\]])?)"
)
"""RE2, any case: a number with or without a colon, behind ``GMT`` or not, a name, and a remark in brackets."""

_NUMBER: Final = re.compile(r"(?:UTC|GMT|UT)? ?([+\-\u2212])(\d{1,2})(?::?(\d{2}))?(?::(\d{2}))?$")
_REMARK: Final = re.compile(r"\s*[(\[].*$")
_LARGEST: Final = timedelta(hours=16)
_RFC_2822: Final = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours; section 4.3. A name of the export's own zone goes before these."""


def offset_of(text: str, zone: str) -> timedelta | None:
    """The offset from UTC that a text says (local less UTC); None where it says none."""
    plain = _REMARK.sub("", text).strip().upper()
    if number := _NUMBER.match(plain):
        sign, *parts = number.groups(default="0")
        hours, minutes, seconds = map(int, parts)
        size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        right = size <= _LARGEST and minutes < 60 and seconds < 60  # noqa: PLR2004 - a clock's
        return (size if sign == "+" else -size) if right else None
    if plain in ("Z", "UTC", "GMT", "UT"):
        return timedelta(0)
    own = _names(zone).get(plain)
    return own if own is not None else _hours(_RFC_2822.get(plain))


def _hours(hours: int | None) -> timedelta | None:
    return None if hours is None else timedelta(hours=hours)


@cache
def _names(zone: str) -> dict[str, timedelta]:
    """The names that a zone's own clocks have had (CST, CDT), the latest meaning of each."""
    place = ZoneInfo(zone)
    moments = [datetime(year, month, 1, tzinfo=place) for year in range(1971, 2038) for month in range(1, 13)]
    found = {moment.tzname(): moment.utcoffset() for moment in moments}
    return {name.upper(): offset for name, offset in found.items() if name and name.isalpha() and offset is not None}
