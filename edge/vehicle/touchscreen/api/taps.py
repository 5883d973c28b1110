"""What the screen tells: the officer's taps, each checked against the snapshot and posted to the engine.

An answer of 202 means posted; the stream then shows what came of it. Must not decide what a tap does.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Final, cast, get_args

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest, Conflict, TooManyRequests

from edge.domain.events import PauseReason
from edge.domain.inputs import Input, Pause, Resume, SignIn, SignOut, UndoTactic, UseTactic
from edge.domain.meter import Phase
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.view.snapshot import Snapshot

taps = Blueprint("taps", __name__, url_prefix="/api/taps")

REASONS: Final = get_args(PauseReason)
_OFFICER: Final = re.compile(r"[A-Za-z0-9-]{1,12}")
_POSTED: Final = ({"posted": True}, 202)


@taps.post("/sign-in")
def sign_in() -> tuple[dict[str, bool], int]:
    """``{"officer": id}``: an officer takes the vehicle."""
    officer = _field("officer")
    if not _OFFICER.fullmatch(officer):
        raise BadRequest("A badge number has 1 to 12 letters, digits or hyphens.")
    return _post(partial(SignIn, officer=officer))


@taps.post("/sign-out")
def sign_out() -> tuple[dict[str, bool], int]:
    """The officer leaves the vehicle."""
    _signed_in()
    return _post(SignOut)


@taps.post("/pause")
def pause() -> tuple[dict[str, bool], int]:
    """``{"reason": …}``, one of `PauseReason`: metering rests."""
    reason = _field("reason")
    if reason not in REASONS:
        raise BadRequest(f"A pause has one of these reasons: {', '.join(REASONS)}.")
    if _signed_in().paused is not None:
        raise Conflict("Patrol is already paused.")
    return _post(partial(Pause, reason=cast(PauseReason, reason)))


@taps.post("/resume")
def resume() -> tuple[dict[str, bool], int]:
    """Back on patrol."""
    if parts_of().screen.snapshot().paused is None:
        raise Conflict("Patrol is not paused.")
    return _post(Resume)


@taps.post("/tactic")
def tactic() -> tuple[dict[str, bool], int]:
    """``{"tactic": id}``: the officer begins a tactic."""
    chosen, parts = _field("tactic"), parts_of()
    if chosen not in (one.id for one in parts.screen.agency.tactics):
        raise BadRequest("That is not one of this agency's tactics.")
    visit = parts.screen.snapshot().visit
    if visit is None or visit.phase != Phase.OPEN:
        raise Conflict("Tactics are recorded during a visit; no visit is open.")
    return _post(partial(UseTactic, tactic=chosen))


@taps.post("/undo")
def undo() -> tuple[dict[str, bool], int]:
    """The last tactic tap was a mistake."""
    if all(one.undo_left_s is None for one in parts_of().screen.snapshot().tactics):
        raise Conflict("Too late to undo.")
    return _post(UndoTactic)


def _signed_in() -> Snapshot:
    snapshot = parts_of().screen.snapshot()
    if snapshot.officer is None:
        raise Conflict("No officer is signed in.")
    return snapshot


def _field(name: str) -> str:
    """A text field of the request's JSON object. Raises BadRequest."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # lists in lists, thousands deep
        body = None
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise BadRequest(f"This tap needs a JSON object with the text {name!r}.")
    return value


def _post(make: Callable[[float], Input]) -> tuple[dict[str, bool], int]:
    parts = parts_of()
    if not parts.rate.take():
        raise TooManyRequests("Too many taps at once. Wait a moment.")
    parts.screen.post(make)
    return _POSTED
