"""How a box stands in a draft or plan: drawn for it, added by an analyst, or suppressed. Must not decide anything."""

from typing import Literal, TypeAlias

from edge.domain.plan import DirectedPatrol
from edge.plans.record import BoxRecord

Standing: TypeAlias = Literal["assigned", "added", "suppressed"]


def standing(patrol: DirectedPatrol, record: BoxRecord | None) -> Standing:
    """``record``: the box in the draw's record; None where the draw did not know it."""
    if patrol.suppressed:
        return "suppressed"
    return "assigned" if record is not None and record.drawn else "added"
