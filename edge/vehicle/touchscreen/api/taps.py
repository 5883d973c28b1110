"""What the screen tells: the officer's taps, each checked against the snapshot and posted to the engine.

Which taps there are is `edge.domain.taps`. An answer of 202 means posted; the stream then shows what came of it. Must
not decide what a tap does.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, get_args

from flask import Blueprint

from edge.contract.agency import Agency
from edge.domain.events import ChangeReason, Feedback, PauseReason, SkipReason, TaskReason
from edge.domain.inputs import Input
from edge.domain.policy import CRIME_TYPES
from edge.domain.taps import TAPS
from edge.domain.taps.changing import TO_SHIFT_END, AddBox, SuppressBox
from edge.vehicle.touchscreen.api.body import body
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal

taps = Blueprint("taps", __name__, url_prefix="/api/taps")

REASONS: Final = get_args(PauseReason)
CAUSES: Final = get_args(SkipReason)
PURPOSES: Final = get_args(TaskReason)
FEEDBACKS: Final = get_args(Feedback)
CHANGES: Final = get_args(ChangeReason)
_OFFICER: Final = re.compile(r"[A-Za-z0-9-]{1,12}")
_BOX: Final = re.compile(r"-?[0-9]{1,6}--?[0-9]{1,6}")
_MINUTES: Final = re.compile(r"[0-9]{1,3}")


@taps.post("/<name>")
def tap(name: str) -> tuple[dict[str, bool], int]:
    """A tap by its name in `TAPS`; a JSON object with the texts of its form, where it has any."""
    parts = parts_of()
    if name not in TAPS:
        raise Refusal(404, "refused.unknown_tap")
    given = {field: text_of(field, parts.screen.agency) for field in TAPS[name].form()}
    made: Any = TAPS[name]
    return post(name, lambda: partial(made, **given), given)


def _check_box(name: str, box: str) -> None:
    """Raises Refusal where the box that was chosen may not be changed so."""
    found = parts_of().explanation(box)
    why = "outside" if found is None else found.add if name == AddBox.NAME else found.suppress
    if why is not None:
        raise Refusal(409, f"not_now.{why}")


def post(
    name: str, make: Callable[[], Callable[[float], Input]], given: Mapping[str, str]
) -> tuple[dict[str, bool], int]:
    """Post what ``make`` makes of the request, if the tap may be made now, as it is ``given``. Raises Refusal."""
    parts = parts_of()
    shown = parts.screen.snapshot()
    if shown.driving == "driving" and not TAPS[name].for_glances(given):
        raise Refusal(409, "not_now.driving")
    if why := shown.not_now.get(name):
        raise Refusal(409, f"not_now.{why}")
    if name in CHANGES_OF_A_BOX:
        _check_box(name, given["box"])
    if not parts.rate.take():
        raise Refusal(429, "refused.too_many")
    parts.screen.post(make())
    return {"posted": True}, 202


def text_of(name: str, agency: Agency) -> str:
    """A text field of the request's JSON object. Raises Refusal."""
    value = body().get(name)
    if not isinstance(value, str):
        raise Refusal(400, "refused.field", name=name)
    if not FIELDS[name](value, agency):
        raise Refusal(400, f"refused.{name}", **LISTS)
    return value


CHANGES_OF_A_BOX: Final = (AddBox.NAME, SuppressBox.NAME)
"""Taps that may be made of one box and not of another."""

LISTS: Final = {
    "reasons": REASONS, "causes": CAUSES, "purposes": PURPOSES, "feedbacks": FEEDBACKS, "changes": CHANGES,
    "crime_types": CRIME_TYPES,
}  # fmt: skip
"""What a refusal may name."""

FIELDS: Final[Mapping[str, Callable[[str, Agency], bool]]] = {
    "officer": lambda value, _: _OFFICER.fullmatch(value) is not None,
    "reason": lambda value, _: value in REASONS,
    "box": lambda value, _: _BOX.fullmatch(value) is not None,
    "cause": lambda value, _: value in CAUSES,
    "purpose": lambda value, _: value in PURPOSES,
    "feedback": lambda value, _: value in FEEDBACKS,
    "change": lambda value, _: value in CHANGES,
    "crime_type": lambda value, _: value in CRIME_TYPES,
    "lasts": lambda value, _: value == TO_SHIFT_END or _MINUTES.fullmatch(value) is not None,
    "minutes": lambda value, _: _MINUTES.fullmatch(value) is not None,
    "tactic": lambda value, agency: value in (one.id for one in agency.tactics),
}
"""Whether a field of a tap may be so; `refused` in the catalogue has a sentence for each."""
