"""What is drawn is where and when it was: the timeline's hours, the map's squares, shared minutes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.domain.events import SignedIn, VisitClosed
from edge.domain.grid import BOX_M, centre, parse_box_id
from edge.headquarters.console.chart import LEFT, WIDTH, charts
from edge.headquarters.console.map import SCALE_M, draw_map
from edge.headquarters.console.wording import Wording
from edge.headquarters.reports.boxes import shared_once
from edge.plans.ground import project_layers
from tests.headquarters.drives import plan_of_night, two_cars
from tests.headquarters.ledgers import SHIFT, Ledger, at
from tests.headquarters.projected import report_on

ZERO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("night", "hours"),
    [("2026-11-22/night", 8), ("2026-10-31/night", 9), ("2026-03-07/night", 7)],
)
def test_a_night_has_its_own_number_of_hours(night: str, hours: int, square_agency: Agency) -> None:
    """22:00–06:00 is 9 h when the clocks go back and 7 h when they go forward; each hour is as wide as the next."""
    shift = square_agency.calendar.shift(night)
    ledger = Ledger(shift=night)
    ledger.add(0, SignedIn())
    report = report_on(shift, ledger.events, [], datetime.fromtimestamp(shift.ends, UTC))
    (drawn,) = charts(report, Wording(square_agency))
    assert len(drawn.ticks) == hours + 1
    assert (drawn.ticks[0].x, drawn.ticks[0].label, drawn.ticks[-1].label) == (LEFT, "22:00", "06:00")
    widths = {round(after.x - before.x) for before, after in zip(drawn.ticks, drawn.ticks[1:], strict=False)}
    assert max(widths) - min(widths) <= 1


def test_boxes_lie_on_the_map_as_in_the_plane(square_agency: Agency) -> None:
    """North is up, squares are 250 m by the map's own scale, and every told box is inside the frame."""
    cars, plan = two_cars(square_agency)
    events = [event for car in cars for event in car.ledger.events]
    report = report_on(square_agency.calendar.shift(SHIFT), events, [plan], at(600))
    drawn = draw_map(report, square_agency, project_layers(square_agency))
    assert drawn is not None
    told = [square for square in drawn.squares if square.kind != "passed"]
    assert len(told) == sum(line.listed for line in report.boxes) == 6
    assert all(0 <= square.x <= WIDTH - square.side and 0 <= square.y <= drawn.height - square.side for square in told)
    assert drawn.scale == "0.5 mi"
    assert told[0].side == pytest.approx(drawn.scale_px * BOX_M / SCALE_M, abs=0.1)
    wording = Wording(square_agency)
    cells = {wording.box(line.box): parse_box_id(line.box) for line in report.boxes if line.listed}
    first, *others = told
    for other in others:
        east, north = (cells[other.number][axis] - cells[first.number][axis] for axis in (0, 1))
        assert other.x - first.x == pytest.approx(east * first.side, abs=1.0)
        assert first.y - other.y == pytest.approx(north * first.side, abs=1.0)


def test_a_beats_name_is_not_under_a_box(square_agency: Agency) -> None:
    """It is written beside the box that lies on its place, and stays in the drawing; elsewhere it stays put."""
    here = [cell for cell, box in square_agency.grid.boxes.items() if box.district == "1" and not box.opt_out]
    middle = sorted(here)[len(here) // 2]
    plan = plan_of_night(square_agency, [middle])
    report = report_on(square_agency.calendar.shift(SHIFT), [], [plan], at(600))
    for place in (centre(middle), centre((middle[0] + 2, middle[1]))):
        drawn = draw_map(report, square_agency, (("beat", (place,), "11"),))
        assert drawn is not None
        (label,), (square,) = drawn.labels, drawn.squares
        assert label.text == "Beat 11"
        across = abs(label.x - square.x - square.side / 2) > square.side / 2
        along = not square.y < label.y - 5 < square.y + square.side
        assert across or along
        assert 0 < label.x < WIDTH
        assert 0 < label.y < drawn.height
    assert label.x - square.x == pytest.approx(2.5 * square.side, abs=0.2)


def test_a_visit_in_no_box_of_the_agency_does_not_set_the_maps_scale(square_agency: Agency) -> None:
    """A record may name any box; one at the end of the world made a speck of all others, and the map took for ever."""
    cars, plan = two_cars(square_agency)
    shift, events = square_agency.calendar.shift(SHIFT), [event for car in cars for event in car.ledger.events]
    far = Ledger(unit="car-9")
    far.add(10, VisitClosed("car-9:ledger-a:1", "999999-999999", at(1), at(10), 540.0, True, False, "left", ()))
    plain, other = (
        draw_map(report_on(shift, [*events, *more], [plan], at(600)), square_agency, ()) for more in ([], far.events)
    )
    assert plain is not None
    assert plain == other
    assert draw_map(report_on(shift, far.events, [], at(600)), square_agency, ()) is None


def test_without_a_box_there_is_no_map(square_agency: Agency) -> None:
    """An empty shift without a plan."""
    report = report_on(square_agency.calendar.shift(SHIFT), [], [], at(600))
    assert draw_map(report, square_agency, project_layers(square_agency)) is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=8))
def test_the_union_by_the_wall_clock_is_the_seconds_somebody_was_there(stays: list[tuple[int, int]]) -> None:
    """With every second trusted, against a set of seconds."""
    told = [(float(length), [(float(began), float(began + length))]) for began, length in stays]
    there = {second for began, length in stays for second in range(began, began + length)}
    assert shared_once(told) == (float(sum(length for _, length in stays)), float(len(there)))
