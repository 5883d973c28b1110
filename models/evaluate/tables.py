"""Markdown tables, and numbers as the page prints them. Must not know what they mean."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are set to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def number(value: Any, digits: int = 4, *, sign: bool = False) -> str:
    """``0.1234``; a dash where there is none."""
    if value is None or not isfinite(value):
        return "–"
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def percent(value: Any, digits: int = 1, *, sign: bool = False) -> str:
    """``8.3%``."""
    text = number(None if value is None else 100.0 * value, digits, sign=sign)
    return text if text == "–" else f"{text}%"


def whole(value: float) -> str:
    """``12,345``."""
    return f"{value:,.0f}"


def between(interval: Mapping[str, Any], digits: int = 4, *, sign: bool = True) -> str:
    """``+0.0123 (+0.0101 to +0.0150)``."""
    value, low, high = (number(interval[key], digits, sign=sign) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def percent_between(interval: Mapping[str, Any]) -> str:
    """``+8.3% (+6.9 to +9.8)``."""
    low, high = (percent(interval[key], sign=True).removesuffix("%") for key in ("low", "high"))
    return f"{percent(interval['value'], sign=True)} ({low} to {high})"
