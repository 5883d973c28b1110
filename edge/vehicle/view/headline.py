"""The one thing the screen says: the mode, and its headline as a code with values. The words are the catalogue's."""

from typing import Any, Final

from edge.domain.meter import Phase
from edge.domain.state import State
from edge.domain.track import Quality
from edge.text.words import Notice, Severity
from edge.vehicle.view.snapshot import BoxView, Mode, VisitView

SEVERITY: Final[dict[Mode, Severity]] = {"lost": "fault", "uncertain": "warning", "no_plan": "warning"}
"""Of a mode that is no ordinary one."""

LEADS_ON: Final[tuple[Mode, ...]] = ("move_on", "over_stay", "at_cap", "patrol")
"""Modes whose headline names the next box."""


def mode_of(state: State, quality: Quality, mono: float) -> Mode:  # noqa: PLR0911 - one line a mode, in order
    """What weighs most now."""
    visit = state.visit
    if state.officer is None:
        return "signed_out"
    if state.pause is not None:
        return "paused"
    if quality == "none" or state.shift is None:
        return "starting"
    if quality == "lost":
        return "lost"
    if visit is not None and visit.phase is Phase.AWAY and visit.away_until >= mono and not visit.prompted:
        return "away"  # a visit that has had its time needs nobody back
    if quality == "uncertain":
        return "uncertain"
    if visit is not None and visit.phase is Phase.OPEN:
        return "over_stay" if visit.overstayed else "move_on" if visit.prompted else "visit"
    if state.track.stay is not None and state.track.stay.at_cap:
        return "at_cap"
    return "no_plan" if state.plan is None else "patrol"


def headline_of(
    mode: Mode, state: State, visit: VisitView | None, coming: BoxView | None, mono: float, here: int | None
) -> Notice:
    """The headline of a mode. ``coming``: the next box; ``here``: the number of the box the car is in.

    A value whose name ends with ``_s`` is a clock, which runs on between snapshots.
    """
    values: dict[str, Any] = {}
    if mode == "paused" and state.pause is not None:
        values = {"reason": state.pause.reason, "paused_s": mono - state.pause.since}
    elif mode == "lost":
        last = state.track.last
        values = {"lost_s": mono - last.mono if last else 0.0}
        values |= {"held_s": held} if (held := _held_s(visit)) is not None else {}
    elif mode in ("visit", "move_on", "over_stay", "away") and visit is not None:
        values = _of_visit(mode, visit)
    if mode in LEADS_ON:
        values |= {"next": coming.number if coming else None}
    if mode == "at_cap":
        values |= {"here": here}
    if mode == "patrol" and coming is not None and coming.distance_m is not None:
        values |= {"distance_m": coming.distance_m, "bearing": coming.bearing}
    asked = "_asked" if mode == "paused" and state.pause is not None and state.pause.asks(mono) else ""
    return Notice(f"headline.{mode}{_variant(mode, visit, coming)}{asked}", values, SEVERITY.get(mode, "info"))


def _of_visit(mode: Mode, visit: VisitView) -> dict[str, Any]:
    left = visit.prescribed_s - visit.dosage_s
    clocks: dict[Mode, dict[str, Any]] = {
        "visit": {"crime_types": visit.crime_types, "left_s": left},
        "over_stay": {"over_s": -left},
        "away": {"away_s": visit.away_left_s or 0.0},
    }
    return {"number": visit.number, **clocks.get(mode, {})}


def _held_s(visit: VisitView | None) -> float | None:
    """How long a visit still waits for the car to be back in its box, or for its position; None where none does."""
    return None if visit is None else visit.away_left_s


def _variant(mode: Mode, visit: VisitView | None, coming: BoxView | None) -> str:
    """Which of a mode's headlines: with a visit or without, with a next box or without."""
    if mode == "uncertain" or (mode == "lost" and _held_s(visit) is not None):
        return "_in_visit" if visit is not None else ""
    if mode == "visit" and visit is not None and visit.tasked is not None:
        return "_tasked"
    if mode in LEADS_ON and coming is None:
        return "_nothing_due"
    return "_without_position" if mode == "patrol" and coming is not None and coming.distance_m is None else ""
