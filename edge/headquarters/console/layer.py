"""A draft or a published plan for a GIS or a spreadsheet: a row for each box, and the same as GeoJSON (RFC 7946).

Must not compute a risk, and must not write a file.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyproj import Transformer

from edge.contract.agency import Agency
from edge.domain.grid import BOX_M, Cell
from edge.domain.plan import DirectedPatrol, Plan
from edge.headquarters.drafts.standing import standing
from edge.headquarters.drafts.words import SURE_UNITS
from edge.headquarters.reports.register import Column, Table
from edge.plans.record import BoxRecord, PlanRecord
from edge.text.words import word

COLUMNS: Final = tuple(
    Column(name, name)
    for name in (
        *("shift", "district", "plan", "box", "number", "beat", "standing", "crime_types", "minutes", "visits"),
        *("risk", "why", "suppressed"),
    )
)
"""``risk``: incidents of the box's crime types expected in the shift, by the forecast; empty where there is none.

``why``: what speaks for the box; ``suppressed``: the reason, where an analyst has suppressed it.
"""

CORNERS: Final = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
"""Of a box, counterclockwise, and closed: as RFC 7946, 3.1.6, has a polygon."""

DECIMALS: Final = 7
"""Of a degree: 1 cm."""


def patrol_rows(plan: Plan, called: str, record: PlanRecord | None, agency: Agency) -> Table:
    """A row for each box of a plan. ``called``: which draft or version it is; ``record``: of the shift's draw."""
    records = {} if record is None else {one.box: one for one in record.boxes}
    same = {"shift": plan.shift, "district": plan.district, "plan": called}
    return [same | _row(one, records.get(one.box), agency, drawn=record is not None) for one in plan.patrols]


def geojson(rows: Table, cells: Sequence[Cell], agency: Agency) -> Mapping[str, Any]:
    """A feature for each row and its cell: the box as a polygon in degrees WGS 84, longitude first."""
    degrees = Transformer.from_crs(agency.grid.epsg, 4326, always_xy=True)
    features = [
        {"type": "Feature", "id": row["box"], "geometry": _polygon(cell, degrees), "properties": row}
        for row, cell in zip(rows, cells, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _row(patrol: DirectedPatrol, record: BoxRecord | None, agency: Agency, *, drawn: bool) -> dict[str, Any]:
    box, rule = agency.grid.boxes.get(patrol.cell), patrol.prescription  # none, where the map has changed since
    kind = standing(patrol, record)
    return {
        "box": patrol.box,
        "number": None if box is None else box.number,
        "beat": None if box is None else box.beat,
        "standing": kind if drawn or kind == "suppressed" else "assigned",
        "crime_types": "; ".join(word("crime_type", one) for one in patrol.crime_types),
        "minutes": rule.minutes,
        "visits": rule.visits,
        "risk": None if record is None else _risk(patrol, record),
        "why": patrol.why,
        "suppressed": patrol.suppressed,
    }


def _risk(patrol: DirectedPatrol, record: BoxRecord) -> float | None:
    units = [one.units for one in record.types if one.crime_type in patrol.crime_types]
    return sum(units) / SURE_UNITS if units else None


def _polygon(cell: Cell, degrees: Transformer) -> Mapping[str, Any]:
    ring = [degrees.transform((cell[0] + i) * BOX_M, (cell[1] + j) * BOX_M) for i, j in CORNERS]
    return {"type": "Polygon", "coordinates": [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring]]}
