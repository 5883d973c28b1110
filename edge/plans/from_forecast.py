"""From a forecast to a plan: every shift of its date is forecast, then its own is drawn. Car and headquarters call it.

A box's best shifts are those of the whole day, so a plan needs the risk of all of them; a weekly timetable, where the
context has one, says more. Must not decide whose visits
count, and must not publish.
"""

from datetime import date

from edge.contract.context import ContextDoc
from edge.plans.area import Counted
from edge.plans.drawn_plan import DrawnPlan
from edge.plans.planner import Planner
from edge.plans.timetable import Turns
from edge.risk.features import World
from edge.risk.forecast import Forecast, Opened, forecast


def draw_from(
    done: Forecast, planner: Planner, opened: Opened, world: World, counted: Counted, context: ContextDoc | None
) -> DrawnPlan:
    """The plan of a forecast's shift. ``world``, ``context``: those that the forecast was made with.

    Raises UserError where no box may be drawn, or another shift of the date cannot be forecast.
    """
    day = {}
    for rule in planner.agency.calendar.rules:
        shift = f"{date.fromordinal(done.day).isoformat()}/{rule.name}"
        same = shift == done.shift
        one = done if same else forecast(opened, world, planner.agency, shift, types=tuple(planner.weights))
        day[rule.name] = {name: each.units for name, each in one.types.items()}
    return planner.draw(done.shift, day, counted, Turns.of(context, planner.agency, planner.area, done.day))
