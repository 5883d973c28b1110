"""The briefing's values: what the plan, the forecast, the fleet's visits and the context say of a shift."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from edge.contract.agency import Agency
from edge.contract.bundle import read_manifest
from edge.contract.context import ContextDoc, WeatherDoc
from edge.contract.places import PlacesDoc
from edge.domain.grid import centre
from edge.domain.outlook import BoxRisk, Outlook, TypeRisk
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.visits import VisitBook, VisitSummary
from edge.plans.briefing import Sources, briefing_of
from edge.plans.ground import project_layers
from edge.text.words import Notice, say

SHIFT = "2026-11-22/night"


@pytest.fixture
def sources(square_agency: Agency) -> Sources:
    """A night of two boxes in Squaretown, nothing else known; it is 21:00."""
    boxes = [box for box in square_agency.grid.boxes.values() if box.district == "1" and not box.opt_out][:2]
    rule = Prescription(minutes=15.0)
    patrols = (
        DirectedPatrol(boxes[0].cell, ("robbery",), rule, why="bus stops, late"),
        DirectedPatrol(boxes[1].cell, ("theft", "burglary"), rule, suppressed="street fair"),
    )
    shift = square_agency.calendar.shift(SHIFT)
    return Sources(
        agency=square_agency,
        manifest=read_manifest(square_agency.map_path.parent).model_copy(
            update={"expires": datetime(2027, 1, 1, tzinfo=UTC)}
        ),
        layers=project_layers(square_agency),
        shift=shift,
        district="1",
        utc=shift.starts - 3600.0,
        plan=Plan(SHIFT, "1", 3, patrols, digest="ab" * 32, data_to=date(2026, 11, 21)),
        visits=VisitBook(),
    )


def context(**what: object) -> ContextDoc:
    return ContextDoc.model_validate(
        {"agency": "squaretown", "base": "0" * 64, "number": 1, "date": date(2026, 11, 22), **what}
    )


def said(notices: tuple[Notice, ...]) -> list[str]:
    return [say(one) for one in notices]


def test_a_box_has_all_that_a_patrol_needs(sources: Sources) -> None:
    """Number, stay, the analyst's words; a suppressed one says why; both lie on the map."""
    made = briefing_of(sources)
    first, second = made.boxes
    assert say(first.why or Notice("?")) == "bus stops, late"
    assert (first.minutes, first.visits, first.risk) == (15.0, 1, None)
    assert say(first.last) == "none known"
    assert second.suppressed == "street fair"
    assert made.map is not None
    assert [(one.number, one.suppressed) for one in made.map.squares] == [(first.number, False), (second.number, True)]
    assert said(made.facts)[:2] == ["Approved plan, version 3 (abababab)", "data to 2026-11-21 (1 day old)"]
    assert (made.starts.hour, made.ends.hour) == (22, 6)


def test_an_analysts_reason_has_an_absolute_beside_it(sources: Sources) -> None:
    """How often and how many times the average, of the box's first type with a model; not twice."""
    assert sources.plan is not None
    cell = sources.plan.patrols[0].cell
    risk = BoxRisk(cell, (TypeRisk("robbery", 25_000, 45.0, 99.9, (("own", 4.0),)),))
    known = replace(sources, outlook=Outlook(SHIFT, 1, "2026-11-21", (risk,)))
    absolute = briefing_of(known).boxes[0].risk
    assert absolute is not None
    assert say(absolute) == "About one in 40 such shifts, 45 × the average box."
    words = "About one in 41 such shifts, 44 × the average box."
    typed = replace(sources.plan.patrols[0], why=words)  # by an analyst: nobody reads prose
    assert briefing_of(replace(known, plan=replace(sources.plan, patrols=(typed,)))).boxes[0].risk == absolute
    drafted = replace(typed, why_by_model=True)
    assert briefing_of(replace(known, plan=replace(sources.plan, patrols=(drafted,)))).boxes[0].risk is None
    silent = replace(sources.plan.patrols[0], why="")
    own = briefing_of(replace(known, plan=replace(sources.plan, patrols=(silent,)))).boxes[0]
    assert own.risk is None
    assert own.why is not None
    assert say(own.why).startswith("About one in 40 such shifts, 45 × the average box, mostly due to")


def test_the_last_visit_is_any_vehicles(sources: Sources) -> None:
    """With the minutes and what is used of seven days; one that did not count is none."""
    assert sources.plan is not None
    box = sources.plan.patrols[0].box

    def visit(unit: str, hours: float, *, counted: bool = True) -> VisitSummary:
        opened = sources.shift.starts - hours * 3600.0
        return VisitSummary(f"{unit}:x:1", unit, box, SHIFT, opened, opened + 720.0, 720.0, counted, early=False)

    visits = VisitBook().merge([visit("car-1", 30.0), visit("car-2", 8.0), visit("car-3", 2.0, counted=False)])
    assert (
        say(briefing_of(replace(sources, visits=visits)).boxes[0].last) == "11/22 14:00 car-2, 12 min; 2 of 7 in 7 days"
    )


def test_events_and_weather_are_the_shifts(sources: Sources) -> None:
    """Near a box, on its days, in its shift or all; the largest first; American units."""
    assert sources.plan is not None
    number = sources.agency.grid.boxes[sources.plan.patrols[0].cell].number
    far = max(sources.agency.grid.boxes.values(), key=lambda box: box.cell[0] + box.cell[1]).number
    night = [rule.name for rule in sources.agency.calendar.rules].index("night")
    events = (
        (0, 0, -1, number, 0),
        (0, 2, night, number, 2),
        (1, 1, -1, number, 3),
        (0, 0, 0, number, 3),
        (0, 0, -1, far, 3),
    )
    values = {"weather_tmax": 5.0, "weather_tmin": -10.0, "weather_prcp": 0.0, "weather_snow": 50.8}
    doc = context(events=events, weather=(WeatherDoc(ahead=0, values=values), WeatherDoc(ahead=1, values={})))
    named = PlacesDoc(names=("Main", "4th"), main=1, boxes=(0, 1) * len(sources.agency.grid.boxes))
    made = briefing_of(replace(sources, context=doc, agency=replace(sources.agency, places=named)))
    near = f"near box {number}, Main / 4th"
    assert said(made.events) == [f"{near} (about 10,000 people)", f"{near} (about 100 people)"]
    assert said(made.weather) == ["high 41 °F", "low 14 °F", "snow 2.0 in"]
    assert made.stale == ()
    assert made.boxes[0].place == "Main / 4th"


def test_what_is_stale_is_said(sources: Sources) -> None:
    """No context, an old one, old data, a plan nobody reviewed, a bundle past its expiry, a clock not set, no link."""
    assert sources.plan is not None
    assert said(briefing_of(sources).stale) == ["No daily update: new incidents, events and weather are not known."]
    stale = replace(
        sources,
        plan=replace(sources.plan, source="vehicle", data_to=date(2026, 11, 15)),
        context=context(date=date(2026, 11, 19)),
        manifest=sources.manifest.model_copy(update={"expires": datetime(2026, 11, 1, tzinfo=UTC)}),
        doubts=(Notice("briefing.no_link"),),
    )
    assert said(briefing_of(stale).stale) == [
        "Plan computed by this vehicle, not reviewed.",
        "Incident data are 7 days old.",
        "Daily update is of 2026-11-19, 3 days before this shift.",
        f"Agency bundle version {stale.manifest.version} expired on 2026-11-01; still in use. "
        "Ask headquarters for a new one.",
        "No link: visits of other cars may be missing.",
    ]
    unset = replace(stale, utc=None, doubts=())
    assert said(briefing_of(unset).stale)[-1] == "Clock not set: times may be wrong."
    assert briefing_of(unset).made is None


def test_a_main_streets_name_stands_on_the_map_once(sources: Sources) -> None:
    """Along the street, where it has room, clear of the boxes; a side street's, and one outside, does not."""
    assert sources.plan is not None
    x, y = centre(sources.plan.patrols[0].cell)
    labels = [
        (0, 0, 0, 90, 900), (1, 40_000, 0, 90, 900), (0, 900, 300, 90, 900), (0, 600, 300, 90, 900),
        (1, -700, -300, 0, 900), (2, 700, -300, 90, 900),
    ]  # fmt: skip
    places = PlacesDoc(
        names=("Main", "4th", "Alley"),
        main=2,
        boxes=(0, 1) * len(sources.agency.grid.boxes),
        origin=(round(x), round(y)),
        labels=tuple(number for label in labels for number in label),
    )
    drawn = briefing_of(replace(sources, agency=replace(sources.agency, places=places))).map
    assert drawn is not None
    assert [(one.text, one.turn) for one in drawn.names] == [("Main", 0), ("4th", -90)]


def test_a_shift_without_a_plan_has_a_page(sources: Sources) -> None:
    """No box, no map."""
    made = briefing_of(replace(sources, plan=None))
    assert (made.boxes, made.map, made.source) == ((), None, None)
