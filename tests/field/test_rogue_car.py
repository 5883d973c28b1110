"""A car that lies: what it says of its visits and cannot be so changes nothing in another car, over a restart too."""

import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST_VISITS
from edge.domain.credible import MOST_OF_UNIT
from edge.domain.fleet import MOST_WAITING
from edge.domain.inputs import MergeVisits
from edge.domain.visits import VisitSummary
from edge.errors import UserError
from edge.vehicle.refused_visits import RefusedVisits
from tests.field.rogue import HOUR, Honest, Liar
from tests.vehicle.town_shift import UTC

DAY = 86_400.0
TEN_MB = 10_000_000


@pytest.fixture
def car(square_agency: Agency, tmp_path: Path) -> Honest:
    return Honest(square_agency, tmp_path)


@pytest.fixture
def liar(square_agency: Agency) -> Liar:
    return Liar(square_agency)


def everywhere(liar: Liar, **other: Any) -> list[VisitSummary]:
    """Three visits of each box of the plan: more than any cap."""
    return [liar.visit(n, box=box, **other) for n, box in enumerate(3 * liar.boxes)]


LIES: dict[str, Callable[[Liar], list[VisitSummary]]] = {
    "in the future": lambda liar: everywhere(liar, ago=-HOUR),
    "of 2099": lambda liar: everywhere(liar, ago=-73 * 365.25 * DAY),
    "of eight days ago": lambda liar: everywhere(liar, ago=8 * DAY),
    "of a shift that the agency does not have": lambda liar: everywhere(liar, shift="2026-10-14/swing"),
    "of the next shift": lambda liar: everywhere(
        liar, shift=liar.agency.calendar.shift_at(liar.agency.calendar.shift_at(UTC).ends).id
    ),
    "1e300 seconds long": lambda liar: everywhere(liar, dosage_s=1e300),
    "1e300 seconds long and not ended": lambda liar: everywhere(liar, dosage_s=1e300, ended=None),
    "of more minutes than the wall clock": lambda liar: everywhere(liar, dosage_s=900.0),
    "of no length": lambda liar: everywhere(liar, dosage_s=0.0),
    "off the grid": lambda liar: [liar.visit(n, box=f"{n}-{n}") for n in range(900)],
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_no_impossible_visit_changes_another_cars_plan_or_screen(
    lie: Callable[[Liar], list[VisitSummary]], car: Honest, liar: Liar
) -> None:
    """The screen is as before, after a restart too; nothing is on its disk; the log says it once."""
    before = car.shown()
    lines: list[str] = []
    log = RefusedVisits(lines.append)
    for _ in range(3):
        car.hear(liar.message(lie(liar)))
        log.write(car.state.refused)
    assert car.shown() == before
    assert len(lines) == 1
    assert lines[0].startswith("visits: vehicle 'car-9' reports impossible visits, which are not used: ")
    car.restart()
    assert set(car.statuses().values()) == {"due"}
    assert list(car.state.visits.all()) == []


def test_of_the_same_minute_in_every_box_one_is_believed(car: Honest, liar: Liar) -> None:
    """It may have been in one of them."""
    car.hear(liar.message(everywhere(liar)))
    assert len(list(car.state.visits.all())) == 1
    assert list(car.statuses().values()).count("due") >= len(car.statuses()) - 1


def test_a_lie_costs_the_truth_beside_it_nothing(car: Honest, liar: Liar) -> None:
    """Of one message, in any order, what can be so is used."""
    truth = liar.visit(1000, ago=2 * HOUR, box=liar.boxes[1])
    car.hear(liar.message([*everywhere(liar, ago=-HOUR), truth, *everywhere(liar, ago=9 * DAY)]))
    assert list(car.state.visits.all()) == [truth]


def test_a_false_visit_that_can_be_so_is_bounded_by_one_cars_wall_clock(car: Honest, liar: Liar) -> None:
    """However many messages: all that one vehicle says of a day is no longer than that day, give or take a tenth."""
    for turn in range(12):
        car.hear(
            liar.message(
                liar.visit(
                    1000 * turn + n, ago=(n + 1) * 70.0 + turn, box=liar.boxes[(n + turn) % len(liar.boxes)], lasts=60.0
                )
                for n in range(1000)
            )
        )
    visits = list(car.state.visits.all())
    assert len(visits) <= MOST_OF_UNIT
    first, last = min(one.opened for one in visits), max(one.ended or 0.0 for one in visits)
    assert sum(one.dosage_s for one in visits) <= (last - first) / 0.9


def test_any_number_of_visits_costs_another_car_no_memory(car: Honest, liar: Liar) -> None:
    """Thousands, a thousand a message, each with other ids and places: less than 10 MB, and 1,000 are remembered."""
    made: Iterator[VisitSummary] = (
        liar.visit(n, ago=600.0 + 75.0 * n % 600_000, box=liar.boxes[n % len(liar.boxes)], lasts=60.0)
        for n in itertools.count()
    )
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(6):
        car.hear(liar.message(islice(made, 1000)))
        assert sum(1 for _ in car.state.visits.all()) <= MOST_OF_UNIT
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < TEN_MB


def test_a_message_longer_than_a_weeks_visits_is_refused_as_a_whole(car: Honest, liar: Liar) -> None:
    """In a sentence that names its length."""
    many = liar.message(liar.visit(n, ago=70.0 * n) for n in range(1, 3000))
    assert len(many) > LARGEST_VISITS
    with pytest.raises(UserError, match="bytes, more than 262,144"):
        car.hear(many)


def test_what_a_vehicle_does_not_say_any_more_does_not_count(car: Honest, liar: Liar) -> None:
    """A lie that is taken back, by other visits or by none, is gone: nobody adds up lies, one message each."""
    one, other = liar.visit(1, ago=7200.0), liar.visit(2)
    for said in ((one, other), (other,), ()):
        car.hear(liar.message(said))
        assert set(car.state.visits.all()) == set(said)


def test_what_is_said_of_another_cars_visits_is_refused(car: Honest, liar: Liar) -> None:
    """On its own topic, under another's name or with another's ids."""
    for named in (replace(liar.visit(1), id="car-1:x:1"), replace(liar.visit(1), id="car-2:x:1")):
        with pytest.raises(UserError, match="belong to another unit"):
            car.hear(liar.message([named]))


def test_a_visit_of_before_the_time_is_known_waits_for_it(square_agency: Agency, tmp_path: Path, liar: Liar) -> None:
    """What comes while the clock is two days behind is judged when it is set: the true one counts, the other not."""
    car = Honest(square_agency, tmp_path)
    true, future = liar.visit(1), liar.visit(2, ago=-HOUR, box=liar.boxes[1])
    car.set_back(2 * DAY)
    car.hear(liar.message([true, future]))
    assert list(car.state.visits.all()) == []
    car.set_back(0.0)
    assert list(car.state.visits.all()) == [true]


def test_visits_of_any_number_of_made_up_cars_that_wait_are_bounded(car: Honest, liar: Liar) -> None:
    """A broker without an access list: what is in the future waits, and is no more than a fleet has in a week."""
    future = [liar.visit(n, ago=-HOUR) for n in range(900)]
    for number in range(25):
        unit = f"car-{number + 10}"
        car.say(MergeVisits(car.mono, tuple(replace(one, unit=unit, id=f"{unit}:x:{one.id}") for one in future), unit))
    assert sum(map(len, car.state.waiting.values())) == MOST_WAITING
    car.hear(liar.message([liar.visit(1)]))
    assert [one.unit for one in car.state.visits.all()] == ["car-9"]
