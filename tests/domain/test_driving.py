"""Driving mode: the rule as README's *Driving* says it, by the second, and what holds for every drive."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.driving import PARKED, Driving, Happening, Motion, happen, heed
from edge.domain.events import DrivingOverridden
from edge.domain.inputs import Fix, Input, SignIn, SignOut, Start, Tick
from edge.domain.state import State
from edge.domain.taps import Override
from tests.domain.script import SETTING, begin
from tests.metering import play
from tests.oracle_plane import NINE, fix

START = begin([])


def state(*inputs: Input) -> State:
    """The state after a start, a sign-in and these."""
    return play(SETTING, [*START, *inputs]).state


def motion(*inputs: Input) -> Motion:
    """How the car moves after these."""
    return state(*inputs).driving.motion


def driven(until: int = 1, speed: float = 12.0) -> list[Fix]:
    """Fixes from second 1 on, with a speed."""
    return [fix(second, 400.0 + speed * second, speed=speed) for second in range(1, until + 1)]


def stood(first: int, last: int, speed: float = 0.0) -> list[Fix]:
    """Fixes in one place."""
    return [fix(second, 400.0, speed=speed) for second in range(first, last + 1)]


def test_before_the_first_fix_a_car_is_parked() -> None:
    """Whatever time passes; a poor fix is none."""
    assert motion(Tick(900.0, NINE)) is Motion.PARKED
    assert motion(fix(1, 400.0, speed=20.0, accuracy=90.0)) is Motion.PARKED


@pytest.mark.parametrize(("speed", "expected"), [(2.2, Motion.PARKED), (2.21, Motion.DRIVING), (40.0, Motion.DRIVING)])
def test_it_is_driving_above_2_2_metres_a_second(speed: float, expected: Motion) -> None:
    """At once, with one good fix."""
    assert motion(*driven(speed=speed)) is expected


def test_it_is_left_after_standing_for_5_s() -> None:
    """From the first fix that stands (10) to the one 5 s later; creeping along is not standing."""
    assert motion(*driven(9), *stood(10, 14)) is Motion.DRIVING
    assert motion(*driven(9), *stood(10, 15)) is Motion.PARKED
    assert motion(*driven(9), *stood(10, 60, speed=1.0)) is Motion.DRIVING
    assert motion(*driven(9), *stood(10, 13), *stood(14, 14, speed=1.0), *stood(15, 19)) is Motion.DRIVING


def test_a_gap_begins_the_5_s_afresh() -> None:
    """Nothing is known of the seconds 12 to 19."""
    assert motion(*driven(9), *stood(10, 11), *stood(20, 24)) is Motion.DRIVING
    assert motion(*driven(9), *stood(10, 11), *stood(20, 25)) is Motion.PARKED


def test_a_lost_position_keeps_it_for_2_min() -> None:
    """The last good fix was at 9; poor ones do not count, and a parked car stays parked."""
    assert motion(*driven(9), Tick(60.0, 0.0)) is Motion.DRIVING
    assert motion(*driven(9), Tick(128.9, 0.0)) is Motion.DRIVING
    assert motion(*driven(9), Tick(129.0, 0.0)) is Motion.PARKED
    assert motion(*driven(9), *(fix(second, 400.0, accuracy=90.0) for second in range(10, 131))) is Motion.PARKED
    assert motion(*stood(1, 9), Tick(60.0, 0.0)) is Motion.PARKED


def test_found_again_it_goes_on() -> None:
    """Out of the tunnel at 100 s: driving; standing there for 5 s: parked."""
    assert motion(*driven(9), Tick(60.0, 0.0), *stood(100, 104)) is Motion.DRIVING
    assert motion(*driven(9), Tick(60.0, 0.0), *stood(100, 105)) is Motion.PARKED


def test_without_a_speed_the_way_tells_it() -> None:
    """A receiver that gives none: 12 m a second are 12 m/s."""
    assert motion(*(replace(one, speed=None) for one in driven(3))) is Motion.DRIVING
    assert motion(*(replace(one, speed=None) for one in driven(3)),
                  *(replace(one, speed=None) for one in stood(4, 11))) is Motion.PARKED  # fmt: skip


def test_a_restart_goes_on_as_it_was() -> None:
    """Within a minute of the crash the screen is still for glances; 2 min after it, it is not."""
    crash = Start(20.0, "boot", NINE + 20, "test")
    assert motion(*driven(9), crash) is Motion.DRIVING
    assert motion(*driven(9), crash, Tick(141.0, 0.0)) is Motion.PARKED
    assert motion(*driven(9), *stood(10, 13), crash, fix(21, 400.0, speed=0.0)) is Motion.DRIVING


def test_a_passenger_overrides_it_for_this_drive() -> None:
    """Recorded with the speed; over once the car has stood; the next drive is one for glances again."""
    metered = play(SETTING, [*START, *driven(9), Override(9.5), *stood(10, 14)])
    (made,) = [one.data for one in metered.events if isinstance(one.data, DrivingOverridden)]
    assert made == DrivingOverridden(12.0)
    assert metered.state.driving.motion is Motion.OVERRIDDEN
    over: list[Input] = [*driven(9), Override(9.5), *stood(10, 15)]
    assert motion(*over) is Motion.PARKED
    assert motion(*over, fix(16, 400.0, speed=12.0)) is Motion.DRIVING


def test_an_override_is_of_who_is_signed_in() -> None:
    """A sign-out or another officer ends it, and the drive goes on."""
    assert motion(*driven(9), Override(9.5), SignOut(9.6)) is Motion.DRIVING
    assert motion(*driven(9), Override(9.5), SignIn(9.6, "4712")) is Motion.DRIVING


def test_a_parked_car_has_nothing_to_override() -> None:
    """It is not offered, and one that comes too late is no record."""
    assert Override.why_not(state(*stood(1, 3)), 3.0) == "not_driving"
    assert Override.why_not(state(*driven(3)), 3.0) is None
    assert not [one for one in play(SETTING, [*START, Override(1.0)]).events if one.data.type == "driving_overridden"]


SPEEDS = st.one_of(st.none(), st.floats(0.0, 40.0), st.sampled_from([0.0, 0.49, 0.5, 2.2, 2.3]))


@given(st.lists(st.tuples(SPEEDS, st.booleans()), max_size=60))
def test_it_is_never_left_but_after_5_s_of_standing(fixes: list[tuple[float | None, bool]]) -> None:
    """Whatever a receiver says, a fix a second: parked again means 6 slow fixes in a row without a gap within them."""
    driving, slow = PARKED, 0
    for second, (speed, trusted) in enumerate(fixes):
        before = driving.motion
        driving = heed(driving, float(second), speed, trusted=trusted)
        stands = speed is not None and speed < 0.5
        slow = 0 if not stands else slow + 1 if trusted and slow else 1
        if speed is not None and speed > 2.2:
            assert driving.motion is Motion.DRIVING
        elif before is Motion.DRIVING:
            assert (driving.motion is Motion.PARKED) == (slow >= 6), (second, slow)
        else:
            assert driving.motion is before


@given(st.lists(st.sampled_from(Happening), max_size=30))
def test_it_is_overridden_only_by_an_override(happenings: list[Happening]) -> None:
    """And driving only after it has moved."""
    driving, moved = PARKED, False
    for what in happenings:
        before, driving = driving, happen(driving, what)
        moved = moved or what is Happening.MOVED
        assert moved or driving == Driving()
        if driving.motion is Motion.OVERRIDDEN is not before.motion:
            assert what is Happening.OVERRIDDEN
