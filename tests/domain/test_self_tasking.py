"""A visit of the officer's own choice, in a box that no plan assigns."""

from dataclasses import replace
from typing import Final

import pytest

from edge.domain.events import SelfTasked, VisitClosed, VisitOpened, instant
from edge.domain.grid import Box
from edge.domain.inputs import Input, Pause, Resume, SignIn, SignOut, Start
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Policy, Prescription
from edge.domain.state import Setting
from edge.domain.taps import Override, SelfTask
from tests.domain.script import BOUNDARY, DAY, LATE, SETTING, accounts, adopt, at, begin, meter, others, patrol, said
from tests.metering import Metered, play
from tests.oracle_plane import NINE

IN_TWO = at(1, 61, 625.0, speed=0.0)
"""A minute parked in box 2, where box 1 is assigned."""


def tapped(mono: float = 61.0) -> SelfTask:
    """The tap."""
    return SelfTask(mono, "request")


def why_not(
    *inputs: Input, setting: Setting = SETTING, patrols: tuple[DirectedPatrol, ...] = (patrol(1),)
) -> str | None:
    """Why it is not offered after some inputs."""
    state = play(setting, [*begin(patrols), *inputs]).state
    return SelfTask.refusal(setting, state, state.mono)


def test_it_is_metered_from_the_tap_and_recorded_with_its_reason() -> None:
    """Parked from 1, tapped at 61, left at 361: 300 s, of the agency's 15 min; what went before is presence."""
    metered = meter(IN_TWO, tapped(), at(61, 361, 625.0, speed=0.0), at(361, 380, 1125.0))
    (opened,) = [event for event in metered.events if isinstance(event.data, VisitOpened)]
    assert opened.data == VisitOpened("2-0", instant(NINE + 61.0), (), 900.0, early=True)
    assert said(metered, SelfTasked) == [(61.0, SelfTasked(opened.id, "2-0", "request"))]
    assert accounts(metered) == [("2-0", 61.0, 361.0, 300.0)]
    (stay, *_) = [one for one in metered.stays if one.box == "2-0"]
    assert stay.seconds == 360.0


def test_without_the_tap_there_is_presence_alone() -> None:
    """The box is in no plan."""
    assert meter(IN_TWO, at(61, 361, 625.0, speed=0.0), at(361, 380, 1125.0)).visits == []


def test_it_counts_to_the_caps_and_not_to_a_prescription() -> None:
    """A plan that comes to assign the box finds it undone, and one of its three visits of the shift used."""
    state = meter(IN_TWO, tapped(), at(61, 361, 625.0, speed=0.0), at(361, 380, 1125.0)).state
    assert state.visits.counted_in_shift("2-0", DAY) == 1
    assert state.visits.prescribed_in_shift("2-0", DAY) == []


def test_whoever_comes_back_in_time_goes_on_and_later_taps_again() -> None:
    """A visit as any other: 120 s; after them it is presence, as the box is still in no plan."""
    there, near, gone = at(61, 200, 625.0, speed=0.0), at(200, 300, 900.0), at(200, 420, 900.0)
    assert [one.dosage_s for one in meter(IN_TWO, tapped(), there, near, at(300, 400, 625.0), gone[200:]).visits] == [
        239.0
    ]
    assert len(meter(IN_TWO, tapped(), there, gone, at(420, 600, 625.0)).visits) == 1


def test_an_assigned_box_ends_it() -> None:
    """Arriving in the plan's box opens a visit there, which is none of the officer's own."""
    metered = meter(IN_TWO, tapped(), at(61, 161, 625.0, speed=0.0), at(161, 300, 375.0))
    assert [one.box for one in metered.visits] == ["2-0", "1-0"]
    assert len(said(metered, SelfTasked)) == 1
    assert not metered.visits[1].early


def test_a_plan_that_assigns_the_box_changes_nothing_of_it() -> None:
    """What was so on arrival stays."""
    plan = adopt(100.0, patrol(1), patrol(2), version=2)
    metered = meter(IN_TWO, tapped(), plan, at(61, 361, 625.0, speed=0.0), at(361, 500, 1125.0))
    assert accounts(metered) == [("2-0", 61.0, 361.0, 300.0)]


def test_a_suppression_ends_it() -> None:
    """With that reason."""
    plan = adopt(100.0, patrol(1), patrol(2, suppressed="a vigil"), version=2)
    (visit,) = meter(IN_TWO, tapped(), plan, at(61, 361, 625.0, speed=0.0)).visits
    assert (visit.dosage_s, visit.reason) == (39.0, "suppressed")


def test_a_restart_goes_on_with_it() -> None:
    """By the first good fix within 5 min, in the same box."""
    again = Start(150.0, "boot", NINE + 150.0, "test")
    metered = meter(IN_TWO, tapped(), at(61, 140, 625.0, speed=0.0), again, at(151, 251, 625.0, speed=0.0))
    assert [(one.box, one.dosage_s) for one in metered.visits] == [("2-0", 177.0)]


def tasked(metered: Metered) -> list[SelfTasked]:
    """The records of an officer's own choice."""
    return [event.data for event in metered.events if isinstance(event.data, SelfTasked)]


END: Final = BOUNDARY + 200
OVER: Final = at(BOUNDARY - 400, END, 625.0, speed=0.0)
"""Parked in box 2 over the shift's end, to 200 s after it."""


@pytest.mark.parametrize(
    ("late", "then"),
    [
        ((), ("2-0", BOUNDARY, END, 200.0, "request")),
        ((patrol(2),), ("2-0", BOUNDARY, END, 200.0, None)),
        ((patrol(2, suppressed="a vigil"),), None),
    ],
)
def test_at_the_shifts_end_it_goes_on_as_any_other(
    late: tuple[DirectedPatrol, ...], then: tuple[str, int, int, float, str | None] | None
) -> None:
    """Closed at the boundary, another opens: by the same choice, or by the new plan; not where that suppresses it."""
    tap = SelfTask(BOUNDARY - 300.0, "request")
    metered = meter(adopt(1.0, *late, patrol(5), version=2, shift=LATE), OVER, tap, at(END, END + 60, 1125.0))
    reasons = {one.visit: one.reason for one in tasked(metered)}
    made = [(*account, reasons.get(one.visit)) for account, one in zip(accounts(metered), metered.visits, strict=True)]
    assert made == [("2-0", BOUNDARY - 300.0, BOUNDARY, 300.0, "request"), *([] if then is None else [then])]
    assert [one.reason for one in metered.visits] == ["shift_ended", *([] if then is None else ["left"])]
    assert [one.early for one in metered.visits] == [True, *([] if then is None else [not late])]


def test_a_call_over_the_shifts_end_leaves_it_to_the_resume() -> None:
    """As of a box of the plan: a visit opens when the officer is back, where the car still stands."""
    tap, call, back = SelfTask(BOUNDARY - 300.0, "request"), Pause(BOUNDARY - 100.0, "call"), Resume(BOUNDARY + 50.0)
    metered = meter(OVER, tap, call, back, at(END, END + 60, 1125.0))
    assert accounts(metered) == [
        ("2-0", BOUNDARY - 300.0, BOUNDARY, 200.0), ("2-0", BOUNDARY + 50.0, END, 150.0),
    ]  # fmt: skip
    assert [one.reason for one in tasked(metered)] == ["request", "request"]


def test_who_signs_in_after_a_sign_out_chooses_anew() -> None:
    """The choice was the other officer's."""
    metered = meter(IN_TWO, tapped(), SignOut(160.0), SignIn(170.0, "88"), at(62, 361, 625.0, speed=0.0))
    assert accounts(metered) == [("2-0", 61.0, 160.0, 99.0)]


def test_every_refusal_has_its_reason() -> None:
    """Signed out, paused, driven, not in a box, in the plan, suppressed, visited already."""
    assert why_not(*IN_TWO) is None
    assert why_not(*IN_TWO, SignOut(61.0)) == "signed_out"
    assert why_not(*IN_TWO, Pause(61.0, "call")) == "in_pause"
    assert why_not(*at(1, 61, 625.0, speed=5.0)) == "driving"
    assert why_not(*at(1, 61, 625.0, speed=5.0), Override(61.0)) is None
    assert why_not() == "no_position"
    assert why_not(*at(1, 3, 625.0, speed=0.0)) == "not_inside"
    assert why_not(*at(1, 61, 2125.0, speed=0.0)) == "outside"
    assert why_not(*at(1, 61, 375.0, speed=0.0)) == "assigned"
    assert why_not(*IN_TWO, patrols=(patrol(2, suppressed="a vigil"),)) == "suppressed"
    assert why_not(*IN_TWO, tapped()) == "visiting"


@pytest.mark.parametrize("caps", [Prescription(cap_shift=3), Prescription(cap_shift=9, cap_7_days=3)])
def test_a_box_at_its_cap_is_refused(caps: Prescription) -> None:
    """Three visits of other cars, in the shift or in seven days."""
    setting = replace(SETTING, policy=Policy(default=caps))
    assert why_not(*IN_TWO, others(2, 3, 50.0), setting=setting) == "box_at_cap"
    assert why_not(*IN_TWO, others(2, 2, 50.0), setting=setting) is None


def test_protection_6_an_opt_out_box_is_refused() -> None:
    """It is never patrolled, by whose choice ever."""
    grid = replace(SETTING.grid, boxes={**SETTING.grid.boxes, (2, 0): Box((2, 0), 3, "1", "11", opt_out=True)})
    assert why_not(*IN_TWO, setting=replace(SETTING, grid=grid)) == "opt_out"


def test_a_tap_that_was_overtaken_does_nothing() -> None:
    """The officer has signed out meanwhile; or it is the second of two."""
    assert meter(IN_TWO, SignOut(60.5), tapped()).visits == []
    twice: Metered = meter(IN_TWO, tapped(), tapped(61.2), at(62, 361, 625.0, speed=0.0))
    assert len(said(twice, SelfTasked)) == 1


def test_another_officer_goes_on_with_it() -> None:
    """A new segment of the same visit, as with any."""
    (visit,) = meter(IN_TWO, tapped(), SignIn(160.0, "88"), at(62, 361, 625.0, speed=0.0)).visits
    assert isinstance(visit, VisitClosed)
    assert [part.officer for part in visit.segments] == ["4711", "88"]
