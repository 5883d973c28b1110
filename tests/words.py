"""What a test reads of notices: the words that people would see."""

from collections.abc import Iterable, Mapping
from typing import Any

from edge.text.words import Notice, say


def shown(notice: Notice | Mapping[str, Any] | None) -> str:
    """A notice in words, as it is or as the screen's JSON has it; empty for none."""
    if notice is None:
        return ""
    return say(notice if isinstance(notice, Notice) else Notice(**notice))


def all_shown(notices: Iterable[Notice | Mapping[str, Any]]) -> list[str]:
    """Several notices in words."""
    return [shown(one) for one in notices]
