"""Why a box of a plan: the plan's own reason, or the forecast's, and how often something happens there.

Must not compute: the forecast has it all.
"""

from typing import Final

from edge.domain.outlook import Outlook, TypeRisk
from edge.domain.plan import DirectedPatrol
from edge.text.why import model_reason
from edge.text.words import Notice

MILLION: Final = 1e6


def reason(outlook: Outlook | None, patrol: DirectedPatrol) -> Notice | None:
    """The plan's own reason; where it gives none, the forecast's."""
    if patrol.why:
        return Notice("why.plan", {"reason": patrol.why})
    first = _first(outlook, patrol)
    return None if first is None else reason_of(first)


def reason_of(risk: TypeRisk) -> Notice:
    """What the model says of one crime type in a box."""
    return model_reason(risk.crime_type, risk.units / MILLION, risk.times, risk.parts)


def absolute(outlook: Outlook | None, patrol: DirectedPatrol) -> Notice | None:
    """How often, and × the average box, of the first of its crime types with a model; None where the reason says it."""
    first = _first(outlook, patrol)
    if first is None or not patrol.why or patrol.why_by_model:
        return None
    return Notice("why.flat", {"crime_type": first.crime_type, "expected": first.units / MILLION, "times": first.times})


def _first(outlook: Outlook | None, patrol: DirectedPatrol) -> TypeRisk | None:
    known = outlook.by_cell.get(patrol.cell) if outlook is not None else None
    return known.first(patrol.crime_types) if known is not None else None
