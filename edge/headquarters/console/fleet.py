"""The fleet's page: a line for each vehicle, how it stands, and what to do where something is wrong.

Where a vehicle is, it shows only to those who may see that. Must not decide what is wrong.
"""

from collections import defaultdict
from typing import Final

from flask import Blueprint, render_template

from edge.domain.events import instant
from edge.headquarters.console.context import context
from edge.headquarters.console.table import Cell, Head, Line, Note, PageTable
from edge.headquarters.console.wording import Wording
from edge.headquarters.fleet_health import Unit, advice
from edge.headquarters.publish.retirement import retirements
from edge.headquarters.reports.reading import statuses
from edge.headquarters.store import Behind, Store
from edge.text.plain import plain

blueprint = Blueprint("fleet", __name__)

LONGEST: Final = 60
"""Characters of a word that a vehicle chose, such as its software's version."""

MINUTE_S: Final = 60.0
TWO_DAYS_S: Final = 2 * 86_400.0
HASH: Final = 8
"""Characters of a bundle's hash that tell it from others."""

STATE: Final = tuple(map(Head, ("Vehicle", "Link", "What to do", "Last heard", "GPS", "Clock")))
REST: Final = (
    *(Head(text, "num") for text in ("Plan version", "Waiting in vehicle", "Missing here")),
    *map(Head, ("Software", "Agency bundle")),
)


@blueprint.get("/fleet")
def show() -> str:
    """Every vehicle that has ever reported, those with something to do first."""
    here, now, say = context(), context().now(), Wording(context().agency)
    places = here.viewer().may("live.read")
    with Store(here.database, make=False) as store, store.snapshot():
        units = _units(store)
    todo = {unit.status.unit: advice(unit, now, here.agency.hash) for unit in units}
    units.sort(key=lambda unit: (unit.retired, not todo[unit.status.unit], unit.status.unit))
    heads = (*STATE, *((Head("Box", "num"),) if places else ()), *REST)
    lines = tuple(_line(unit, todo[unit.status.unit], now, say, places=places) for unit in units)
    return render_template(
        "fleet.html",
        table=PageTable((heads,), lines, "Vehicles and what to do") if lines else None,
        as_of=say.moment(instant(now)),
        heard=sum(unit.heard(now) for unit in units),
        wrong=sum(map(bool, todo.values())),
        vehicles=sum(not unit.retired for unit in units),
    )


def _units(store: Store) -> list[Unit]:
    retired = retirements(store, context().agency).in_force
    behind: defaultdict[str, list[Behind]] = defaultdict(list)
    for one in store.behind():
        behind[one.unit].append(one)
    return [
        Unit(status, received, tuple(behind[status.unit]), status.unit in retired)
        for status, received in statuses(store)
    ]


def _line(unit: Unit, todo: tuple[str, ...], now: float, say: Wording, *, places: bool) -> Line:
    """A vehicle's cells. What one that is not heard said of its GPS, clock and box is of some time before."""
    status, heard = unit.status, unit.heard(now)
    box = (Cell(say.box(status.box) if heard else "–", "num"),) if places else ()
    return Line(
        (
            Cell(status.unit),
            Cell("", note=_link(unit, now)),
            Cell(" ".join(todo) or "–", "todo"),
            Cell(f"{_age(unit.age_s(now))} ago"),
            Cell(plain(say.state(status.gps), LONGEST) if heard else "–"),
            Cell(plain(say.state(status.clock), LONGEST) if heard else "–"),
            *box,
            Cell(str(status.plan_version or "–"), "num"),
            Cell(f"{unit.queue:,}", "num"),
            Cell(f"{unit.missing:,}", "num"),
            Cell(plain(status.software, LONGEST)),
            Cell(plain(status.agency_hash[:HASH], LONGEST) or "–"),
        )
    )


def _link(unit: Unit, now: float) -> Note:
    if unit.retired:
        return Note("retired")
    if unit.heard(now):
        return Note("online", "chip good")
    return Note("silent", "chip bad") if unit.status.online else Note("offline")


def _age(seconds: float) -> str:
    """How long ago, in the unit that a reader would choose."""
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < TWO_DAYS_S:
        hours, minutes = divmod(int(seconds // MINUTE_S), 60)
        return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
    return f"{seconds // 86_400:.0f} days"
