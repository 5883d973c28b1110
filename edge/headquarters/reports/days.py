"""What reports over some days share: their filters, and the beat of a box. Must not read a database."""

from datetime import date, datetime, timedelta
from typing import Final

from edge.contract.agency import Agency
from edge.domain.grid import parse_box_id
from edge.errors import UserError
from edge.headquarters.reports.register import Filter

DAYS: Final = 7
"""The days shown where nobody asks for others, today included."""


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


def over_days() -> tuple[Filter, Filter]:
    """The first and the last day, both included; unless they are given, the last seven."""
    return (
        Filter("since", "From", "date", lambda agency, now: (_today(agency, now) - timedelta(DAYS - 1)).isoformat()),
        Filter("until", "To", "date", lambda agency, now: _today(agency, now).isoformat()),
    )


def _today(agency: Agency, now: float) -> date:
    return datetime.fromtimestamp(now, agency.calendar.zone).date()
