"""The formats of times: ``iso``, ``excel``, ``epoch_s``, ``epoch_ms``, and strptime's directives, each a pattern.

A format is read as people write it: an offset is obeyed wherever a clock ends (a literal ``Z`` is one), hours and
minutes without a colon may lack zeros (130 is 01:30), 24:00 is the end of the day, and AM and PM are never ignored.
Must not know a table, nor the zone of a time without an offset.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from models.ingest.offsets import ZONE, offset_of

PLAIN: Final = ("iso", "excel", "epoch_s", "epoch_ms")
TELLING: Final = (*PLAIN, "%Y%j")
"""What a text that no format of a mapping reads is tried in, for a hint."""
SPACE: Final = "[\\s\u00a0\u2009\u202f]"

_DIRECTIVES: Final = {
    "Y": r"\d{4}", "y": r"\d{2}", "m": r"\d{1,2}", "d": r"\d{1,2}", "e": r"\d{1,2}", "j": r"\d{1,3}",
    "G": r"\d{4}", "V": r"\d{1,2}", "u": r"\d",
    "b": r"[A-Za-z]{3,9}\.?", "B": r"[A-Za-z]{3,9}\.?", "a": r"[A-Za-z]{2,9}\.?", "A": r"[A-Za-z]{2,9}\.?",
    "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{1,2}", "S": r"\d{1,2}", "f": r"\d{1,9}",
    "p": r"[ap]\.?m\.?", "z": ZONE, "Z": ZONE,
}  # fmt: skip
_GROUP: Final = {"e": "d", "B": "b", "I": "H", "Z": "z", "G": "Y"}
_WIDTH: Final = {"Y": 4, "y": 2, "m": 2, "d": 2, "e": 2, "j": 3, "G": 4, "V": 2, "u": 1,
                 "H": 2, "I": 2, "M": 2, "S": 2}  # fmt: skip
_CLOCK: Final = frozenset("HIMSfpzZ")
_DATE: Final = frozenset("YymdejbBaAGVu")
_PART: Final = re.compile(r"%(?P<directive>.)|(?P<space>\s+)|(?P<literal>[^%\s]+|%)", re.DOTALL)
_END_ZONE: Final = re.compile(r"(?<=[SMHfp])\s*(?:Z|(?:UTC|GMT)?[+-]\d{2}:?(?:\d{2})?|UTC|GMT)$")
_BETWEEN: Final = " \t,T-"

_ISO_DATE: Final = (
    r"(?P<Y>\d{4})(?:[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<m2>\d{2})(?P<d2>\d{2})"
    r"|-(?P<j>\d{3})|-?W(?P<V>\d{2})-?(?P<u>\d))"
)
"""ISO 8601: month and day, day of the year, week and day. A day of the year without its hyphen (2015164) could be
month, day and year: a format says so (``%Y%j``)."""
_ISO_ZERO: Final = rf"(?:[T ]00:?00(?::?00(?:[.,]0+)?)?{SPACE}*(?:Z|[+-]00(?::?00)?)?)?"
_ISO_CLOCK: Final = r"(?P<H>\d{1,2}):?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
_ISO_ZONE: Final = rf"(?:{SPACE}*(?P<z>{ZONE}))?"
_ISO_SHAPED: Final = rf"{_ISO_DATE}(?:(?:T|{SPACE}+){_ISO_CLOCK}{_ISO_ZONE})?"
_ISO: Final = (
    rf"{_ISO_DATE}(?:(?:{_ISO_ZERO}(?:T|{SPACE}+)){_ISO_CLOCK}{_ISO_ZONE}"
    rf"|T(?P<H2>\d{{2}}){_ISO_ZONE.replace('<z>', '<z2>')}"
    r"|(?P<z3>Z|[+-]\d{2}:\d{2}))?",
    r"(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?"
    rf"(?:[.,](?P<f>\d{{1,9}}))?{_ISO_ZONE}",
)
_NUMBER: Final = r"(?:/Date\()?(?P<number>-?\d+(?:\.(?P<digits>\d*))?(?:E\+?(?P<power>\d{1,2}))?)(?:(?:[+-]\d{4})?\)/)?"
"""Alone, or as older web services write it in JSON: ``/Date(1719837000000-0500)/``, in UTC whatever stands behind."""
_SERIAL: Final = r"(?P<serial>\d{1,6}(?:\.\d+)?)(?:\s+(?P<rest>0?\.\d+|0|1)(?:\.0*)?)?"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a time: RE2 patterns (any case, the whole text), whose groups name what they hold.

    ``Y y m d j b`` the date (``V u``: ISO's week of the year ``Y``, and its day); ``H M S f p`` the clock; ``hm``,
    ``hms``: digits without a colon; ``z`` an offset; ``number``, ``serial``: since an epoch. A digit behind a name is
    another place for the same. ``shaped``: patterns that ask for no certain digit; what they do not match, the others
    may.
    """

    name: str
    patterns: tuple[str, ...]
    shaped: tuple[str, ...] = ()
    half_day: bool = False


@cache
def form_of(name: str) -> Form:
    """The form of a format. Raises ValueError, in words, where it is none."""
    match name:
        case "iso":
            return Form(name, tuple(map(_whole, _ISO)), (_whole(_ISO_SHAPED),))
        case "excel":
            return Form(name, (_whole(_SERIAL),))
        case "epoch_s" | "epoch_ms":
            return Form(name, (_whole(_NUMBER),))
    parts = _parts(name)
    _check(name, parts)
    return _of_parts(name, parts)


@cache
def date_form(name: str) -> Form | None:
    """The form of the same format's date, for times that lack their clock; None where it has none of its own."""
    parts = _parts(name) if name not in PLAIN else []
    clock = [index for index, part in enumerate(parts) if part[0] == "directive" and part[1] in _CLOCK]
    if not clock:
        return None
    inside, rest = parts[clock[0] : clock[-1] + 1], parts[: clock[0]] + parts[clock[-1] + 1 :]
    if any(kind == "directive" and value in _DATE for kind, value in inside):
        return None
    return _of_parts(name, _trimmed(rest))


def _of_parts(name: str, parts: list[tuple[str, str]]) -> Form:
    patterns = (_whole(_pattern(parts)),)
    certain = any(kind == "literal" and any(map(str.isdigit, value)) for kind, value in parts)
    return Form(name, patterns, () if certain else patterns, half_day=_has(parts, "I"))


def check_formats(names: Sequence[str]) -> None:
    """Raise ValueError, in words, for a format that is none, or for two that read one text as different days."""
    for name in names:
        form_of(name)
    shapes: dict[str, str] = {}
    for name in names:
        if name in PLAIN:
            continue
        date = "".join(value if kind == "literal" else f"%{value}" for kind, value in _date_parts(name))
        other = shapes.setdefault(re.sub("%[dmye]", "%#", date), date)
        if other != date:
            msg = (
                f"{other} and {date} read the same text as different days (01/03/24); give only the one that the "
                "export is written in"
            )
            raise ValueError(msg)


def _date_parts(name: str) -> list[tuple[str, str]]:
    parts = [part for part in _parts(name) if part[0] != "space"]
    date = [index for index, part in enumerate(parts) if part[0] == "directive" and part[1] in _DATE]
    return parts[date[0] : date[-1] + 1]


def _parts(name: str) -> list[tuple[str, str]]:
    """What a format is made of: directives, spaces and literals. An offset written at its end is an offset."""
    found = [(match.lastgroup or "", match.group(match.lastgroup or 0)) for match in _PART.finditer(_zoned(name))]
    parts = [("space", " ") if kind == "space" else ("literal", "%") if value == "%" else (kind, value)
             for kind, value in found]  # fmt: skip
    unknown = [value for kind, value in parts if kind == "directive" and value not in _DIRECTIVES]
    if unknown or not any(kind == "directive" for kind, _ in parts):
        msg = f"{name!r} is not a time format; use {', '.join(PLAIN)} or a strptime format such as %m/%d/%Y %H:%M"
        raise ValueError(msg)
    return parts


def _zoned(name: str) -> str:
    end = _END_ZONE.search(name)
    return name if end is None or offset_of(end.group().strip(), "UTC") is None else name[: end.start()] + "%z"


def _check(name: str, parts: list[tuple[str, str]]) -> None:
    has = {_GROUP.get(value, value) for kind, value in parts if kind == "directive"}
    if "V" in has and not _has(parts, "G"):
        msg = f"{name!r} has a week (%V) without the year that it counts in; use %G in place of %Y"
        raise ValueError(msg)
    day = {"V", "u"} <= has if _has(parts, "G") else "j" in has or ("d" in has and {"m", "b"} & has)
    if not (day and {"Y", "y"} & has):
        msg = f"{name!r} has no whole date; a time needs its year, month and day (join a column: from = [DATE, TIME])"
        raise ValueError(msg)
    if _has(parts, "I") and "p" not in has:
        msg = f"{name!r} has hours of 12 (%I) without AM or PM (%p); use %H, or add %p"
        raise ValueError(msg)
    groups = [_GROUP.get(value, value) for kind, value in parts if kind == "directive" and value not in "aA"]
    if len(groups) != len(set(groups)) or {"Y", "y"} <= has or {"m", "b"} <= has:
        msg = f"{name!r} is not a time format: it has the same part twice"
        raise ValueError(msg)


def _has(parts: list[tuple[str, str]], directive: str) -> bool:
    return ("directive", directive) in parts


def _trimmed(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A date's parts without what stood between it and the clock."""
    while parts and parts[-1][0] != "directive" and not parts[-1][1].strip(_BETWEEN):
        parts = parts[:-1]
    while parts and parts[0][0] != "directive" and not parts[0][1].strip(_BETWEEN):
        parts = parts[1:]
    return parts


def _whole(pattern: str) -> str:
    return f"(?i)^(?:{pattern})$"


def _pattern(parts: list[tuple[str, str]]) -> str:
    made = []
    index = 0
    while index < len(parts):
        run = _military(parts, index)
        if run:
            made.append(rf"(?P<{'hms' if run == 3 else 'hm'}>\d{{1,{2 * run}}})(?:\.0*)?")  # noqa: PLR2004
        else:
            made.append(_one(parts, index))
        index += max(run, 1)
    return "".join(made)


def _military(parts: list[tuple[str, str]], index: int) -> int:
    """How many directives from here on are hours, minutes (and seconds) in one number; 0 where they are none."""
    if index and parts[index - 1][0] == "directive":
        return 0
    names = [value if kind == "directive" else "" for kind, value in parts[index : index + 4]] + [""] * 4
    if names[:2] != ["H", "M"] or (names[2] in _WIDTH and names[2] != "S") or names[3] in _WIDTH:
        return 0
    return 3 if names[2] == "S" else 2


def _one(parts: list[tuple[str, str]], index: int) -> str:
    kind, value = parts[index]
    following = parts[index + 1] if index + 1 < len(parts) else ("", "")
    if kind == "space":
        return f"{SPACE}*" if following[1] in ("p", "z", "Z") else f"{SPACE}+"
    if kind == "literal":
        return re.escape(value)
    if value in "zZ":
        return rf"(?:{SPACE}*(?P<z>{ZONE}))?"
    if value in "aA":
        return _DIRECTIVES[value]
    if value == "H" and following[0] in ("", "space"):  # an hour alone, as a number may be (7.0)
        return r"(?P<H>\d{1,2})(?:\.0*)?"
    beside = (parts[index - 1] if index else ("", ""), following)
    packed = any(kind == "directive" and name in _WIDTH for kind, name in beside)
    digits = rf"\d{{{_WIDTH[value]}}}" if packed and value in _WIDTH else _DIRECTIVES[value]
    return f"(?P<{_GROUP.get(value, value)}>{digits})"
