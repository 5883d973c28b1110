"""What both daemons write to their logs: one line a record, whatever a peer chose to be called or to send.

A name with a newline in it must not write a line of its own, nor one with an escape sequence colour a terminal or
clear it. Must not decide what is worth a line.
"""

import logging
from typing import Final

from edge.text.plain import plain

LONGEST: Final = 2_000
"""Characters of a record's text."""

INDENT: Final = "    "
"""Before each line of a traceback: none of them can pass for a record."""


class Formatter(logging.Formatter):
    """As `logging` has it, with all that is no printable character written as Python writes it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, and its traceback's, if it has one."""
        record.message = record.getMessage()
        lines = [plain(self.formatMessage(record), LONGEST)]
        if record.exc_info and record.exc_info[0] is not None:
            lines += [INDENT + plain(line, LONGEST) for line in self.formatException(record.exc_info).splitlines()]
        return "\n".join(lines)


def log_to_stderr(form: str, level: int = logging.WARNING) -> None:
    """Have everything from a level on written; ``form`` as `logging` takes it."""
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter(form))
    logging.basicConfig(level=level, handlers=[handler])
