"""The snapshot: what the screen says of a committed state, at an instant. Box x has the number x + 1."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.inputs import Input, Pause, SignIn, SignOut, Start, Tick, UndoTactic, UseTactic
from edge.domain.state import ActiveTactic, State
from edge.domain.tactics import Tactic
from edge.text.words import parts, say
from edge.vehicle.view.make import snapshot_of
from edge.vehicle.view.snapshot import GpsView, LinkView, Snapshot, VisitView
from tests.domain.script import SETTING, at, meter, others, patrol
from tests.metering import OFFICER, play
from tests.oracle_plane import NINE

TACTICS = (Tactic("foot-patrol", "Foot patrol"), Tactic("lighting", "Check lighting"))
AGENCY = Agency(
    id="row",
    name="Row",
    calendar=SETTING.calendar,
    policy=SETTING.policy,
    grid=SETTING.grid,
    tactics=TACTICS,
    tactics_version="1",
    public_key=None,
    map_path=Path("map.json"),
    hash="",
)
TWO = [patrol(1), patrol(3)]
IN_BOX = at(0, 31, 400)


def _state(*script: Input | Sequence[Input], officer: str | None = OFFICER) -> State:
    """Where a script leads, with boxes 1 and 3 assigned; no time runs on."""
    return meter(*script, patrols=TWO, officer=officer, run_on=0).state


def _seen(state: State, mono: float) -> Snapshot:
    return snapshot_of(AGENCY, state, mono, LinkView(), GpsView(), ())


def _visit(state: State, mono: float) -> VisitView:
    visit = _seen(state, mono).visit
    assert visit is not None
    return visit


NO_PLAN = play(SETTING, [Start(0.0, "boot", NINE, "test"), SignIn(0.0, OFFICER), *IN_BOX]).state


@pytest.mark.parametrize(
    ("state", "mono", "mode", "sentence"),
    [
        (_state(IN_BOX, officer=None), 30, "signed_out", "SIGN IN TO START"),
        (_state(SignIn(1, OFFICER)), 1, "starting", "WAITING FOR GPS"),
        (NO_PLAN, 30, "no_plan", "NO PLAN FOR THIS SHIFT"),
        (_state(IN_BOX, Pause(30, "call")), 30 + 13 * 60, "paused", "ON A CALL · 13 min"),
        (_state(IN_BOX, Pause(30, "call")), 30 + 133 * 60, "paused", "STILL ON THE CALL? · 2 h 13 min"),
        (_state(IN_BOX, Pause(30, "call")), 30, "paused", "ON A CALL · 0 min"),
        (_state(IN_BOX, Tick(55, NINE + 55)), 55, "lost", "GPS LOST 00:25 · timer stopped, visit held 1:35 more"),
        (_state(at(0, 31, 900)), 45, "lost", "GPS LOST · 00:15"),
        (_state(IN_BOX), 34, "uncertain", "WEAK GPS · TIMER STOPPED"),
        (_state(at(0, 31, 900 + 250)), 34, "uncertain", "WEAK GPS"),
        (_state(at(0, 375, 400)), 374, "visit", "IN BOX 2 · ROBBERY · 08:46 left"),
        (_state(at(0, 901, 400)), 900, "move_on", "BOX 2 DONE · NEXT BOX 4"),
        (_state(at(0, 1261, 400)), 1260, "over_stay", "TOO LONG IN BOX 2 · 06:00 over · NEXT BOX 4"),
        (_state(at(0, 40, 400), at(40, 61, 600)), 60, "away", "LEFT BOX 2 · 01:40 to return"),
        (_state(others(1, 3, -10_800), IN_BOX), 30, "at_cap", "ENOUGH VISITS IN BOX 2 · NEXT BOX 4"),
        (_state(at(0, 31, 1125)), 30, "patrol", "NEXT BOX 4 · 0.2 mi W"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_the_sentence_of_each_mode(state: State, mono: float, mode: str, sentence: str) -> None:
    """One line, as an officer would say it."""
    seen = _seen(state, mono)
    assert (seen.mode, say(seen.headline)) == (mode, sentence)


def test_nothing_due() -> None:
    """Where no other box is due the sentences say so."""
    alone = meter(at(0, 901, 400), run_on=0).state
    assert say(_seen(alone, 900).headline) == "BOX 2 DONE · NOTHING DUE"
    assert say(_seen(meter(at(0, 31, 900), patrols=[], run_on=0).state, 30).headline) == "NOTHING DUE"


def test_the_modes_in_their_order_of_weight() -> None:
    """Where several hold the weightier is said: signed out, paused, lost, away, uncertain, then the visit."""
    paused_nobody = _state(Pause(0, "break"), IN_BOX, officer=None)
    assert _seen(paused_nobody, 30).mode == "signed_out"
    assert _seen(_state(IN_BOX, SignOut(30)), 60).mode == "signed_out"
    assert _seen(_state(Pause(0, "break")), 0).mode == "paused"  # not "starting"
    assert _seen(_state(IN_BOX, Pause(30, "break")), 60).mode == "paused"  # not "lost"
    away = _state(at(0, 40, 400), at(40, 61, 600))
    assert _seen(away, 60).mode == "away"  # not "patrol"
    assert _seen(away, 65).mode == "away"  # not "uncertain"
    assert _seen(away, 71).mode == "lost"  # not "away"
    assert _seen(_state(at(0, 901, 400)), 905).mode == "uncertain"  # not "move_on"
    assert _seen(play(SETTING, [*_started(), *IN_BOX]).state, 35).mode == "uncertain"  # not "no_plan"


def _started() -> list[Input]:
    return [Start(0.0, "boot", NINE, "test"), SignIn(0.0, OFFICER)]


def test_the_timer_runs_between_fixes_and_rests_when_they_stay_out() -> None:
    """At 30.5 it shows 30.5 s, at 31 the next fix is due, and it waits for it; from 33 on for the next trusted one."""
    state = _state(IN_BOX)
    shown = [(_visit(state, mono).dosage_s, _visit(state, mono).running) for mono in (30, 30.5, 33, 33.1, 39)]
    assert shown == [(30, True), (30.5, True), (31, True), (30, False), (30, False)]


def test_the_timer_shows_seconds_just_outside_until_the_box_is_left() -> None:
    """30 m outside from 40: still 44 s at 44; known to be left at 50, it shows the 40 s that are dosage."""
    just_outside = _state(at(0, 40, 400), at(40, 45, 530))
    left = _state(at(0, 40, 400), at(40, 51, 530))
    assert _visit(just_outside, 44).dosage_s == 44
    assert (_visit(left, 50).dosage_s, _visit(left, 50).running, _visit(left, 50).away_left_s) == (40, False, 110)


def test_the_visit_says_how_many_of_how_many() -> None:
    """Nothing of one at first; from 60 s on this one is the first."""
    early, counted = _visit(_state(IN_BOX), 30), _visit(_state(at(0, 61, 400)), 60)
    assert (early.counts_in_s, counted.counts_in_s) == (30, 0)
    assert (early.number, early.crime_types, early.prescribed_s, early.done, early.prescribed_visits) == (
        2,
        ("robbery",),
        900,
        0,
        1,
    )
    assert (counted.counted, counted.done) == (True, 1)


def test_the_next_box_with_distance_and_bearing() -> None:
    """At x = 1,005 m the middle of box 3, 875 m, is 130 m west, that of box 1 is 630 m west."""
    seen = _seen(_state(at(0, 31, 1005)), 30)
    assert seen.next is not None
    assert (seen.next.number, seen.next.distance_m, seen.next.bearing) == (4, 130, 270)
    assert [(box.number, box.distance_m, box.status) for box in seen.boxes] == [(2, 630, "due"), (4, 130, "due")]
    eastwards = _seen(_state(at(0, 31, 100)), 30).next
    assert eastwards is not None
    assert (eastwards.number, eastwards.distance_m, eastwards.bearing) == (2, 275, 90)


def test_the_box_of_the_open_visit_is_not_the_next_one() -> None:
    """In box 1, whose own status is still due: the next is box 3."""
    seen = _seen(_state(IN_BOX), 30)
    assert seen.boxes[0].status == "due"
    assert seen.next == seen.boxes[1]


def test_without_a_position_boxes_have_no_distance_and_the_plan_gives_the_next() -> None:
    """The first due box of the plan."""
    seen = _seen(_state(Tick(1, NINE + 1, ntp=True), Tick(2, NINE + 2)), 2)
    assert seen.next is not None
    assert (seen.next.number, seen.next.distance_m, seen.next.bearing) == (2, None, None)
    assert (seen.position.quality, seen.position.age_s) == ("none", None)


def test_a_tactic_can_be_taken_back_for_5_seconds() -> None:
    """Tapped at 20: 2.6 s left at 22.4, none at 25, though it is still in use; taken back it is not."""
    state = _state(at(0, 21, 400), UseTactic(20, "lighting"))
    left = [_seen(state, mono).tactics[1].undo_left_s for mono in (20, 22.4, 25)]
    assert left == [5.0, 2.6, None]
    assert [tactic.active for tactic in _seen(state, 60).tactics] == [False, True]
    undone = _state(at(0, 21, 400), UseTactic(20, "lighting"), UndoTactic(24))
    assert not any(tactic.active for tactic in _seen(undone, 24).tactics)


def test_a_tactic_cannot_be_taken_back_later() -> None:
    """A tap after 5.1 s changes nothing."""
    state = _state(at(0, 31, 400), UseTactic(20, "lighting"), UndoTactic(25.1))
    assert _seen(state, 30).tactics[1].active


def test_where_the_car_is() -> None:
    """Held box, its number, the plane's metres; unknown once the position is lost, though the last one is shown."""
    here, lost = _seen(_state(IN_BOX), 30), _seen(_state(IN_BOX), 40)
    assert (here.box, here.box_number, here.position.quality, here.position.age_s) == ("1-0", 2, "good", 0)
    assert here.position.east == pytest.approx(400)
    assert (lost.box, lost.box_number, lost.position.quality, lost.position.age_s) == (None, None, "lost", 10)
    beyond = _seen(_state(at(0, 31, 2500)), 30)
    assert (beyond.box, beyond.box_number) == (None, None)


def test_the_shift_and_what_it_leaves() -> None:
    """At 09:00:30 nine hours less 30 s are left until 18:00."""
    seen = _seen(_state(IN_BOX), 30)
    assert (seen.shift, seen.shift_ends_in_s, seen.clock, seen.utc) == ("2026-03-02/day", 32_370, "gps", NINE + 30)
    assert seen.recorded > 0


def test_the_tactics_of_a_visit_come_first() -> None:
    """The plan's own in its order, those for its crime types, those for all, others; without a visit as listed."""
    tactics = (
        Tactic("lock-it", "Lock-it", ("theft",)),
        Tactic("anything", "Anything"),
        Tactic("shops", "Shops", ("robbery", "theft")),
        Tactic("talk", "Talk"),
        Tactic("lights", "Lights", ("burglary",)),
    )
    agency = replace(AGENCY, tactics=tactics)
    assigned = [replace(patrol(1), tactics=("lights", "talk"))]
    inside, outside = (meter(at(0, 31, x), patrols=assigned, run_on=0).state for x in (400, 1125))

    def order(state: State) -> list[str]:
        return [one.id for one in snapshot_of(agency, state, 30, LinkView(), GpsView(), ()).tactics]

    assert order(inside) == ["lights", "talk", "shops", "anything", "lock-it"]
    assert order(outside) == [one.id for one in tactics]


def test_nobody_is_called_back_to_a_visit_that_has_had_its_time() -> None:
    """Driven out after the prescribed minutes: on to the next box, as the prompt said; before them: come back."""
    done = _seen(_state(at(0, 905, 400), at(905, 926, 600)), 925)
    assert (done.mode, parts(done.headline)[0]) == ("patrol", "NEXT BOX 4")
    assert _seen(_state(at(0, 40, 400), at(40, 61, 600)), 60).mode == "away"


def test_a_tactic_is_offered_in_its_hours() -> None:
    """Shops by day, a late walk at night; one in use stays, and all are there while the time is not known."""
    shops = Tactic("shops", "Business check", hours=((540, 1260),))
    late = Tactic("late", "Late walk", hours=((1320, 240),))
    agency = replace(AGENCY, tactics=(*TACTICS, shops, late))

    def offered(state: State) -> set[str]:
        seen = snapshot_of(agency, state, 40, LinkView(), GpsView(), ())
        return {one.id for one in seen.tactics}

    state = _state(IN_BOX)
    hour = datetime.fromtimestamp(state.utc(40), agency.calendar.zone).hour
    expected = {"foot-patrol", "lighting"} | {one.id for one in (shops, late) if one.at(60 * hour)}
    assert offered(state) == expected
    assert len(expected) == 3
    (lacking,) = {"shops", "late"} - expected
    using = replace(state, tactic=ActiveTactic(lacking, 39.0, "x:y:1"))
    assert offered(using) == expected | {lacking}
    unset = replace(state, clock=replace(state.clock, state="none"))
    assert offered(unset) == {"foot-patrol", "lighting", "shops", "late"}
