"""What other cars do in a box this shift: how often they visited it, and whether one is there. Must not say which."""

from typing import Final

from edge.domain.state import State

LONGEST_S: Final = 2 * 3600.0
"""A visit that began longer ago and has no end was lost with its car: none is prescribed for longer."""


def others_in(state: State, box: str, shift: str, utc: float) -> tuple[int, bool]:
    """Other cars' counted visits of a box that are over, and whether one goes on."""
    visits = [one for one in state.visits.of_box(box) if one.unit != state.unit and one.shift == shift]
    over = sum(one.counted and one.ended is not None for one in visits)
    return over, any(one.ended is None and utc - one.opened < LONGEST_S for one in visits)
