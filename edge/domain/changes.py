"""What a car may change of its plan, and until when: a directed patrol added or suppressed by who may.

A change holds in this car at once, offline, on top of the newest plan issued for its shift, until it expires (at the
latest with the shift), a later one for its box replaces it, or a newer signed plan decides it. The rules are in this
folder's README, *Changes from a car*. Must not add an opt-out box, or lift a suppression that headquarters signed.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from edge.domain.change_inputs import AddPatrol, SuppressPatrol
from edge.domain.ending import end_suppressed
from edge.domain.events import ChangeEnd, ChangeEnded, PatrolAdded, PatrolSuppressed, instant
from edge.domain.grid import Box, parse_box_id
from edge.domain.opening import reconsider
from edge.domain.plan import Change, DirectedPatrol, Plan
from edge.domain.policy import CRIME_TYPES
from edge.domain.roles import MAY_CHANGE
from edge.domain.shift import Shift
from edge.domain.state import Setting, State
from edge.domain.turn import Turn

MOST_LAPSED: Final = 20
"""Changes over which the clock leapt: so many are remembered."""

Refusal: TypeAlias = Literal[
    "role",
    "signed_out",
    "no_shift",
    "over",
    "no_box",
    "opt_out",
    "crime_type",
    "assigned",
    "suppressed",
    "not_assigned",
]
"""Why a change is not made: the role may not; nobody is signed in; no shift runs; it would have ended by now; the
agency has no such box; the box is never offered; the crime type is none that may be patrolled for; the box is assigned
already; headquarters has suppressed it; there is nothing to suppress."""


def refusal(setting: Setting, state: State, given: AddPatrol | SuppressPatrol) -> Refusal | None:
    """Why a change may not be made now; None where it may."""
    if given.role not in MAY_CHANGE:
        return "role"
    if state.officer is None:
        return "signed_out"
    if state.shift is None:
        return "no_shift"
    since = state.utc(given.mono) if state.clock.trusted else state.shift.starts
    if not _expires(given, state.shift) > since:  # nor what is no instant
        return "over"
    if isinstance(given, AddPatrol):
        return _not_to_add(setting, state, given)
    box = _box(setting, given.box)
    return "no_box" if box is None else None if _assigned(state, box) else "not_assigned"


def _not_to_add(setting: Setting, state: State, given: AddPatrol) -> Refusal | None:
    box = _box(setting, given.box)
    if box is None:
        return "no_box"
    if box.opt_out:
        return "opt_out"
    if not given.crime_types or not set(given.crime_types) <= set(CRIME_TYPES):
        return "crime_type"
    if _assigned(state, box):
        return "assigned"
    issued = _issued(state, box)
    return "suppressed" if issued is not None and issued.suppressed else None


def on_add(turn: Turn, given: AddPatrol) -> None:
    """A directed patrol is added; one that the issued plan has, and this car suppressed, is again as issued."""
    state, box = turn.state, _box(turn.setting, given.box)
    if refusal(turn.setting, state, given) is not None or box is None or state.shift is None:
        return
    expires, issued = _expires(given, state.shift), _issued(state, box)
    rule = turn.setting.policy.prescription(given.crime_types)
    patrol = DirectedPatrol(box.cell, given.crime_types, rule) if issued is None else issued
    change = Change(turn.next_id(), state.shift.id, box.district, expires, patrol, issued, given.reason, given.role)
    said = PatrolAdded(
        state.shift.id, box.id, patrol.crime_types, given.reason, given.role, instant(expires), _digest(state)
    )
    turn.record(said, given.mono)
    _hold(turn, change, given.mono)


def on_suppress(turn: Turn, given: SuppressPatrol) -> None:
    """A directed patrol of the plan in force is suppressed: a visit in its box ends."""
    state, box = turn.state, _box(turn.setting, given.box)
    if refusal(turn.setting, state, given) is not None or box is None or state.shift is None or state.plan is None:
        return
    patrol = state.plan.patrol(box.cell)
    assert patrol is not None  # noqa: S101 - what is not assigned was refused
    expires, issued = _expires(given, state.shift), _issued(state, box)
    suppressed = replace(patrol, suppressed=given.reason)
    change = Change(turn.next_id(), state.shift.id, box.district, expires, suppressed, issued, given.reason, given.role)
    said = PatrolSuppressed(state.shift.id, box.id, given.reason, given.role, instant(expires), _digest(state))
    turn.record(said, given.mono)
    _hold(turn, change, given.mono)


def _hold(turn: Turn, change: Change, mono: float) -> None:
    """A change holds from now on, in place of an earlier one for its box."""
    was = assigned_here(turn)
    turn.settle(mono)
    drop(turn, (one for one in turn.state.changes if one.patrol.cell == change.patrol.cell), "replaced", mono)
    turn.set(changes=(*turn.state.changes, change))
    judge_anew(turn, mono, was_assigned=was)


def expire(turn: Turn, at: float) -> None:
    """The changes that hold until now are over; a box that they suppressed is assigned again."""
    was, utc = assigned_here(turn), turn.state.utc(at)
    turn.settle(at)
    end_expired(turn, (one for one in turn.state.changes if one.expires <= utc), at)
    judge_anew(turn, at, was_assigned=was)


def end_expired(turn: Turn, changes: Iterable[Change], at: float) -> None:
    """End some changes whose time is over; those over which the clock leapt hold again if it comes back."""
    ended, clock = tuple(changes), turn.state.clock
    drop(turn, ended, "expired", at)
    leapt = (one for one in ended if one.expires - clock.offset < clock.since)
    turn.set(lapsed=(*turn.state.lapsed, *leapt)[-MOST_LAPSED:])


def restore(turn: Turn, mono: float) -> None:
    """The clock was set: the changes over which it had leapt are made again, as far as they may be."""
    state = turn.state
    if not state.lapsed or state.shift is None or not state.clock.trusted:
        return
    again = [one for one in state.lapsed if one.shift == state.shift.id and one.expires > state.utc(mono)]
    if again:
        turn.set(lapsed=tuple(one for one in state.lapsed if one not in again))
    for one in again:
        if one.reason is None or one.role is None:
            continue
        if one.patrol.suppressed:
            on_suppress(turn, SuppressPatrol(mono, one.role, one.patrol.box, one.reason, one.expires))
        else:
            types = one.patrol.crime_types
            on_add(turn, AddPatrol(mono, one.role, one.patrol.box, types, one.reason, one.expires))


def next_expiry(state: State) -> float | None:
    """The monotonic instant at which a change expires before its shift ends; None where none does, or time is unknown.

    Those that hold to the shift's end are dropped with it.
    """
    if not state.changes or not state.clock.trusted or state.shift is None:
        return None
    until = min((one.expires for one in state.changes if one.expires < state.shift.ends), default=None)
    return None if until is None else max(until - state.clock.offset, state.clock.since)


def decide_by(turn: Turn, plan: Plan, mono: float) -> None:
    """Drop the changes that a plan that took force decides: a signed one that says something new of their boxes."""
    if plan.source == "approved":
        decided = (one for one in turn.state.changes if one.shift == plan.shift and _decides(plan, one))
        drop(turn, decided, "decided", mono)


def _decides(plan: Plan, change: Change) -> bool:
    return plan.listed(change.patrol.cell) != change.issued


def drop_forbidden(turn: Turn, mono: float) -> None:
    """After a start, with what may be another bundle: drop what could not be added any more."""
    forbidden = (one for one in turn.state.changes if not one.patrol.suppressed and not _may_stay(turn.setting, one))
    drop(turn, forbidden, "not_allowed", mono)


def _may_stay(setting: Setting, change: Change) -> bool:
    box = setting.grid.boxes.get(change.patrol.cell)
    return box is not None and not box.opt_out


def drop(turn: Turn, changes: Iterable[Change], reason: ChangeEnd, mono: float) -> None:
    """End some changes, each with a record."""
    for one in tuple(changes):
        turn.record(ChangeEnded(one.id, one.patrol.box, reason), mono)
        turn.set(changes=tuple(other for other in turn.state.changes if other is not one))


def assigned_here(turn: Turn) -> bool:
    """Whether the cell that the car's fixes lie in is assigned."""
    cell, plan = turn.state.track.runs.cell, turn.state.plan
    return cell is not None and plan is not None and plan.patrol(cell) is not None


def judge_anew(turn: Turn, mono: float, *, was_assigned: bool) -> None:
    """The plan in force is another: a visit in a suppressed box ends, one may open where the car has arrived."""
    end_suppressed(turn, mono)
    reconsider(turn, mono, runs=not was_assigned)


def _expires(given: AddPatrol | SuppressPatrol, shift: Shift) -> float:
    return shift.ends if given.until is None else min(given.until, shift.ends)


def _box(setting: Setting, box: str) -> Box | None:
    try:
        return setting.grid.boxes.get(parse_box_id(box))
    except ValueError:
        return None


def _issued(state: State, box: Box) -> DirectedPatrol | None:
    return state.issued.listed(box.cell) if state.issued is not None else None


def _assigned(state: State, box: Box) -> bool:
    return state.plan is not None and state.plan.patrol(box.cell) is not None


def _digest(state: State) -> str:
    return state.issued.digest if state.issued is not None else ""
