"""What a test reads of notices: the words that people would see."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from edge.text.words import Notice, say


def shown(notice: Notice | Mapping[str, Any] | None) -> str:
    """A notice in words, as it is or as the screen's JSON has it; empty for none. None of its values is a sentence."""
    if notice is None:
        return ""
    asked = notice if isinstance(notice, Notice) else Notice(**notice)
    assert not [*sentences_in(asked)], asked
    return say(asked)


def all_shown(notices: Iterable[Notice | Mapping[str, Any]]) -> list[str]:
    """Several notices in words."""
    return [shown(one) for one in notices]


MAY_BE_WORDS: Final = ("detail", "reason", "agency", "path", "file", "device", "area", "areas")
"""Names of values that are a library's own text, an analyst's, or what an agency or a technician calls something."""


def sentences_in(value: object) -> Iterator[str]:
    """The values of a notice, or within it, that are sentences: what belongs into the catalogue."""
    if isinstance(value, Notice):
        yield from sentences_in(value.values)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from () if name in MAY_BE_WORDS else sentences_in(one)
    elif isinstance(value, str):
        yield from [value] if re.search(r"[A-Za-z]{2,} [a-z]{2,}", value) else []
    elif isinstance(value, Iterable):
        for one in value:
            yield from sentences_in(one)
