"""How dates and times are written in a column: formats of a mapping, found from its values by evidence.

Must not know which column means what, nor a zone.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from models.look.profile import Profile

Order: TypeAlias = Literal["", "day", "month", "both", "unknown"]
"""Which comes first in ``01/03/24``; "" where no date is written so."""

_ISO: Final = re.compile(
    r"\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|\d{4}(?=T))"
    r"(?P<rest>(?:[T ]+\d{1,2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?|T\d\d(?=Z|[+-]))?)"
    r"(?P<zone>\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?(?:\d{2})?))?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?P<rest>(?:\d{6})?)")
_SLASHED: Final = re.compile(r"(?P<a>\d{1,2})(?P<sign>[/.-])(?P<b>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})(?P<rest>.*)")
_NAMED: Final = (
    (re.compile(r"(?P<year>\d{4})(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}(?P<rest>.*)"), "%Y{0}%m{0}%d"),
    (re.compile(r"\d{1,2}(?P<sign>[- /]?)[A-Za-z]{3,9}(?P=sign)(?P<year>\d{4}|\d{2})(?P<rest>.*)"), "%d{0}%b{0}{1}"),
    (re.compile(r"[A-Za-z]{3,9} \d{1,2}(?P<sign>,?) (?P<year>\d{4})(?P<rest>.*)"), "%b %d{0} {1}"),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>,?) [A-Za-z]{3,9} \d{1,2} (?P<year>\d{4})(?P<rest>.*)"), "%a{0} %b %d {1}"),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>,?) \d{1,2} [A-Za-z]{3,9} (?P<year>\d{4})(?P<rest>.*)"), "%a{0} %d %b {1}"),
    (re.compile(r"[A-Za-z]{3,9}, [A-Za-z]{3,9} \d{1,2}(?P<sign>,) (?P<year>\d{4})(?P<rest>.*)"), "%a, %b %d{0} {1}"),
)
_REST: Final = re.compile(
    r"(?P<gap>,? |T|)\d{1,2}:\d{2}(?P<second>:\d{2})?(?P<part>[.,]\d+)?(?P<half>\s*[ap]\.?m\.?)?"
    r"(?P<zone>\s*(?:Z|(?:UTC|GMT)?[+-]\d{1,2}:?\d{0,2}|[A-Z]{3,4})(?:\s*\(.*\))?)?",
    re.IGNORECASE,
)
_TIME: Final = re.compile(r"\d{1,2}:\d{2}(?P<second>:\d{2})?(?P<part>\.\d+)?(?P<half>\s*[ap]\.?m\.?)?", re.IGNORECASE)
_MILITARY: Final = re.compile(r"(?:\d{1,2}|\d{1,2}[0-5]\d)(?:\.0+)?")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:[eE]\+?\d+)?")
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


@dataclass(frozen=True, slots=True)
class _One:
    """One value: its format (``%1`` and ``%2`` for day and month, if either may be either) and these numbers."""

    format: str
    rest: str = ""
    zone: str = ""
    numbers: tuple[int, int] | None = None


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


def clock(column: Profile) -> str | None:
    """The format of a column that has times of day alone; None where most of its values are none."""
    texts = column.counts
    forms: Counter[str] = Counter()
    for text, rows in texts.items():
        if found := _TIME.fullmatch(text):
            forms[_clock_format(found)] += rows
        elif _MILITARY.fullmatch(text):
            forms["%H%M"] += rows
    (form, rows) = forms.most_common(1)[0] if forms else ("", 0)
    return form if rows and sum(forms.values()) >= column.filled / 2 else None


def words_for_unknown(column: Profile) -> tuple[str, ...]:
    """The values of a column of times of day that are none, such as UNK."""
    return tuple(text for text in column.counts if not any(sign.isdigit() for sign in text))


def joined(date: Written, time_format: str) -> tuple[str, ...]:
    """The formats of a date's and a time's column, joined by a space."""
    colon = ":" in time_format
    found = []
    for name in date.formats:
        if name == "iso":
            found.append("iso" if colon and "p" not in time_format else f"%Y-%m-%d{date.tail} {time_format}")
        else:
            day = re.split(r"[ ,T]*%[HI]", name)[0]
            found.append(f"{day}{date.tail} {time_format}")
    return tuple(dict.fromkeys(found))


def _one(text: str, column: Profile) -> _One | None:
    if found := _COMPACT.fullmatch(text):
        return _One("%Y%m%d" if len(text) < 14 else "iso", found["rest"]) if _dated(column) else None  # noqa: PLR2004
    if found := _ISO.fullmatch(text):
        return _One("iso", found["rest"] or "", found["zone"] or "")
    if found := _SLASHED.fullmatch(text):
        year = "%Y" if len(found["year"]) > 2 else "%y"  # noqa: PLR2004 - digits
        date = f"%1{found['sign']}%2{found['sign']}{year}"
        return _with_rest(date, found["rest"], (int(found["a"]), int(found["b"])))
    for pattern, form in _NAMED:
        if found := pattern.fullmatch(text):
            year = "%Y" if len(found["year"]) > 2 else "%y"  # noqa: PLR2004 - digits
            return _with_rest(form.format(found["sign"], year), found["rest"])
    return _since_epoch(text, column) if _NUMBER.fullmatch(text) else None


def _with_rest(date: str, rest: str, numbers: tuple[int, int] | None = None) -> _One | None:
    if not rest:
        return _One(date, numbers=numbers)
    found = _REST.fullmatch(rest)
    if found is None:
        return None
    form = date + (found["gap"] or "") + _clock_format(found) + (" %z" if found["zone"] else "")
    return _One(form, rest.removesuffix(found["zone"] or ""), found["zone"] or "", numbers)


def _clock_format(found: re.Match[str]) -> str:
    half = found["half"]
    return (
        ("%I" if half else "%H") + ":%M" + (":%S" if found["second"] else "") + (".%f" if found["part"] else "")
        + ((" " if half[:1].isspace() else "") + "%p" if half else "")
    )  # fmt: skip


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
    total = sum(rows for _, rows in either)
    day, month = (sum(rows for pair, rows in either if pair[place] > _MONTHS) for place in (0, 1))
    day, month = (rows if rows > _SLIP * total else 0 for rows in (day, month))
    if not day and not month:
        day, month = (_days(pairs={pair for pair, _ in either}, place=place) for place in (0, 1))
    return "both" if day and month else "day" if day else "month" if month else "unknown"


def _days(pairs: set[tuple[int, int]], place: int) -> bool:
    """Whether a number runs while the other stays: the days of one month."""
    return len({pair[1 - place] for pair in pairs}) == 1 and len({pair[place] for pair in pairs}) > _RUN


def _ordered(form: str, order: Order) -> str:
    first, second = ("%d", "%m") if order == "day" else ("%m", "%d")
    return form.replace("%1", first).replace("%2", second)
