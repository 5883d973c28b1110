"""Holidays and the moon, by date, so that the car needs neither package.

Both are known years ahead, so nothing here can leak. Must not read files.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from typing import Final
from zoneinfo import ZoneInfo

import ephem
import holidays
import numpy as np

from edge.errors import UserError
from edge.risk.feature_column import Column
from models.sources.document import CalendarDoc
from models.sources.provenance import Part

GROUP: Final = "time"
_NEIGHBOURS: Final = (
    ("holiday", 0, "1 on a public holiday"),
    ("before_holiday", 1, "1 on the day before a public holiday"),
    ("after_holiday", -1, "1 on the day after a public holiday"),
)
_MOON_DIGITS: Final = 3
_HALF_MOON: Final = 0.5


def almanac_parts(document: CalendarDoc, dates: Sequence[date], zone: ZoneInfo) -> list[Part]:
    """Columns of the dates. Raises UserError for a country or part of one that `holidays` does not know."""
    free = _holidays(document, {day.year + near for day in dates for near in (-1, 0, 1)})
    where = document.country if document.subdivision is None else f"{document.country}-{document.subdivision}"
    source = f"public holidays of {where} by the Python package holidays {version('holidays')}"
    found: list[Part] = []
    for name, ahead, definition in _NEIGHBOURS:
        column = Column(name, GROUP, definition, "0 or 1", 0.0, source, "MIT", dates[0].isoformat())
        values = [float(day + timedelta(days=ahead) in free) for day in dates]
        found.append((column, np.array(values, dtype=np.float32)))
    return [*found, _moon(dates, zone)]


def _holidays(document: CalendarDoc, years: set[int]) -> set[date]:
    known = holidays.list_supported_countries(include_aliases=False)
    if document.country not in known:
        msg = f"calendar.country: {document.country!r} is not a country in the holidays package, such as US"
        raise UserError(msg)
    parts = known[document.country]
    if document.subdivision is not None and document.subdivision not in parts:
        msg = f"calendar.subdivision: {document.country} has no subdivision {document.subdivision!r}; use one of "
        raise UserError(msg + ", ".join(parts) if parts else f"{msg}none: leave it out")
    return set(holidays.country_holidays(document.country, subdiv=document.subdivision, years=sorted(years)))


def _moon(dates: Sequence[date], zone: ZoneInfo) -> Part:
    """The illuminated fraction at the local midnight that begins each date, rounded to a thousandth."""
    source = f"computed by the Python package ephem {version('ephem')}"
    definition = "moon: illuminated fraction of its disc at the local midnight that begins the date"
    column = Column("moon", GROUP, definition, "0 to 1", _HALF_MOON, source, "MIT", dates[0].isoformat())
    values = [round(ephem.Moon(_utc(day, zone)).phase / 100.0, _MOON_DIGITS) for day in dates]
    return column, np.array(values, dtype=np.float32)


def _utc(day: date, zone: ZoneInfo) -> datetime:
    """Midnight as ephem wants it: UTC without a zone."""
    return datetime.combine(day, time(0), zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
