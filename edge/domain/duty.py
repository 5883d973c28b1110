"""Who signed in: until they sign out, or until the car comes up again after their shift.

A car that stood off over the shift's end does not go on in the name of who drove it then. Must not look at positions.
"""

from typing import Final

from edge.domain.ending import end_visit
from edge.domain.events import SignedOut
from edge.domain.state import Duty, State
from edge.domain.turn import Turn
from edge.domain.values import evolve

EARLY_S: Final = 3600.0
"""Who signs in this long before a shift begins, or less, signs in for it."""


def signed_in(turn: Turn, mono: float) -> Duty:
    """The duty of an officer who signs in now."""
    return Duty(turn.state.utc(mono))


def after_boot(state: State, last_known: float | None) -> Duty | None:
    """The duty in a new boot: the computer was off since ``last_known`` (POSIX seconds), or longer."""
    duty = state.duty
    if duty is None and state.officer is not None and last_known is not None:
        duty = Duty(last_known)  # signed in under a version that kept no duty
    return duty if duty is None or duty.off_since is not None else evolve(duty, off_since=last_known)


def end_if_over(turn: Turn, mono: float) -> None:
    """Once time is trusted after a boot: sign out who signed in for a shift that has ended while the car was off."""
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
    turn.set(officer=None, duty=None, pause=None)
