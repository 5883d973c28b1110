"""When an incident became known, by the columns that say so. Must not decide what is left out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from models.ingest.mapping import Mapping
from models.ingest.reading import Table
from models.ingest.times import Flags, Instants, parse

_DATE_ALONE: Final = ("00:00",)
"""How exports write a report's date in a column of times (Los Angeles: ``01/08/2024 12:00:00 AM``)."""


@dataclass(frozen=True, slots=True)
class Reported:
    """When each row was reported (a date alone: by its end), NaT where nothing says; and where it can't be read."""

    at: Instants
    unread: Flags


def report_times(table: Table, mapping: Mapping, now: datetime) -> Reported:
    """The mapping's ``time.reported``; what is later than ``now`` is none, and exactly 00:00 a date alone."""
    none = np.full(table.num_rows, "NaT", "datetime64[us]")
    if mapping.time.reported is None:
        return Reported(none, np.zeros(table.num_rows, bool))
    times = mapping.time.model_copy(update={"unknown": _DATE_ALONE})
    found = parse(table, mapping.time.reported, times, mapping.zone)
    late = found.first > instant(now)
    return Reported(np.where(late, none, found.last), found.given & (np.isnat(found.last) | late))


def instant(moment: datetime) -> np.datetime64:
    """A moment that has its zone, in UTC."""
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
