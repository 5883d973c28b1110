"""What the display heeds of the car: where and when it is, whether it moves, what is news. Must not decide by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edge.contract.agency import Agency
from edge.domain.driving import Motion
from edge.domain.meter import Phase
from edge.domain.state import State
from edge.text.words import Notice
from edge.vehicle.view.headline import mode_of

NO_NEWS: Final = ("starting", "lost", "uncertain")
"""Modes of a receiver that comes and goes: in a garage all night, and no reason to light up a car."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. ``news``: whatever is worth lighting up for when it changes, None while a receiver is lost.

    ``lat``, ``lon``: degrees, the agency's center before the first position. ``utc``: POSIX seconds; None: unknown.
    """

    lat: float
    lon: float
    utc: float | None
    moving: bool
    visiting: bool
    news: tuple[object, ...] | None


def seen_in(agency: Agency, state: State, mono: float, notices: Iterable[Notice]) -> Seen:
    """A look at a committed state at a monotonic instant. ``notices``: what the screen warns of."""
    last, grid = state.track.last, agency.grid
    mode = mode_of(state, state.track.quality(mono, agency.policy.metering), mono)
    asked = state.pause is not None and state.pause.asks(mono)
    faults = tuple(one.code for one in notices if one.severity == "fault")
    return Seen(
        lat=grid.lat0 if last is None else last.lat,
        lon=grid.lon0 if last is None else last.lon,
        utc=None if state.clock.state == "none" else state.utc(mono),
        moving=state.driving.motion is not Motion.PARKED,
        visiting=state.visit is not None and state.visit.phase is Phase.OPEN,
        news=None if mode in NO_NEWS else (mode, asked, state.visit.box if state.visit else None, faults),
    )
