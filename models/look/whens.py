"""Which columns say from when to when it happened, and when it was reported. Must not know how times are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.look.dates import Order, When, Written, joined, written
from models.look.hours import clock, words_for_unknown
from models.look.parts import in_parts
from models.look.profile import Profile

_BEGIN: Final = ("occurred", "occurrence", "occur", "occ", "from", "fr", "begin", "start", "committed", "earliest")
_END: Final = ("to", "end", "ended", "thru", "through", "until", "latest", "last")
_REPORTED: Final = ("reported", "report", "rptd", "rpt", "received", "entered", "created", "entry", "call", "dispatch",
                    "dispatched", "notified", "filed")  # fmt: skip
_LATER: Final = ("updated", "update", "modified", "edited", "edit", "changed", "closed", "clearance", "cleared",
                 "loaded", "published", "arrival", "arrived", "validated", "disposition", "exported", "downloaded",
                 "status")  # fmt: skip
_CHANGED: Final = ("updated", "update", "modified", "edited", "edit", "changed")
_HALVES: Final = frozenset(("AM", "PM"))
_FILLER: Final = frozenset(
    ("date", "time", "dt", "tm", "datetime", "timestamp", "of", "the", "local", "at", "hour", "on")
)


@dataclass(frozen=True)
class Whens:
    """``begin`` … ``end``: when it happened; ``reported``: when it became known; ``other``: more columns of times.

    ``updated``: when a row was last changed. ``substitute``: whether ``begin`` is of a report, for want of a better.
    """

    begin: When | None
    end: When | None = None
    reported: When | None = None
    other: tuple[str, ...] = ()
    substitute: bool = False
    updated: When | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of all times but the other ones."""
        four = (self.begin, self.end, self.reported, self.updated)
        return tuple(name for when in four if when for name in when.columns)


def find_whens(columns: Sequence[Profile]) -> Whens:
    """The times of an export, by the names of its columns and by what is in them."""
    clocks = [(one, form) for one in columns if one.has("time", "hour", "tm", "hr") or _ends(one, "time")
              if written(one) is None and (form := clock(one))]  # fmt: skip
    half = next((one for one in columns if one.counts and _is_half_day(one)), None)
    usual = _usual(columns)
    dates = [(one, how) for one in columns if (how := written(one, usual)) is not None]
    whens = {one.name: _when(one, how, clocks, half, len(dates)) for one, how in dates}
    ranked: dict[str, list[Profile]] = {"begin": [], "end": [], "reported": [], "other": []}
    for one, _ in dates:
        ranked[_role(one)].append(one)
    begin, end, reported = (_best(ranked[role]) for role in ("begin", "end", "reported"))
    if not dates:
        return Whens(in_parts(columns))
    substitute = begin is None and reported is not None
    if begin is None:
        begin, reported, end = (reported, None, end) if reported else (end, None, None)
    chosen = [one.name for one in (begin, end, reported) if one]
    updated = next((one for one in ranked["other"] if one.has(*_CHANGED) and one.filled == one.rows), None)
    chosen += [updated.name] if updated else []
    other = tuple(one.name for one, _ in dates if one.name not in chosen)
    named = [whens[one.name] if one else None for one in (begin, end, reported)]
    return Whens(named[0], named[1], named[2], other, substitute, whens[updated.name] if updated else None)


def _usual(columns: Sequence[Profile]) -> Order:
    """Which of day and month comes first in the columns that tell, if they agree."""
    told = {how.order for one in columns if (how := written(one)) is not None} - {"", "unknown"}
    return told.pop() if len(told) == 1 else ""


def _best(columns: Sequence[Profile]) -> Profile | None:
    """The one that is filled best; of equals that with the plainest name, then with a time of day, then the first."""
    return max(
        columns, key=lambda one: (one.filled * 10 // max(one.rows, 1), one.has(*_BEGIN), _clocked(one)), default=None
    )


def _clocked(column: Profile) -> bool:
    how = written(column)
    return how is not None and how.clock


def _role(column: Profile) -> str:
    if column.has(*_LATER):
        return "other"
    if column.has(*_REPORTED) and not column.has(*_BEGIN, "to"):
        return "reported"
    if column.has(*_END) and not column.has("from"):
        return "end"
    return "begin"


def _ends(column: Profile, what: str) -> bool:
    return any(word.endswith(what) for word in column.words)


def _stem(column: Profile) -> frozenset[str]:
    """What a date's and its time's column have in common of their names."""
    words = {word.removesuffix("date").removesuffix("time") for word in column.words}
    return frozenset(words - _FILLER - {""})


def _is_half_day(column: Profile) -> bool:
    """Whether a column says AM or PM, and nothing else."""
    return {text.upper().replace(".", "") for text in column.counts} <= _HALVES


def _when(date: Profile, how: Written, clocks: Sequence[tuple[Profile, str]], half: Profile | None, dates: int) -> When:
    """A date with the column of its time of day, if it has none itself and there is one."""
    if how.clock or date.kind == "time":
        return When((date.name,), how, how.formats)
    fits = [one for one in clocks if _stem(one[0]) == _stem(date)]
    if not fits and dates == 1 and len(clocks) == 1:
        fits = list(clocks)
    if not fits:
        return When((date.name,), how, how.formats)
    time, form = fits[0]
    if half and form.startswith("%H:%M"):
        whole = joined(how, form.replace("%H", "%I") + " %p")
        return When((date.name, time.name, half.name), how, whole, words_for_unknown(time))
    return When((date.name, time.name), how, joined(how, form), words_for_unknown(time))
