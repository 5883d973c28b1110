"""Why a box: the analyst's reason, or where there is none the model's, and the model's parts in words.

Must not compute: the forecast has said it all.
"""

from typing import Final

from edge.contract.agency import Agency
from edge.domain.grid import parse_box_id
from edge.domain.outlook import TypeRisk
from edge.domain.plan import DirectedPatrol
from edge.domain.state import State
from edge.vehicle.view.snapshot import PartView, RiskView, WhyView

MILLION: Final = 1e6


def reason(state: State, patrol: DirectedPatrol) -> str:
    """The plan's own reason; where it gives none, the forecast's."""
    known = state.outlook.by_cell.get(patrol.cell) if state.outlook is not None else None
    return patrol.why or ("" if known is None else known.why(patrol.crime_types))


def why(agency: Agency, state: State, box: str) -> WhyView | None:
    """All that is known of a box's risk in the shift that runs; the plan's crime types first. None without a forecast.

    Raises ValueError where the text is no box id.
    """
    cell = parse_box_id(box)
    outlook, known = state.outlook, agency.grid.boxes.get(cell)
    risk = outlook.by_cell.get(cell) if outlook is not None else None
    if outlook is None or risk is None or known is None:
        return None
    patrol = state.plan.listed(cell) if state.plan else None
    first = patrol.crime_types if patrol else ()
    types = sorted(risk.types, key=lambda one: (one.crime_type not in first, -one.times))
    told = reason(state, patrol) if patrol else ""
    source = state.plan.source if state.plan and patrol else None
    return WhyView(box, known.number, told, source, outlook.known_to, tuple(map(_risk, types)))


def _risk(one: TypeRisk) -> RiskView:
    parts = tuple(PartView(name, factor) for name, factor in one.parts)
    return RiskView(one.crime_type, one.units / MILLION, one.times, one.percentile, one.why, parts)
