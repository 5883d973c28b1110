"""What a file holds that none of its tables does: rows left out, by reason, and what a person should know of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_SHOWN: Final = 5

MALFORMED: Final = "a malformed line"
EMPTY: Final = "an empty row"


@dataclass(slots=True)
class Account:
    """``left_out``: rows by reason. ``remarks``: sentences about the file."""

    left_out: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def at_lines(self, lines: Sequence[int], what: str, total: int | None = None) -> None:
        """Remark on some lines, of which the first are named. ``what`` is said of all of them."""
        count = len(lines) if total is None else total
        if count:
            named = ", ".join(str(line) for line in lines[:_SHOWN])
            more = f" and {count - _SHOWN:,} more" if count > _SHOWN else ""
            self.remarks.append(f"line{'s' if count > 1 else ''} {named}{more}: {what}")


def printable(text: str) -> str:
    """A text of a file, for a person: nothing in it that a terminal obeys."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)
