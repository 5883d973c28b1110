"""What the state knows of the car's motion: speed and course, as long as it has a position."""

from dataclasses import replace

from edge.domain.inputs import Input, Start, Tick
from edge.domain.state import State
from tests.domain.script import SETTING, begin
from tests.metering import play
from tests.oracle_plane import NINE, fix


def after(*inputs: Input) -> State:
    """The state after a start, a second of driving east at 10 m/s, and these inputs."""
    return play(SETTING, [*begin([]), replace(fix(1, 400.0), course=90.0), *inputs]).state


def test_speed_and_course_are_those_of_the_last_good_fix() -> None:
    """A poor fix moves nothing; a good one without them leaves neither."""
    assert (after().track.speed, after().track.course) == (10.0, 90.0)
    poor = after(replace(fix(2, 410.0, speed=3.0, accuracy=90.0), course=10.0))
    assert (poor.track.speed, poor.track.course) == (10.0, 90.0)
    silent = after(replace(fix(2, 410.0), speed=None))
    assert (silent.track.speed, silent.track.course) == (None, None)


def test_a_lost_position_has_neither_speed_nor_course() -> None:
    """After 10 s without a fix, or a restart, they are unknown until a fix says them again."""
    for given in (Tick(12.0, 0.0), Start(3.0, "boot", NINE + 3, "test")):
        lost = after(given)
        assert (lost.track.speed, lost.track.course) == (None, None)
    found = after(Tick(12.0, 0.0), replace(fix(20, 500.0), course=45.0))
    assert (found.track.speed, found.track.course) == (10.0, 45.0)


def test_a_parked_car_has_its_own_speed() -> None:
    """Its cell is held, its speed is not: the screen must not show what it drove at before."""
    parked = after(*(replace(fix(second, 400.0, speed=0.1), course=None) for second in range(2, 20)))
    assert parked.track.parked
    assert (parked.track.speed, parked.track.course) == (0.1, None)
