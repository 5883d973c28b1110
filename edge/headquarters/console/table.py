"""A table as a page shows it: texts and their looks, written as HTML. Must not know what a table is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from edge.headquarters.console.wording import Wording
from edge.headquarters.reports.register import Column

NUMBERS: Final = frozenset({"count", "minutes", "box"})
"""Kinds of column that are set to the right."""


@dataclass(slots=True)
class Note:
    """A word beside a cell's text; ``label``: what a screen reader says in place of a sign."""

    text: str
    css: str = "chip"
    label: str = ""


@dataclass(slots=True)
class Link:
    """Where a word leads; ``label``: what a screen reader says in its place."""

    text: str
    address: str
    label: str


@dataclass(slots=True)
class Cell:
    """One cell; ``css``: its class."""

    text: str
    css: str = ""
    note: Note | None = None
    links: tuple[Link, ...] = ()


@dataclass(slots=True)
class Head:
    """The head of a column, or of some columns."""

    text: str
    css: str = ""
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Line:
    """A row; its first cell is its head. ``id``: by which a link leads to it."""

    cells: tuple[Cell, ...]
    css: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """Heads and rows; ``caption``: for a screen reader; ``css``: the table's class."""

    heads: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]
    caption: str = ""
    css: str = "wide"

    def __html__(self) -> str:
        """As HTML, without a template, which takes ten times as long: a night of fifty cars has 20,000 cells."""
        css = f' class="{self.css}"' if self.css else ""
        caption = f'<caption class="unseen">{escape(self.caption)}</caption>' if self.caption else ""
        heads = "".join(f"<tr>{''.join(map(_head, heads))}</tr>\n" for heads in self.heads)
        lines = "".join(map(_line, self.lines))
        return (
            f'<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table{css}>{caption}\n'
            f"<thead>\n{heads}</thead>\n<tbody>\n{lines}</tbody>\n</table>\n</div>"
        )


def _head(head: Head) -> str:
    columns = f' colspan="{head.columns}"' if head.columns > 1 else ""
    rows = f' rowspan="{head.rows}"' if head.rows > 1 else ""
    scope = "colgroup" if head.columns > 1 else "col"
    return f'<th scope="{scope}"{columns}{rows}{_class(head.css)}>{escape(head.text)}</th>'


def _line(line: Line) -> str:
    first, *others = line.cells
    cells = "".join([f"<td{_class(cell.css)}>{_inside(cell)}</td>" for cell in others])
    named = f' id="{escape(line.id)}"' if line.id else ""
    return f'<tr{named}{_class(line.css)}><th scope="row"{_class(first.css)}>{_inside(first)}</th>{cells}</tr>\n'


def _inside(cell: Cell) -> str:
    text = escape(cell.text)
    if cell.note is not None:
        label = f' aria-label="{escape(cell.note.label)}"' if cell.note.label else ""
        text += f"{' ' if text else ''}<span{_class(cell.note.css)}{label}>{escape(cell.note.text)}</span>"
    links = (
        f'<a href="{escape(one.address)}" aria-label="{escape(one.label)}">{escape(one.text)}</a>' for one in cell.links
    )
    return text + " · ".join(links) if cell.links else text


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


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
