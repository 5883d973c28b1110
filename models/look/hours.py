"""How times of day are written in a column of their own: 7:30 PM, 730, an hour, a fraction of a day.

Must not know a date.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from models.look.profile import Profile

_TIME: Final = re.compile(
    r"\d{1,2}(?P<sign>:)\d{2}(?P<second>:\d{2})?(?P<part>\.\d+)?(?P<half>\s*[ap]\.?m\.?)?", re.IGNORECASE
)
_MILITARY: Final = re.compile(r"(?:\d{1,2}|\d{1,2}[0-5]\d)(?:\.0+)?")
_FRACTION: Final = re.compile(r"0?\.\d+|0|1")
_LAST_HOUR: Final = 24
_SOME: Final = 4


def clock(column: Profile) -> str | None:
    """The format of a column that has times of day alone; None where most of its values are none."""
    texts = column.counts
    forms: Counter[str] = Counter()
    for text, rows in texts.items():
        if found := _TIME.fullmatch(text):
            forms[clock_format(found)] += rows
        elif _MILITARY.fullmatch(text):
            forms["%H%M"] += rows
        elif _FRACTION.fullmatch(text):
            forms["excel"] += rows
    if forms.keys() == {"%H%M"} and _hours_alone(texts):
        return "%H"
    (form, rows) = forms.most_common(1)[0] if forms else ("", 0)
    return form if rows and sum(forms.values()) >= column.filled / 2 else None


def _hours_alone(texts: Iterable[str]) -> bool:
    """Whether military times are none, but hours: in the first quarter of an hour of every day nothing else happens."""
    hours = {float(text) for text in texts if _MILITARY.fullmatch(text)}
    return len(hours) > _SOME and max(hours) <= _LAST_HOUR


def words_for_unknown(column: Profile) -> tuple[str, ...]:
    """The values of a column of times of day that are none, such as UNK."""
    return tuple(text for text in column.counts if not any(sign.isdigit() for sign in text))


def clock_format(found: re.Match[str]) -> str:
    """The directives of a time of day, of its groups ``sign``, ``second``, ``part`` and ``half``."""
    half, sign = found["half"], found["sign"]
    return (
        ("%I" if half else "%H") + f"{sign}%M" + (f"{sign}%S" if found["second"] else "")
        + (".%f" if found["part"] else "")
        + ((" " if half[:1].isspace() else "") + "%p" if half else "")
    )  # fmt: skip
