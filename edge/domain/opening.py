"""When a visit may open, and opening it. The conditions are in this folder's README, *Visits*."""

from edge.domain.events import TaskReason
from edge.domain.flagged import Flagged
from edge.domain.grid import Cell
from edge.domain.meter import Kind, Opening, Signal
from edge.domain.plan import DirectedPatrol, at_cap, is_early
from edge.domain.state import Setting, State
from edge.domain.track import Stay
from edge.domain.turn import Turn
from edge.domain.values import evolve


def assigned(turn: Turn, cell: Cell) -> DirectedPatrol | None:
    """The directed patrol that a visit in a cell would fulfil now, its cap aside: signed in, on patrol, in the plan."""
    state = turn.state
    if state.officer is None or state.pause is not None or state.plan is None:
        return None
    return state.plan.patrol(cell)


def may_open(turn: Turn, mono: float, cell: Cell) -> bool:
    """Whether arriving in a cell now would open a visit."""
    patrol = assigned(turn, cell)
    return patrol is not None and not _full(turn, patrol, mono)


def enter(turn: Turn, mono: float, *, opened: float, dosage_s: float, left: float, flagged: Flagged = None) -> None:
    """The car has arrived in the cell it is held in: open a visit there, or mark the stay as at its cap.

    ``opened``: since when (``mono``); ``dosage_s``: trusted seconds since, of which ``flagged`` had flags; ``left``:
    when another open visit ended.
    """
    state = turn.state
    stay = state.track.stay
    assert stay is not None  # noqa: S101 - the caller has a held cell
    patrol = assigned(turn, stay.cell)
    if patrol is None or state.shift is None or state.officer is None or stay.at_cap:
        return
    if _full(turn, patrol, mono):
        turn.set(track=evolve(state.track, stay=evolve(stay, at_cap=True)))
        return
    early = is_early(patrol, state.shift.id, state.visits, state.utc(opened))
    opening = _opening(turn, patrol, opened, dosage_s=dosage_s, early=early, flagged=flagged)
    turn.signal(Signal(Kind.ENTERED, utc=state.utc(left), reason="moved_on", opening=opening), mono)


def by_choice(setting: Setting, stay: Stay) -> DirectedPatrol:
    """What a visit of the officer's own choice prescribes, its caps too: the agency's default."""
    return DirectedPatrol(stay.cell, (), setting.policy.default)


def not_by_choice(setting: Setting, state: State, stay: Stay, mono: float) -> str | None:
    """Why no visit of the officer's own choice may open in a stay: a key of ``not_now``; None where one may."""
    if state.officer is None or state.pause is not None:
        return "signed_out" if state.officer is None else "in_pause"
    if state.shift is None or state.track.lost:
        return "no_position"
    if (why := _not_this_box(setting, state, stay)) is not None:
        return why
    full = at_cap(by_choice(setting, stay), state.shift.id, state.visits, state.utc(mono))
    return "box_at_cap" if full else None if stay.arrived else "not_inside"


def _not_this_box(setting: Setting, state: State, stay: Stay) -> str | None:
    box, listed = setting.grid.boxes.get(stay.cell), state.plan and state.plan.listed(stay.cell)
    if box is None or box.opt_out:
        return "outside" if box is None else "opt_out"
    if listed:
        return "suppressed" if listed.suppressed else "assigned"
    return "visiting" if state.visit is not None and state.visit.cell == stay.cell else None


def enter_by_choice(turn: Turn, mono: float, reason: TaskReason) -> None:
    """Open a visit where the car has arrived, in a box that no plan assigns; like an early one it counts to the caps.

    The caller has made sure that it may. The choice holds for the stay: it opens anew after a shift's end.
    """
    turn.settle(mono)
    track = turn.state.track
    assert track.stay is not None  # noqa: S101 - as above
    patrol = by_choice(turn.setting, track.stay)
    turn.set(track=evolve(track, stay=evolve(track.stay, tasked=reason)))
    opening = _opening(turn, patrol, mono, dosage_s=0.0, early=True, tasked=reason)
    turn.signal(Signal(Kind.ENTERED, utc=turn.state.utc(mono), reason="moved_on", opening=opening), mono)


def _opening(
    turn: Turn,
    patrol: DirectedPatrol,
    opened: float,
    *,
    dosage_s: float,
    early: bool,
    flagged: Flagged = None,
    tasked: TaskReason | None = None,
) -> Opening:
    """A visit of the officers who are signed in, in the shift that runs: the caller has made sure of both."""
    state = turn.state
    assert state.shift is not None  # noqa: S101 - as the docstring says
    assert state.officer is not None  # noqa: S101 - as above
    return Opening(
        id=turn.next_id(skip=_records_before(turn)),
        patrol=patrol,
        shift=state.shift.id,
        officer=state.officer,
        second=state.second,
        opened=state.utc(opened),
        dosage_s=dosage_s,
        early=early,
        flagged=flagged,
        tasked=tasked,
    )


def reconsider(turn: Turn, mono: float, *, runs: bool = True) -> None:
    """A condition came true at ``mono``: ``runs`` may open a visit from now on; one opens where the car has arrived."""
    turn.settle(mono)
    track = turn.state.track
    if runs:
        turn.set(track=evolve(track, runs=evolve(track.runs, opens=mono, opens_s=0.0, opens_flagged=None)))
    stay, visit = track.stay, turn.state.visit
    here = visit is not None and stay is not None and visit.cell == stay.cell
    if stay is None or not stay.arrived or track.lost or here:
        return
    if stay.tasked is not None and not_by_choice(turn.setting, turn.state, stay, mono) is None:
        enter_by_choice(turn, mono, stay.tasked)
    else:
        enter(turn, mono, opened=mono, dosage_s=0.0, left=mono)


def _full(turn: Turn, patrol: DirectedPatrol, mono: float) -> bool:
    state = turn.state
    return state.shift is not None and at_cap(patrol, state.shift.id, state.visits, state.utc(mono))


def _records_before(turn: Turn) -> int:
    """How many records come before the one that opens the visit: another visit's closing, where there is one."""
    return 0 if turn.state.visit is None else 1
