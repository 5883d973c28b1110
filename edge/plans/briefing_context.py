"""What the context says of one shift, for its briefing: events at or near the boxes, the weather expected.

Must not name an event: the context has a box, days and a size.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc, EventRow
from edge.domain.grid import Cell
from edge.domain.plan import DirectedPatrol
from edge.domain.shift import Shift
from edge.text.words import Notice

NEAR: Final = 4
"""Boxes from a planned one within which an event matters: a kilometer, as in the models."""

MOST_EVENTS: Final = 4
SIZES: Final = ("small", "medium", "large", "huge")
"""The context's size classes, by their numbers."""

INCH_MM: Final = 25.4


def events_of(
    context: ContextDoc | None, agency: Agency, shift: Shift, patrols: Sequence[DirectedPatrol]
) -> Iterator[Notice]:
    """The events in a shift near the boxes of a plan, the largest first."""
    if context is None:
        return
    ahead = _ahead(context, shift)
    index = next((at for at, rule in enumerate(agency.calendar.rules) if rule.name == shift.name), -1)
    cells = {box.number: box.cell for box in agency.grid.boxes.values()}

    def matters(row: EventRow) -> bool:
        first, last, when, box, _ = row
        return first <= ahead <= last and when in (-1, index) and _near(cells.get(box), patrols)

    for *_, box, size in sorted(filter(matters, context.events), key=lambda row: (-row[4], row[3]))[:MOST_EVENTS]:
        values = {"number": box, "size": SIZES[size]}
        place = agency.place(cells.get(box))
        yield (
            Notice("briefing.event", values)
            if place is None
            else Notice("briefing.event_at", {**values, "place": place})
        )


def weather_of(context: ContextDoc | None, shift: Shift) -> Iterator[Notice]:
    """The weather of a shift's date, in an American's units, as far as the context knows it."""
    if context is None:
        return
    ahead = _ahead(context, shift)
    values = next((one.values for one in context.weather if one.ahead == ahead), {})
    for name, code in (("weather_tmax", "high"), ("weather_tmin", "low")):
        if name in values:
            yield Notice(f"briefing.{code}", {"degrees": values[name] * 9.0 / 5.0 + 32.0})
    for name, code in (("weather_prcp", "rain"), ("weather_snow", "snow")):
        if values.get(name, 0.0) > 0.0:
            yield Notice(f"briefing.{code}", {"inches": f"{values[name] / INCH_MM:.1f}"})


def _ahead(context: ContextDoc, shift: Shift) -> int:
    """Days from the context's date to the shift's."""
    return (date.fromisoformat(shift.id.partition("/")[0]) - context.date).days


def _near(cell: Cell | None, patrols: Sequence[DirectedPatrol]) -> bool:
    if cell is None:
        return False
    return any(max(abs(cell[0] - one.cell[0]), abs(cell[1] - one.cell[1])) <= NEAR for one in patrols)
