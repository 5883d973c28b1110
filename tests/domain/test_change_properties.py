"""Changes of a car's plan among anything else that may happen, drawn at random."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.events import ChangeEnded, Event, PatrolAdded, PatrolSuppressed
from edge.domain.grid import Box
from edge.domain.inputs import AddPatrol, Input, Start, SuppressPatrol
from edge.domain.meter import Phase
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.policy import Prescription
from edge.domain.roles import MAY_CHANGE
from edge.domain.state import State
from edge.vehicle.recorder import adapter
from tests.domain.scenes import ANY, Act, Stage, scenes
from tests.domain.script import SETTING
from tests.oracle_plane import NINE, PLANE

OPT_OUT = 0
"""A box that no scene's plan has to have, and where the car drives."""

GRID = replace(PLANE, boxes={**PLANE.boxes, (OPT_OUT, 0): Box((OPT_OUT, 0), 1, "1", "11", opt_out=True)})
RULE = Prescription(minutes=1.0, spacing_s=300.0, cap_shift=2)
GUARDED = replace(SETTING, grid=GRID, policy=replace(SETTING.policy, default=RULE))
ROLES = st.sampled_from([*MAY_CHANGE, *MAY_CHANGE, "officer"])
UNTIL = st.sampled_from([None, 5.0, 100.0, 1000.0, 1e6])
CRIMES = st.sampled_from([("robbery",), ("theft", "burglary"), ("drugs",)])


def _change(kind: type[AddPatrol] | type[SuppressPatrol], box: int, ahead: float | None, given: dict[str, Any]) -> Act:
    def act(stage: Stage) -> None:
        until = None if ahead is None else NINE + stage.now + stage.ahead + ahead
        stage.say(lambda mono: kind(mono, box=f"{box}-0", until=until, **given))

    return _named(f"{kind.__name__}({box}, {ahead}, {given})", act)


def _named(name: str, act: Act) -> Act:
    act.__qualname__ = act.__name__ = name
    return act


ADDED = st.builds(
    lambda box, ahead, role, crimes: _change(
        AddPatrol, box, ahead, {"role": role, "crime_types": crimes, "reason": "request"}
    ),
    st.integers(0, 5), UNTIL, ROLES, CRIMES,
)  # fmt: skip
SUPPRESSED = st.builds(
    lambda box, ahead, role: _change(SuppressPatrol, box, ahead, {"role": role, "reason": "unsafe"}),
    st.integers(0, 5), UNTIL, ROLES,
)  # fmt: skip
CHANGING = st.one_of(ANY, ANY, ADDED, SUPPRESSED)


def _states(inputs: list[Input]) -> list[tuple[State, tuple[Event, ...]]]:
    state, found = State("car-1", "test"), []
    for one in inputs:
        state, events = decide(GUARDED, state, one)
        found.append((state, events))
    return found


@given(scenes(CHANGING))
@settings(max_examples=150)
def test_no_change_outlives_its_shift_or_its_end(inputs: list[Input]) -> None:
    """At every input: each change is of the shift that runs, ends with it at the latest, and is not over yet.

    After a start deadlines are looked at with the next input, as all of them are.
    """
    for taken, (state, _) in zip(inputs, _states(inputs), strict=True):
        for one in state.changes:
            assert state.shift is not None
            assert one.shift == state.shift.id
            assert one.expires <= state.shift.ends
            over = state.clock.trusted and one.expires <= state.utc(state.mono)
            assert not over or isinstance(taken, Start)


@given(scenes(CHANGING))
@settings(max_examples=100)
def test_every_change_is_recorded_and_ends_once_with_a_record(inputs: list[Input]) -> None:
    """What the ledger has begun and not ended is what holds, a box at most once."""
    open_changes: dict[str, str] = {}
    for state, events in _states(inputs):
        for event in events:
            if isinstance(event.data, PatrolAdded | PatrolSuppressed):
                assert event.data.role in MAY_CHANGE
                open_changes[event.id] = event.data.box
            elif isinstance(event.data, ChangeEnded):
                assert open_changes.pop(event.data.change) == event.data.box
        assert open_changes == {one.id: one.patrol.box for one in state.changes}
        assert len({one.patrol.cell for one in state.changes}) == len(state.changes)


@given(scenes(CHANGING))
@settings(max_examples=100)
def test_a_box_is_added_within_the_protections_and_a_suppressed_one_has_no_visit(inputs: list[Input]) -> None:
    """No opt-out box, no other crime type, no cap but the policy's; a visit is never in a box suppressed now."""
    for state, _ in _states(inputs):
        plan = state.plan or Plan("", "", 0, ())
        for one in state.changes:
            if not one.patrol.suppressed and one.issued is None:
                assert not GRID.boxes[one.patrol.cell].opt_out
                assert one.patrol.crime_types != ("drugs",)
                assert one.patrol.prescription == RULE
        visit = state.visit
        if visit is not None and visit.phase is not Phase.NONE:
            listed = plan.listed(visit.cell)
            assert listed is None or not listed.suppressed


@given(scenes(CHANGING))
@settings(max_examples=60)
def test_a_recording_of_the_inputs_gives_the_same_records(inputs: list[Input]) -> None:
    """Written as the vehicle records them, and read again: the same decisions, to the last field."""
    read: list[Input] = [
        adapter(type(one).__name__).validate_json(adapter(type(one).__name__).dump_json(one)) for one in inputs
    ]
    assert read == inputs
    assert _states(read) == _states(inputs)
