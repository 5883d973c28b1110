"""How dates and times are written in a column: formats of a mapping, found from its values by evidence.

Must not know which column means what, nor a zone.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from models.look.hours import clock_format
from models.look.profile import Profile

Order: TypeAlias = Literal["", "day", "month", "year", "both", "unknown"]
"""Which comes first in ``01/03/24``; "" where no date is written so. After a year come month and day."""

_ISO: Final = re.compile(
    r"\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|\d{4}(?=T))"
    r"(?P<rest>(?:[T ]+\d{1,2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?|T\d\d(?=Z|[+-]))?)"
    r"(?P<zone>\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+\-\u2212]\d{2}(?::?\d{2})?(?::\d{2})?)(?:\s*[(\[][^)\]]*[)\]])?)?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?P<rest>(?:\d\d){0,3})")
_SLASHED: Final = re.compile(r"(?P<a>\d{1,2})(?P<sign>[/.-])(?P<b>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})(?P<rest>.*)")
_COMPACT_FORMS: Final = {0: "%Y%m%d", 2: "%Y%m%d%H", 4: "iso", 6: "iso"}
_PACKED: Final = re.compile(r"(?P<a>\d{2})(?P<b>\d{2})(?P<year>(?:19|20)\d{2})")
_DAY_OF_YEAR: Final = r"(?:00[1-9]|0[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])"
_NAMED: Final = (
    (re.compile(r"(?P<year>\d{4})(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}(?P<rest>.*)"), "%Y{0}%m{0}%d"),
    (re.compile(r"\d{1,2}(?P<sign>[- /]?)[A-Za-z]{3,9}(?P=sign)(?P<year>\d{4}|\d{2})(?P<rest>.*)"), "%d{0}%b{0}{1}"),
    (re.compile(r"[A-Za-z]{3,9} \d{1,2}(?P<sign>,?) (?P<year>\d{4})(?P<rest>.*)"), "%b %d{0} {1}"),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>,?) [A-Za-z]{3,9} \d{1,2} (?P<year>\d{4})(?P<rest>.*)"), "%a{0} %b %d {1}"),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>,?) \d{1,2} [A-Za-z]{3,9} (?P<year>\d{4})(?P<rest>.*)"), "%a{0} %d %b {1}"),
    (re.compile(r"[A-Za-z]{3,9}, [A-Za-z]{3,9} \d{1,2}(?P<sign>,) (?P<year>\d{4})(?P<rest>.*)"), "%a, %b %d{0} {1}"),
    (re.compile(r"(?P<year>\d{4})(?P<sign>-?)W\d{2}(?P=sign)[1-7](?P<rest>.*)", re.I), "%G{0}W%V{0}%u"),
    (re.compile(rf"(?P<year>(?:19|20)\d\d)(?P<sign>-?){_DAY_OF_YEAR}(?P<rest>(?:\D.*)?)"), "%Y{0}%j"),
)
_REST: Final = re.compile(
    r"(?P<gap>,? |T|[:-]|)\d{1,2}(?P<sign>[:.h])\d{2}(?P<second>(?P=sign)\d{2})?(?P<part>[.,]\d+)?"
    r"(?P<half>\s*[ap]\.?m\.?)?"
    r"(?P<zone>\s*(?:Z|(?:UTC|GMT)?[+-]\d{1,2}:?\d{0,2}|[A-Z]{3,4})(?:\s*\(.*\))?)?",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"(?P<gap>,? |T|-)\d{4}(?P<tail>(?: ?h(?:ou)?rs?\.?)?)", re.IGNORECASE)
"""Hours and minutes behind a date, without a sign between."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:[eE]\+?\d+)?")
_DOTNET: Final = re.compile(r"/Date\((?P<number>\d+)(?:[+-]\d{4})?\)/")
"""Milliseconds, as older web services write them in JSON."""
_SECONDS: Final = (1e8, 4.2e9)
_MILLISECONDS: Final = (1e11, 4.2e12)
_SERIAL: Final = (20_000.0, 80_000.0)
"""Days since 1899-12-30: 1954 to 2119."""
_MIDNIGHT: Final = re.compile(
    r"\D*(?:0?0:00(?::00)?(?:[.,]0+)?|0000|12:00(?::00)?(?:[.,]0+)?\s*a\.?m\.?)?\s*\D*", re.IGNORECASE
)
_GREENWICH: Final = re.compile(r"\s*(?:Z|[+-]00:?(?:00)?|UTC|GMT)", re.IGNORECASE)
_SOME_CLOCK: Final = "1"
"""Stands for a time of day that is not at midnight."""
_SLIP: Final = 0.002
"""Share of values up to which a way of writing is a slip."""
_MONTHS: Final = 12
_LAST_DAY: Final = 31
_EVERY_DAY: Final = frozenset(range(1, 29))
_THREE: Final = 3
_RUN: Final = 4


@dataclass(frozen=True, slots=True)
class Written:
    """How the times of a column are written; all shares are of its values.

    ``formats``: the commonest first. ``clock``: with a time of day that is not always midnight. ``read``: in these
    formats. ``zulu``: marked as UTC; ``marked``: with any offset. ``tail``: what follows each date where all clocks
    are at midnight.
    """

    formats: tuple[str, ...]
    order: Order
    clock: bool
    read: float
    zulu: float = 0.0
    marked: float = 0.0
    tail: str = ""


@dataclass(frozen=True)
class When:
    """One time: a column, or a date's and a time's, and how it is written. ``unknown``: words in place of a time."""

    columns: tuple[str, ...]
    how: Written
    formats: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _One:
    """One value: its format (``%1`` and ``%2`` for day and month, if either may be either) and these numbers."""

    format: str
    rest: str = ""
    zone: str = ""
    numbers: tuple[int, ...] | None = None


def written(column: Profile, usual: Order = "") -> Written | None:
    """How a column's dates, with times of day or without, are written; None where most of its values are none.

    ``usual``: the order of day and month in the file's other columns, where this one's dates do not tell.
    """
    if column.kind != "text":
        return Written((), "", clock=column.kind == "time", read=1.0)
    found = [(one, rows) for text, rows in column.counts.items() if (one := _one(text, column)) is not None]
    read = sum(rows for _, rows in found)
    if not found or read < column.filled / 2:
        return None
    order = _order(found)
    order = usual if usual and order == "unknown" else order
    formats: Counter[str] = Counter()
    for one, rows in found:
        formats[_ordered(one.format, order)] += rows
    common = tuple(name for name, rows in formats.most_common() if rows > _SLIP * read)
    clock = any(not _MIDNIGHT.fullmatch(one.rest) for one, _ in found)
    zulu = sum(rows for one, rows in found if one.zone and _GREENWICH.fullmatch(one.zone)) / read
    marked = sum(rows for one, rows in found if one.zone) / read
    tails = {one.rest + one.zone for one, _ in found}
    tail = tails.pop() if len(tails) == 1 and not clock else ""
    if "epoch_s" in common:  # milliseconds are too large for it, and seconds would be of 1970 in the other
        common = ("epoch_s", *(name for name in common if name != "epoch_s"))
    kept = sum(formats[name] for name in common) / column.filled
    return Written(common, order, clock, kept, zulu, marked, tail)


def joined(date: Written, time_format: str) -> tuple[str, ...]:
    """The formats of a date's and a time's column, joined by a space."""
    colon = ":" in time_format
    found = []
    for name in date.formats:
        if name == "excel" or time_format == "excel":
            found.append(name)
        elif name == "iso":
            found.append("iso" if colon and "p" not in time_format else f"%Y-%m-%d{date.tail} {time_format}")
        else:
            day = re.split(r"[ ,T:-]*%[HI]", name)[0]
            found.append(f"{day}{date.tail} {time_format}")
    return tuple(dict.fromkeys(found))


def _one(text: str, column: Profile) -> _One | None:
    """How one value is written; None where it is no date."""
    return next((one for way in _WAYS if (one := way(text, column)) is not None), None)


def _compact(text: str, column: Profile) -> _One | None:
    """Digits alone: year, month and day, with a clock or without; or the year last."""
    if not _dated(column):
        return None
    if found := _COMPACT.fullmatch(text):
        return _One(_COMPACT_FORMS[len(found["rest"])], found["rest"])
    found = _PACKED.fullmatch(text)
    return _One("%1%2%Y", numbers=(int(found["a"]), int(found["b"]))) if found else None


def _iso(text: str, _: Profile) -> _One | None:
    found = _ISO.fullmatch(text)
    return _One("iso", found["rest"] or "", found["zone"] or "") if found else None


def _slashed(text: str, _: Profile) -> _One | None:
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    year = "%Y" if len(found["year"]) > 2 else "%y"  # noqa: PLR2004 - digits
    date = f"%1{found['sign']}%2{found['sign']}{year}"
    return _with_rest(date, found["rest"], (int(found["a"]), int(found["b"]), int(found["year"])))


def _named(text: str, column: Profile) -> _One | None:
    for pattern, form in _NAMED:
        if (found := pattern.fullmatch(text)) and (_dated(column) or "%j" not in form):
            year = "%Y" if len(found["year"]) > 2 else "%y"  # noqa: PLR2004 - digits
            return _with_rest(form.format(found["sign"], year), found["rest"])
    return None


def _numbered(text: str, column: Profile) -> _One | None:
    if _DOTNET.fullmatch(text):
        return _One("epoch_ms", _SOME_CLOCK, "Z")
    return _since_epoch(text, column) if _NUMBER.fullmatch(text) else None


_WAYS: Final = (_compact, _iso, _slashed, _named, _numbered)
"""In this order: 202501011345 is a date before it is a number of milliseconds."""


def _with_rest(date: str, rest: str, numbers: tuple[int, ...] | None = None) -> _One | None:
    if not rest:
        return _One(date, numbers=numbers)
    if found := _DIGITS.fullmatch(rest):
        return _One(f"{date}{found['gap']}%H%M{found['tail']}", rest, numbers=numbers)
    found = _REST.fullmatch(rest)
    if found is None:
        return None
    form = date + (found["gap"] or "") + clock_format(found) + (" %z" if found["zone"] else "")
    return _One(form, rest.removesuffix(found["zone"] or ""), found["zone"] or "", numbers)


def _since_epoch(text: str, column: Profile) -> _One | None:
    number = float(text)
    for (low, high), form in ((_SECONDS, "epoch_s"), (_MILLISECONDS, "epoch_ms")):
        if low <= number < high and _dated(column):
            return _One(form, _SOME_CLOCK)
    if _SERIAL[0] <= number < _SERIAL[1] and _dated(column):
        return _One("excel", "" if number.is_integer() else _SOME_CLOCK)
    return None


def _dated(column: Profile) -> bool:
    """Whether a column of numbers is named like one of times."""
    return column.has(
        "date", "time", "when", "datetime", "occurred", "occ", "timestamp", "from", "to", "dt", "epoch"
    ) or any("date" in word or "time" in word for word in column.words)


def _order(found: list[tuple[_One, int]]) -> Order:
    either = [(one.numbers, rows) for one, rows in found if one.numbers]
    if not either:
        return ""
    if _years_first({numbers for numbers, _ in either}):
        return "year"
    total = sum(rows for _, rows in either)
    day, month = (sum(rows for pair, rows in either if pair[place] > _MONTHS) for place in (0, 1))
    day, month = (rows if rows > _SLIP * total else 0 for rows in (day, month))
    if not day and not month:
        day, month = (_days(pairs={pair[:2] for pair, _ in either}, place=place) for place in (0, 1))
    return "both" if day and month else "day" if day else "month" if month else "unknown"


def _days(pairs: set[tuple[int, ...]], place: int) -> bool:
    """Whether a number runs while the other stays: the days of one month."""
    return len({pair[1 - place] for pair in pairs}) == 1 and len({pair[place] for pair in pairs}) > _RUN


def _years_first(dates: set[tuple[int, ...]]) -> bool:
    """Whether the last of three numbers of two digits runs through the days of a month, and none is more: 25-01-31."""
    last = {numbers[2] for numbers in dates if len(numbers) == _THREE}
    return last >= _EVERY_DAY and max(last) <= _LAST_DAY and len({numbers[0] for numbers in dates}) < len(last)


def _ordered(form: str, order: Order) -> str:
    if order == "year" and form.startswith("%1"):
        sign = form[2]
        return form.replace(f"%1{sign}%2{sign}%y", f"%y{sign}%m{sign}%d")
    first, second = ("%d", "%m") if order == "day" else ("%m", "%d")
    return form.replace("%1", first).replace("%2", second)
