"""A table as a page shows it: texts and their looks, ready to be written. Must not know what a table is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from edge.headquarters.console.wording import Wording
from edge.headquarters.reports.register import Column

NUMBERS: Final = frozenset({"count", "minutes", "box"})
"""Kinds of column that are set to the right."""


@dataclass(frozen=True, slots=True)
class Note:
    """A word beside a cell's text; ``label``: what a screen reader says in place of a sign."""

    text: str
    css: str = "chip"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a word leads; ``label``: what a screen reader says in its place."""

    text: str
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``css``: its class."""

    text: str
    css: str = ""
    note: Note | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, or of some columns."""

    text: str
    css: str = ""
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A row; its first cell is its head."""

    cells: tuple[Cell, ...]
    css: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """Heads and rows; ``caption``: for a screen reader; ``css``: the table's class."""

    heads: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]
    caption: str = ""
    css: str = "wide"


def table_of(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], wording: Wording) -> PageTable:
    """Any report's table."""
    heads = tuple(Head(column.title, _css(column)) for column in columns)
    lines = tuple(
        Line(tuple(Cell(_text(column, row.get(column.name), wording), _css(column)) for column in columns))
        for row in rows
    )
    return PageTable((heads,), lines)


def _css(column: Column) -> str:
    return "num" if column.kind in NUMBERS else ""


def _text(column: Column, value: Any, wording: Wording) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "minutes":
        return wording.minutes(value)
    if column.kind == "box":
        return wording.box(value)
    if column.kind == "moment":
        return wording.posix(value)
    return f"{value:,}" if column.kind == "count" else str(value)
