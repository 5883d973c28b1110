"""Incidents as arrays become counts: the arithmetic, without a table library, so that the demo counts in the same way.

Must not decide which incidents may be counted (`models.count.tally` does), nor read a file.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from edge.agency.fit import project_many
from edge.domain.grid import BOX_M, Grid
from edge.domain.policy import CRIME_TYPES
from edge.domain.shift import Calendar, ShiftRule
from edge.errors import UserError
from edge.risk.counts import Counts
from models.count.shift_table import Instants, shift_table

CUT: Final = timedelta(hours=2)
"""An export's first and last day are taken as whole where incidents come as near as this to their midnights."""

GUNFIRE: Final = CRIME_TYPES.index("gunfire")
_MICRO: Final = 1_000_000
_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents, parallel: index of the type and of the box, a shot fired, first and last possible moment (UTC).

    ``known``: when each was known, not before its last possible moment; by that where nothing else is said.
    """

    kind: NDArray[np.int64]
    box: NDArray[np.int32]
    gunfire: NDArray[np.bool_]
    first: Instants
    last: Instants
    known: Instants | None = None


def boxes_of(grid: Grid, lat: _Floats, lon: _Floats) -> NDArray[np.int32]:
    """The box index (its number less 1) of each position; -1 outside the agency: `Grid.box_of` of arrays, exactly."""
    u, v = (lon - grid.lon0) / grid.scale, (lat - grid.lat0) / grid.scale
    holds = (np.abs(u) <= grid.reach) & (np.abs(v) <= grid.reach)
    cells = np.array(list(grid.boxes), np.int64)
    low, high = cells.min(axis=0), cells.max(axis=0)
    raster = np.full(high - low + 1, -1, np.int32)
    raster[tuple((cells - low).T)] = [box.number - 1 for box in grid.boxes.values()]
    at = np.floor(np.stack(project_many(grid, lat[holds], lon[holds]), axis=-1) / BOX_M).astype(np.int64)
    near = ((at >= low) & (at <= high)).all(axis=1)
    here = np.full(len(at), -1, np.int32)
    here[near] = raster[tuple((at[near] - low).T)]
    found = np.full(len(lat), -1, np.int32)
    found[holds] = here
    return found


def counts_of(happened: Incidents, calendar: Calendar) -> Counts:
    """Units of 1/256 by type, box, shift and day. Raises UserError where the incidents do not cover one whole day.

    Gunfire counts under its own type and under gunfire. ``known`` is a local date.
    """
    begin, end = int(happened.first.min()), int(happened.last.max())
    known = happened.last if happened.known is None else happened.known
    table = shift_table(calendar, begin, end)
    dates = shift_table(Calendar(calendar.zone, (ShiftRule("date", time(0)),)), begin, int(known.max()))
    shares = table.shares(happened.first, happened.last)
    columns: dict[str, NDArray[np.generic]] = {
        "known": dates.day[dates.at(known)][shares.incident],
        "day": table.day[shares.slot],
        "shift": table.rule[shares.slot],
        "kind": happened.kind[shares.incident],
        "box": happened.box[shares.incident],
        "weight": shares.units,
    }
    twice = (happened.gunfire & (happened.kind != GUNFIRE))[shares.incident]
    again = {name: column[twice] for name, column in columns.items()} | {"kind": np.full(twice.sum(), GUNFIRE)}
    both = {name: np.concatenate([column, again[name]]).astype(np.int64) for name, column in columns.items()}
    return Counts.of(both, *whole_days(begin, end, calendar.zone))


def whole_days(first: int, last: int, zone: ZoneInfo) -> tuple[int, int]:
    """The first and last whole day (ordinals) of incidents from one instant to another, POSIX microseconds.

    Raises UserError where there is none.
    """
    start = (_local(first, zone) - CUT).date() + timedelta(days=1)
    end = (_local(last, zone) + CUT).date() - timedelta(days=1)
    if end < start:
        msg = (
            f"the incidents do not cover one whole day ({_local(first, zone)} to {_local(last, zone)}); give more "
            "incidents"
        )
        raise UserError(msg)
    return start.toordinal(), end.toordinal()


def _local(instant: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant // _MICRO, zone).replace(tzinfo=None)
