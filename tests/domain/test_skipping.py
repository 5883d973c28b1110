"""Boxes that are skipped: a record, for a while, in this car."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.events import BoxSkipped, SkipReason, instant
from edge.domain.inputs import Input, SignOut, Start
from edge.domain.plan import DirectedPatrol
from edge.domain.skipping import Skips, not_skipped, skipped
from edge.domain.state import State
from edge.domain.taps import SkipBox
from tests.domain.script import SETTING, begin, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE, fix

REASONS: tuple[SkipReason, ...] = ("crowd", "next")
NONE: Skips = ()
PATROLS = [patrol(1), patrol(3), patrol(5)]


def played(*inputs: Input) -> Metered:
    """A car with three boxes assigned."""
    return play(SETTING, [*begin(PATROLS), fix(5, 100.0, speed=0.0), *inputs])


def offered(state: State, mono: float) -> list[int]:
    """The columns of the boxes that may be offered at an instant, all of them due."""
    return [one.cell[0] for one in not_skipped(PATROLS, state.skips, mono)]


def test_a_skip_is_recorded_and_holds_for_an_hour() -> None:
    """With its reason and its end; the plan is as it was."""
    metered = played(SkipBox(100.0, "1-0", "road_closed"))
    assert metered.events[-1].data == BoxSkipped("1-0", "road_closed", instant(NINE + 3700.0))
    assert offered(metered.state, 3699.0) == [3, 5]
    assert offered(metered.state, 3700.0) == [1, 3, 5]
    assert metered.state.plan == played().state.plan


def test_a_box_that_is_passed_over_comes_again_sooner() -> None:
    """After a quarter of an hour; or, where nothing else is due, the one passed over first."""
    metered = played(SkipBox(100.0, "1-0", "next"), SkipBox(200.0, "3-0", "next"))
    assert offered(metered.state, 300.0) == [5]
    assert offered(metered.state, 1000.0) == [1, 5]
    again = played(*(SkipBox(100.0 + 10 * n, box, "next") for n, box in enumerate(("3-0", "1-0", "5-0"))))
    assert offered(again.state, 300.0) == [3]


def test_what_is_skipped_for_a_reason_never_comes_again_sooner() -> None:
    """Nothing is offered then."""
    state = played(*(SkipBox(100.0, box, "unsafe") for box in ("1-0", "3-0", "5-0"))).state
    assert offered(state, 200.0) == []


@pytest.mark.parametrize("box", ["2-0", "900-900"])
def test_only_a_box_of_the_plan_is_skipped(box: str) -> None:
    """Any other leaves no record."""
    kinds = [one.data.type for one in played(SkipBox(6.0, box, "crowd")).events]
    assert kinds == [one.data.type for one in played().events]


def test_it_needs_an_officer_and_a_plan() -> None:
    """Else it is not offered."""
    assert SkipBox.why_not(played(SignOut(10.0)).state, 10.0) == "signed_out"
    assert SkipBox.why_not(play(SETTING, begin([])[:2]).state, 10.0) == "no_plan"
    assert SkipBox.why_not(played().state, 10.0) is None


def test_a_restart_forgets_no_skip() -> None:
    """Its hour goes on by the new life's seconds."""
    state = played(SkipBox(100.0, "1-0", "crowd"), Start(50.0, "other boot", NINE + 200.0, "test")).state
    left = state.skips[0].until - 50.0
    assert 3400.0 <= left <= 3600.0


@given(st.lists(st.tuples(st.sampled_from(PATROLS), st.sampled_from(REASONS), st.floats(0.0, 4000.0))))
def test_what_is_offered_is_due_and_never_skipped_for_a_reason(
    made: list[tuple[DirectedPatrol, SkipReason, float]],
) -> None:
    """And there is always something, unless every box is."""
    skips, now = NONE, 0.0
    for box, reason, later in made:
        now += later
        skips = skipped(skips, box.cell, reason, now)
    held = {one.cell for one in skips if one.reason != "next" and one.until > now}
    found = not_skipped(PATROLS, skips, now)
    assert not {box.cell for box in found} & held
    assert bool(found) == (len(held) < len(PATROLS))
