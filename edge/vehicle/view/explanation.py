"""Why a box: the analyst's reason, or where there is none the model's, and the model's parts; what may be done of it.

Must not compute: the forecast has it all.
"""

from datetime import date

from edge.contract.agency import Agency
from edge.domain.grid import parse_box_id
from edge.domain.outlook import TypeRisk
from edge.domain.plan import Plan, data_age
from edge.domain.state import State
from edge.domain.taps.changing import why_not_add, why_not_suppress
from edge.plans.reasons import MILLION, reason, reason_of
from edge.vehicle.setting import setting_of
from edge.vehicle.view.snapshot import DataView, Explanation, PartView, RiskView


def explanation_of(agency: Agency, state: State, box: str, mono: float) -> Explanation | None:
    """All that is known of a box in the shift that runs; the plan's crime types first. None for no box of the agency's.

    Raises ValueError where the text is no box id.
    """
    cell = parse_box_id(box)
    known = agency.grid.boxes.get(cell)
    if known is None:
        return None
    outlook, setting = state.outlook, setting_of(agency)
    risk = outlook.by_cell.get(cell) if outlook is not None else None
    patrol = state.plan.listed(cell) if state.plan else None
    first = patrol.crime_types if patrol else ()
    types = () if risk is None else sorted(risk.types, key=lambda one: (one.crime_type not in first, -one.times))
    why = reason(outlook, patrol) if patrol else None
    if why is None and types:
        why = reason_of(types[0])
    source = state.plan.source if state.plan and patrol else None
    known_to = outlook.known_to if outlook is not None and risk is not None else None
    return Explanation(
        box,
        known.number,
        agency.place(cell),
        why,
        source,
        patrol.suppressed if patrol else None,
        known_to,
        None if known_to is None or outlook is None else data_age(date.fromisoformat(known_to), outlook.shift),
        _data_of(state.plan) if source == "approved" else None,
        tuple(map(_risk, types)),
        add=why_not_add(setting, state, mono, box),
        suppress=why_not_suppress(setting, state, mono, box),
    )


def _data_of(plan: Plan | None) -> DataView | None:
    if plan is None or plan.data_to is None:
        return None
    return DataView(plan.data_to.isoformat(), data_age(plan.data_to, plan.shift))


def _risk(one: TypeRisk) -> RiskView:
    parts = tuple(PartView(name, factor) for name, factor in one.parts)
    return RiskView(one.crime_type, one.units / MILLION, one.times, one.percentile, parts)
