"""What a vehicle's ledger says of a visit that the vehicle has published: it is so, it is not, or it is not known yet.

Pure: no database, no clock. Must not judge whether a visit can be true: `edge.domain.credible` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.domain.credible import ROUNDING_S
from edge.domain.visits import VisitSummary
from edge.headquarters.projections.rows import VisitRow

APART_S: Final = 120.0
"""By so much a clock that is corrected may move an instant between two reports of it."""

PATIENCE_S: Final = 30.0
"""How long a visit may be published before the vehicle's status speaks of its record."""

WAITS: Final = "waits"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a vehicle: its visits by id; by ledger, the last number held and the most that was reported.

    ``status``: when its last status came, POSIX seconds.
    """

    visits: Mapping[str, VisitRow] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    reported: Mapping[str, int] = field(default_factory=dict)
    status: float = 0.0


def why_false(visit: VisitSummary, held: Held, since: float, now: float) -> str:
    """Why a published visit is not so, in words; `WAITS` where its record may still come; empty where it is so.

    ``since``: when it was first seen here, ``now``: both POSIX seconds.
    """
    if (row := held.visits.get(visit.id)) is not None:
        return _differs(visit, row)
    parts = visit.id.split(":")
    if len(parts) != len(("unit", "ledger", "number")) or not (parts[2].isascii() and parts[2].isdigit()):
        return "its id names no record"
    ledger, number = parts[1], int(parts[2][:20])
    if held.held.get(ledger, 0) >= number:
        return "its record in the ledger is not of a visit"
    if held.reported.get(ledger, 0) >= number or not (held.status > since and now - since >= PATIENCE_S):
        return WAITS
    return "the vehicle reports no such record in its ledger"


def _differs(visit: VisitSummary, row: VisitRow) -> str:
    """How a published visit differs from the ledger's, where that matters to a cap."""
    closed = row.ended is not None
    differences = (
        (row.box != visit.box, "its ledger says another box"),
        (row.shift not in (None, visit.shift), "its ledger says another shift"),
        (closed and abs(row.opened - visit.opened) > APART_S, "its ledger says another time"),
        (closed and visit.counted and not row.counted, "its ledger says it does not count"),
        (closed and visit.dosage_s > (row.dosage_s or 0.0) + ROUNDING_S, "its ledger says it was shorter"),
    )
    return next((why for differs, why in differences if differs), "")
