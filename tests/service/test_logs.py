"""What the daemons log: a line a record, whatever a peer chose to send."""

import io
import logging

import pytest

from edge.service.logs import LONGEST, Formatter

FORM = "%(levelname)s %(name)s: %(message)s"


def logged(message: str, *arguments: object, error: BaseException | None = None) -> str:
    """As it is written to the log."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Formatter(FORM))
    handler.handle(logging.getLogger("hq").makeRecord("hq", logging.WARNING, "", 0, message, arguments, _info(error)))
    return out.getvalue()


def _info(error: BaseException | None) -> tuple[type[BaseException], BaseException, None] | None:
    return None if error is None else (type(error), error, None)


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        ("car\nWARNING hq: all records lost", "car\\nWARNING hq: all records lost"),
        ("\x1b[2J\x1b[31mred", "\\x1b[2J\\x1b[31mred"),
        ("a\rb\tc\x00d", "a\\rb\\tc\\x00d"),
        ("\x9b1mC1", "\\x9b1mC1"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\u2028next", "\\u2028next"),
        ("Zürich 北京 ±", "Zürich 北京 ±"),
    ],
    ids=["newline", "escape", "control", "C1", "right to left", "line separator", "any script"],
)
def test_a_record_is_one_line_of_printable_characters(chosen: str, written: str) -> None:
    """Nobody writes a line of his own, colours a terminal or turns the line round; other scripts stay as they are."""
    assert logged("skipped %s", chosen) == f"WARNING hq: skipped {written}\n"


def test_a_record_is_bounded() -> None:
    """900 kB of a peer's words fill no disk."""
    line = logged("%s", "x" * 900_000)
    assert len(line) == LONGEST + 1
    assert line.endswith("…\n")


def test_no_line_of_a_traceback_passes_for_a_record() -> None:
    """An error may hold a peer's words: its lines are indented, and as plain as the rest."""
    lines = logged("hangs", error=ValueError("a\nWARNING hq: forged\x1b[2J")).splitlines()
    assert lines[0] == "WARNING hq: hangs"
    assert all(line.startswith("    ") for line in lines[1:])
    assert lines[-1] == "    WARNING hq: forged\\x1b[2J"
