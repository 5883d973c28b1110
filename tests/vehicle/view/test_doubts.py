"""What the screen says of a receiver whose date is not believed, or that reports too seldom."""

from dataclasses import replace

from edge.domain.inputs import Fix, Input, Start
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.vehicle.view.doubts import FRESH_S, doubts
from tests.domain.script import SETTING
from tests.oracle_plane import NINE, fix
from tests.words import all_shown

DAY = 86_400.0


def after(*fixes: Fix) -> State:
    """The state of a new car, with a bundle of the day before, once these fixes have come."""
    state = State("car-1", "x")
    inputs: list[Input] = [Start(0.0, "a", 0.0, "t", NINE - DAY), *fixes]
    for given in inputs:
        state, _ = decide(SETTING, state, given)
    return state


def every(interval: int, until: int) -> list[Fix]:
    """A fix each so many seconds."""
    return [fix(float(mono), 375) for mono in range(10, until, interval)]


def test_a_receiver_of_the_right_date_and_pace_is_not_spoken_of() -> None:
    """A fix a second, or every 29 s."""
    assert doubts(after(*every(1, 60)), 60.0) == ()
    assert doubts(after(*every(29, 400)), 400.0) == ()


def test_a_date_that_is_not_believed_is_named() -> None:
    """Seven years ahead for ten seconds and more; a minute after it was given last, no more."""
    state = after(*(replace(one, utc=one.utc + 2557 * DAY) for one in every(1, 60)))
    assert all_shown(doubts(state, 60.0)) == [
        "GPS reports the date 2033-03-02 09:00 UTC, which cannot be right. Using this vehicle's own clock."
    ]
    assert doubts(state, 61.0 + FRESH_S) == ()


def test_one_wrong_date_is_not_spoken_of() -> None:
    """Nor a fix that comes late."""
    state = after(*(replace(one, utc=one.utc + 2557 * DAY) for one in every(1, 15)), *every(1, 60)[10:])
    assert doubts(state, 60.0) == ()


def test_a_receiver_that_is_too_slow_is_told_what_is_supported() -> None:
    """A fix every 45 s."""
    assert all_shown(doubts(after(*every(45, 400)), 400.0)) == [
        "GPS reports every 45 s. Visits need a position at least every 30 s: set the receiver to 1 s."
    ]
