"""What officers say of a box: recorded for analysts, and nothing is metered or planned by it."""

from edge.domain.events import BoxFeedback
from edge.domain.inputs import Input, SignOut
from edge.domain.taps import GiveFeedback, Override
from tests.domain.script import BOUNDARY, SETTING, at, begin, patrol, said
from tests.metering import Metered, play
from tests.oracle_plane import fix


def played(*inputs: Input) -> Metered:
    """A car with two boxes assigned, parked in neither."""
    return play(SETTING, [*begin([patrol(1), patrol(3)]), *at(1, 61, 100.0, speed=0.0), *inputs])


def given(*inputs: Input) -> list[tuple[str, str]]:
    """Box and feedback of each record."""
    return [
        (data.box, data.feedback) for _, data in said(played(*inputs), BoxFeedback) if isinstance(data, BoxFeedback)
    ]


def test_each_is_recorded_and_changes_nothing_else() -> None:
    """Of a box of the plan, or of any other of the agency."""
    taps = GiveFeedback(70.0, "1-0", "quiet"), GiveFeedback(71.0, "5-0", "blocked")
    assert given(*taps) == [("1-0", "quiet"), ("5-0", "blocked")]
    assert played(*taps).state.plan == played().state.plan
    assert played(*taps).state.skips == ()


def test_the_same_is_recorded_once_a_shift() -> None:
    """A second finger says nothing new; another answer does; the next shift begins anew."""
    first, again = GiveFeedback(70.0, "1-0", "quiet"), GiveFeedback(70.5, "1-0", "quiet")
    assert given(first, again) == [("1-0", "quiet")]
    assert given(first, GiveFeedback(80.0, "1-0", "wrong_hour")) == [("1-0", "quiet"), ("1-0", "wrong_hour")]
    later = fix(BOUNDARY + 5, 100.0, speed=0.0)
    assert given(first, later, GiveFeedback(BOUNDARY + 6.0, "1-0", "quiet")) == [("1-0", "quiet"), ("1-0", "quiet")]


def test_it_needs_an_officer_and_a_car_that_stands_or_a_passenger() -> None:
    """And a box of the agency."""
    assert GiveFeedback.why_not(played().state, 62.0) is None
    assert GiveFeedback.why_not(played(SignOut(62.0)).state, 62.0) == "signed_out"
    moving = fix(62, 100.0, speed=9.0)
    assert GiveFeedback.why_not(played(moving).state, 62.0) == "driving"
    assert GiveFeedback.why_not(played(moving, Override(63.0)).state, 63.0) is None
    assert given(moving, GiveFeedback(62.5, "1-0", "quiet")) == []
    assert given(GiveFeedback(70.0, "900-900", "quiet")) == []
