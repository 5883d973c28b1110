"""What differs from one language to another beside its words: articles, plurals, and how a list is joined.

Must not hold a word of a screen's: those are the catalogue's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

Filters: TypeAlias = Mapping[str, Callable[[Any], Any]]

_SOUNDS_AS_I: Final = re.compile(r"h?i(?!e)", re.IGNORECASE)
"""Before which a Spanish "y" is "e": incendios, historial; but "y hielo"."""

_FEMININE: Final = re.compile(r"\w*(a|ión|dad)\b", re.IGNORECASE)


def plural(count: float) -> str:
    """The ending of a count's noun, in English and of a Spanish noun that ends with a vowel."""
    return "" if count == 1 else "s"


def _es(count: float) -> str:
    """``box``, ``boxes``."""
    return "" if count == 1 else "es"


def _joined(words: Sequence[str], conjunction: str) -> str:
    """``a, b and c``."""
    return f" {conjunction} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _y(words: Sequence[str]) -> str:
    return _joined(words, "e" if words and _SOUNDS_AS_I.match(words[-1]) else "y")


def _a(noun: str) -> str:
    """``a plan``, ``an Ack``."""
    return f"{'an' if noun[:1].lower() in set('aeiou') else 'a'} {noun}"


def _un(noun: str) -> str:
    """``un plan``, ``una lista``: by the ending of the noun's first word."""
    return f"{'una' if _FEMININE.match(noun) else 'un'} {noun}"


GRAMMAR: Final[Mapping[str, Filters]] = {
    "en": {"s": plural, "es": _es, "and": lambda words: _joined(words, "and"), "a": _a},
    "es": {"s": plural, "es": _es, "and": _y, "a": _un},
}
"""By language, the filters that are its own. ``grammar.js`` has the same."""
