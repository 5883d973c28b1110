"""A unit's status at dispatch: busy pauses its meter as a call, available ends a call.

The newest status counts, and only until it expires, which it does unless dispatch repeats it. An officer's tap of a
pause or a resume that is later than the status began wins. A pause whose status was not repeated goes on, and the
officer is asked whether it lasts: nobody knows what was missed. Must not end a break, nor a pause it has to ask about.
"""

from typing import Final

from edge.domain.inputs import HearStatus
from edge.domain.pausing import pause_by_dispatch, resume_by_dispatch
from edge.domain.turn import Turn
from edge.domain.unit_status import UnitStatus
from edge.domain.values import evolve

LATE_S: Final = 1.0
"""A status that is known as late as this, or later, is recorded with the instant it began."""


def on_status(turn: Turn, heard: HearStatus) -> None:
    """The newest status is the one that counts; the same once more lasts for longer."""
    held, new = turn.state.dispatch, heard.status
    if held is None or (new.since, new.until) > (held.since, held.until):
        turn.set(dispatch=new)


def heed(turn: Turn, mono: float) -> None:
    """Pause or go on as the status in force says; nothing where it says nothing new."""
    state, status = turn.state, turn.state.dispatch
    if status is None or state.officer is None or not state.clock.trusted:
        return
    utc, paused = state.utc(mono), state.pause
    if state.tapped is not None and status.since <= min(state.tapped, utc):
        return
    if status.busy:
        _busy(turn, status, mono, utc)
    elif paused is not None and paused.reason == "call" and not paused.lapsed(mono):
        if utc < status.until:
            resume_by_dispatch(turn, mono, _ago(turn, status, utc))
        else:
            turn.set(pause=evolve(paused, lapses=mono))


def _busy(turn: Turn, status: UnitStatus, mono: float, utc: float) -> None:
    paused, lapses = turn.state.pause, mono + status.until - utc
    if paused is None and lapses > mono:
        pause_by_dispatch(turn, mono, _ago(turn, status, utc), lapses)
    elif paused is not None and paused.lapses is not None and lapses > paused.lapses:
        turn.set(pause=evolve(paused, lapses=lapses))


def _ago(turn: Turn, status: UnitStatus, utc: float) -> float:
    """How long ago the status began, but not before the officer signed in; 0 where it was not late. Seconds."""
    duty = turn.state.duty
    since = status.since if duty is None else max(status.since, duty.since)
    return utc - since if utc - since >= LATE_S else 0.0
