"""A plan's boxes: how each stands at an instant, and which is offered next."""

import pytest

from edge.domain.plan import DirectedPatrol, Plan, at_cap, is_early, offer, status
from edge.domain.policy import Prescription
from edge.domain.visits import VisitBook, VisitSummary
from tests.domain.script import DAY, LATE, patrol

NOW = 1_772_442_000.0
TWO_HOURS = 7200.0
WEEK = 7 * 86_400.0


def _visit(
    number: int, ago: float, *, ended: bool = True, counted: bool = True, early: bool = False, shift: str = DAY
) -> VisitSummary:
    """A visit of box 1 that ended, or goes on since, ``ago`` seconds before now; it lasted 900 s."""
    end = NOW - ago if ended else None
    return VisitSummary(f"v{number}", "car-2", "1-0", shift, NOW - ago - 900, end, 900.0, counted, early)


def _book(*visits: VisitSummary) -> VisitBook:
    return VisitBook().merge(visits)


THREE = patrol(1, prescription=Prescription(visits=3))
MANY = patrol(1, prescription=Prescription(visits=5))


@pytest.mark.parametrize(
    ("box", "visits", "expected"),
    [
        (patrol(1), [], "due"),
        (patrol(1, "street closed"), [], "suppressed"),
        (THREE, [_visit(1, TWO_HOURS)], "due"),
        (THREE, [_visit(1, TWO_HOURS - 1)], "later"),
        (THREE, [_visit(1, 60, ended=False)], "later"),
        (patrol(1), [_visit(1, 60, counted=False)], "due"),
        (patrol(1), [_visit(1, 60, early=True)], "due"),
        (THREE, [_visit(n, TWO_HOURS * n) for n in (1, 2, 3)], "done"),
        (patrol(1), [_visit(1, 60)], "done"),
        (MANY, [_visit(n, TWO_HOURS * n) for n in (1, 2, 3)], "at_cap"),
        (MANY, [_visit(n, TWO_HOURS * n, early=n > 1) for n in (1, 2, 3)], "at_cap"),
        (patrol(1), [_visit(n, 60, shift=LATE) for n in range(7)], "at_cap"),
        (patrol(1), [_visit(n, 60, shift=LATE) for n in range(6)], "due"),
    ],
)
def test_status(box: DirectedPatrol, visits: list[VisitSummary], expected: str) -> None:
    """Suppressed, done, at its cap, later or due: of the counted visits of all vehicles, by shift and by seven days."""
    assert status(box, DAY, _book(*visits), NOW) == expected


def test_the_cap_of_seven_days_moves_with_the_clock() -> None:
    """Seven visits, the oldest opened a second less than a week ago: at cap now, free a second later."""
    book = _book(*[_visit(n, 60, shift=LATE) for n in range(6)], _visit(6, WEEK - 901, shift="2026-02-22/day"))
    assert at_cap(patrol(1), DAY, book, NOW)
    assert not at_cap(patrol(1), DAY, book, NOW + 1)


def test_early_is_of_the_same_shift() -> None:
    """A visit of another shift that ended a minute ago makes none early."""
    assert is_early(patrol(1), DAY, _book(_visit(1, 60)), NOW)
    assert not is_early(patrol(1), LATE, _book(_visit(1, 60)), NOW)


def test_the_nearest_due_box_is_offered() -> None:
    """From x = 900 m: box 3 is nearest, but suppressed; of boxes 1 and 5 the nearer one; none where none is due."""
    patrols = [patrol(1), patrol(3, "street closed"), patrol(5)]
    assert offer(patrols, DAY, VisitBook(), NOW, east=900, north=125) == patrols[2]
    assert offer(patrols, DAY, VisitBook(), NOW, east=800, north=125) == patrols[0]
    assert offer(patrols[:1], DAY, _book(_visit(1, 60)), NOW, east=900, north=125) is None
    assert offer([], DAY, VisitBook(), NOW, east=900, north=125) is None


def test_the_order_of_the_plan_breaks_a_tie() -> None:
    """Midway between two boxes the one that the plan lists first is offered."""
    one, other = patrol(1), patrol(3)
    assert offer([one, other], DAY, VisitBook(), NOW, east=625, north=125) == one
    assert offer([other, one], DAY, VisitBook(), NOW, east=625, north=125) == other


def test_a_suppressed_box_is_listed_but_not_assigned() -> None:
    """The reason can be told; nobody is sent there."""
    plan = Plan(DAY, "1", 1, (patrol(1, "street closed"), patrol(2)))
    listed = plan.listed((1, 0))
    assert listed is not None
    assert listed.suppressed == "street closed"
    assert plan.patrol((1, 0)) is None
    assert plan.patrol((2, 0)) == plan.patrols[1]
    assert plan.listed((3, 0)) is plan.patrol((3, 0)) is None
