"""The version of the wire: what its sender can read and write, announced in a user property of each message.

Not in a body: software of version 1 (commit 8f83bf7) refuses a body with a field that it does not know, and announces
nothing. README.md says what each version brought, and what may be sent to whom.
"""

from collections.abc import Mapping
from typing import Final

VERSION: Final = 5
FIRST: Final = 1
"""The version of a peer that announces none."""

PROPERTY: Final = "wire"
"""The name of the user property."""

ANNOUNCEMENT: Final = (PROPERTY, str(VERSION))


def announced(properties: Mapping[str, str]) -> int:
    """The version that a message's sender announces; the first where it announces none, or none that is a number."""
    text = properties.get(PROPERTY, "")
    return max(FIRST, int(text)) if text.isascii() and text.isdigit() and len(text) <= len("999") else FIRST
