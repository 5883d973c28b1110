"""What reports over some days share: filters, days, table and JSON, and the beat of a box. Must not read a database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from edge.contract.agency import Agency
from edge.domain.grid import parse_box_id
from edge.errors import UserError
from edge.headquarters.reports.register import Column, Filter, Question, Report, Table

DAYS: Final = 7
"""The days shown where nobody asks for others, today included."""

LineT = TypeVar("LineT")


@dataclass(frozen=True, slots=True)
class OverDays(Generic[LineT]):
    """A report's lines, of the days from ``since`` to ``until``: ISO dates, both included."""

    since: str
    until: str
    lines: tuple[LineT, ...]


def over_days(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    lines: Callable[[Question, str, str], Iterable[LineT]],
    of: str,
    notes: tuple[str, ...],
) -> Report[OverDays[LineT]]:
    """A report of ``lines`` over the days asked for; a line has each column, its JSON calls the list ``of``."""

    def make(question: Question) -> OverDays[LineT]:
        since, until = (date_of(question.values[name], name) for name in ("since", "until"))
        return OverDays(since, until, tuple(lines(question, since, until)))

    def rows(made: OverDays[LineT], _agency: Agency) -> Table:
        return table(made)

    def document(made: OverDays[LineT]) -> Mapping[str, Any]:
        return {"since": made.since, "until": made.until, of: table(made)}

    def table(made: OverDays[LineT]) -> Table:
        return [{column.name: getattr(one, column.name) for column in columns} for one in made.lines]

    return Report(name, title, columns, make, rows, document, _filters(), notes=notes)


def date_of(text: str, name: str) -> str:
    """The ISO date that a filter has. Raises UserError where it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        msg = f"{name}: {text!r} is not a date; write it as 2026-11-22"
        raise UserError(msg) from error


def beat_of(agency: Agency, box: str) -> str:
    """The beat that a box lies in; empty for a box the agency no longer has."""
    found = agency.grid.boxes.get(parse_box_id(box))
    return found.beat if found else ""


def _filters() -> tuple[Filter, Filter]:
    """The first and the last day, both included; unless they are given, the last seven."""
    return (
        Filter("since", "From", "date", lambda agency, now: (_today(agency, now) - timedelta(DAYS - 1)).isoformat()),
        Filter("until", "To", "date", lambda agency, now: _today(agency, now).isoformat()),
    )


def _today(agency: Agency, now: float) -> date:
    return datetime.fromtimestamp(now, agency.calendar.zone).date()
