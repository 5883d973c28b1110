"""Who signed in: until they sign out, or until the car is used again after their shift.

A car that stood over the shift's end, off or asleep, does not go on in the name of who drove it then. It is judged by
the time that passed without the car's computer at work, whether it was switched off or not. Must not look at positions.
"""

from typing import Final

from edge.domain.driving import Happening, happen
from edge.domain.ending import end_visit
from edge.domain.events import SignedOut
from edge.domain.state import Duty
from edge.domain.turn import Turn
from edge.domain.values import evolve

EARLY_S: Final = 3600.0
"""Who signs in this long before a shift begins, or less, signs in for it."""


def signed_in(turn: Turn, mono: float) -> Duty:
    """The duty of an officer who signs in now."""
    return Duty(turn.state.utc(mono))


def after_start(turn: Turn, last_known: float | None, gap: float | None, boot: str) -> Duty | None:
    """The duty in a new life of the daemon: nobody was served since ``last_known`` (POSIX seconds), for ``gap``."""
    state = turn.state
    duty = state.duty
    if duty is None and state.officer is not None and last_known is not None:
        duty = Duty(last_known, carried=True)  # signed in under a version that kept no duty
    if duty is None or duty.off_since is not None or last_known is None:
        return duty
    if state.boot != boot:
        return evolve(duty, off_since=last_known, carried=True)
    return evolve(duty, off_since=last_known) if gap is not None and gap > turn.rules.restart_s else duty


def left_alone(turn: Turn, mono: float) -> None:
    """Where the engine, which ticks each second, has not for longer than a restart may take: the computer slept."""
    state = turn.state
    if state.duty is None or not state.ticks or mono - state.mono <= turn.rules.restart_s:
        return
    if state.duty.off_since is None:
        turn.set(duty=evolve(state.duty, off_since=state.utc(state.mono)))


def end_if_over(turn: Turn, mono: float) -> None:
    """Once time is trusted: sign out who signed in for a shift that ended while the car was not in use."""
    duty, utc = turn.state.duty, turn.state.utc(mono)
    if duty is None or duty.off_since is None or not turn.state.clock.trusted:
        return
    turn.set(duty=evolve(duty, off_since=None))
    over = turn.setting.calendar.shift_at(duty.since + EARLY_S).ends <= utc
    if over and utc - duty.off_since > turn.rules.restart_s:
        sign_out(turn, mono)


def sign_out(turn: Turn, mono: float) -> None:
    """The officer has left the vehicle: the visit ends, and so does a pause."""
    turn.settle(mono)
    end_visit(turn, "signed_out", mono)
    turn.record(SignedOut(), mono)
    driving, track = happen(turn.state.driving, Happening.CHANGED), turn.state.track
    if track.stay is not None and track.stay.tasked is not None:  # the next officer chooses anew
        turn.set(track=evolve(track, stay=evolve(track.stay, tasked=None)))
    turn.set(officer=None, role=None, second=None, second_role=None, duty=None, pause=None, driving=driving)
