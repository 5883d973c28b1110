"""Incidents and an agency become counts by box, crime type, shift and day: all that training and the car know of them.

What may not be counted (protections 2 and 3) is left out here again, whatever the file holds: a crime type that is not
forecast, and an incident an officer's own activity brought up. Must not read an export, nor any record of a visit
(protection 4: dosage is no label).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from edge.contract.agency import Agency
from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from edge.risk.counts import Counts
from models.count.shift_table import Instants
from models.count.units import Incidents, boxes_of, counts_of

LONGEST: Final = timedelta(days=7)
"""Of a span. In a longer one each shift would get under a twentieth of an incident: it tells nothing of a shift."""

OFFICER: Final = "officer"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts, and how many incidents are in them and how many were left out, by reason."""

    counts: Counts
    counted: int
    left_out: dict[str, int]


def count(incidents: pd.DataFrame, agency: Agency) -> Counts:
    """The counts of incidents (`models.ingest.incidents.COLUMNS`); see `tally`."""
    return tally(incidents, agency).counts


def tally(incidents: pd.DataFrame, agency: Agency) -> Tally:
    """Count incidents by the agency's boxes, shifts and days (`models.count.units.counts_of`).

    Raises UserError where none is left to count, or they span no whole day.
    """
    box = boxes_of(agency.grid, incidents["lat"].to_numpy(), incidents["lon"].to_numpy())
    kind = pd.Index(CRIME_TYPES).get_indexer(pd.Index(incidents["crime_type"]))
    first, last = _micro(incidents["from_utc"]), _micro(incidents["to_utc"])
    reasons = {
        "not a forecast crime type": kind < 0,
        "initiated by an officer": (incidents["initiated_by"] == OFFICER).to_numpy(dtype=bool),
        "outside the agency": box < 0,
        f"time known only to within more than {LONGEST.days} days": last - first > LONGEST // timedelta(microseconds=1),
        "ends before it starts": last < first,
    }
    left = np.zeros(len(incidents), bool)
    left_out = {}
    for reason, rows in reasons.items():
        left_out[reason] = int((rows & ~left).sum())
        left |= rows
    kept = ~left
    if not kept.any():
        msg = (
            f"none of {len(incidents)} incidents can be counted: {_listed(left_out)}; check that they are this "
            "agency's incidents"
        )
        raise UserError(msg)
    shots = incidents["gunfire"].to_numpy(dtype=bool)
    known = _known(incidents, last)[kept]
    happened = Incidents(kind[kept].astype(np.int64), box[kept], shots[kept], first[kept], last[kept], known)
    counts = counts_of(happened, agency.calendar)
    return Tally(counts, int(kept.sum()), {reason: rows for reason, rows in left_out.items() if rows})


def _known(incidents: pd.DataFrame, last: Instants) -> Instants:
    """When each became known: when it was reported where the export says, but not before its last possible moment."""
    if "reported_utc" not in incidents:
        return last
    reported = incidents["reported_utc"]
    return np.where(reported.isna(), last, np.maximum(last, _micro(reported)))


def _micro(times: "pd.Series[pd.Timestamp]") -> Instants:
    return times.to_numpy(dtype="datetime64[us]").astype(np.int64)


def _listed(left_out: dict[str, int]) -> str:
    return ", ".join(f"{rows} {reason}" for reason, rows in left_out.items() if rows) or "the file is empty"
