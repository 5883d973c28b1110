"""What an officer may choose of the display: the page asks for it, the daemon stores it. Must not obey it."""

from collections.abc import Mapping
from typing import Any, Final

from edge.text.words import LANGUAGES

MOST_STEPS: Final = 2
"""Steps brighter or darker."""

CHOICES: Final[Mapping[str, tuple[Any, ...]]] = {
    "theme": ("auto", "day", "night"),
    "brightness": tuple(range(-MOST_STEPS, MOST_STEPS + 1)),
    "language": LANGUAGES,
    "muted": (False, True),
}
"""What may be chosen, by name."""


def may_be(name: str, value: Any) -> bool:
    """Whether the choice of a name may be so: 1 is not true, to who reads JSON."""
    return any(value == one and type(value) is type(one) for one in CHOICES[name])
