"""The meter's state as bytes, with a version, so that an update of the software takes up what an earlier one left.

A checkpoint of an earlier version is read with defaults for what it lacks. Of one by a newer version, whose meaning is
not known here, or that cannot be read whole, only what stands by itself is taken up: the visit is closed at its last
known second, and the position is looked for anew. Must not touch a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from edge.domain.meter import abandoned
from edge.domain.state import State
from edge.domain.visits import VisitSummary
from edge.text.words import Notice

VERSION: Final = 1
"""Raise it when a checkpoint would mislead the version before. 0, which had no number, had no changes of the car's."""

STATE: Final = TypeAdapter(State)
VISIT: Final = TypeAdapter(VisitSummary)
CHECKPOINT: Final = TypeAdapter(dict[str, Any])
LEFT_OUT: Final = {"visits", "waiting", "refused", "void", "plans", "outlooks"}
"""What is stored elsewhere, and what is reported anew after a restart: a checkpoint is written every 15 s."""

STANDS_ALONE: Final = (
    "boot", "mono", "clock", "lived", "marks", "shift", "officer", "role", "second", "second_role", "duty", "pause",
    "changes", "visit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was read: the state; the plans that it had adopted, each as shift, district and version; what was amiss."""

    state: State
    plans: tuple[Any, ...] = ()
    notice: Notice | None = None


def dump(state: State) -> bytes:
    """The state's checkpoint, without what is as in a new state: a default that changes raises `VERSION`."""
    kept = STATE.dump_python(state, mode="json", exclude=LEFT_OUT, exclude_defaults=True)
    plans = [[plan.shift, plan.district, plan.version] for plan in state.plans if plan.source == "approved"]
    return CHECKPOINT.dump_json({"version": VERSION, "state": kept, "plans": plans})


def load(body: bytes, empty: State) -> Checkpoint:
    """What a checkpoint says; of one that cannot be read whole what stands by itself, else ``empty``; with a notice."""
    try:
        kept = CHECKPOINT.validate_json(body)
        version, state = kept.get("version", 0), kept["state"]
    except (ValidationError, KeyError) as error:
        return Checkpoint(empty, (), _unreadable(error))
    notice = Notice("store.state_newer", {"version": str(version)[:20]}, "warning")
    if isinstance(version, int) and version <= VERSION:
        try:
            return Checkpoint(STATE.validate_python(state), tuple(kept["plans"]))
        except (ValidationError, KeyError, TypeError) as error:  # such as a value that only newer software knows
            notice = _unreadable(error)
    known, plans = _what_stands_alone(state, empty) if isinstance(state, dict) else empty, kept.get("plans")
    return Checkpoint(known, tuple(plans) if isinstance(plans, list) else (), notice)


def _unreadable(error: Exception) -> Notice:
    return Notice("store.state_unreadable", {"detail": type(error).__name__}, "fault")


def _what_stands_alone(kept: Mapping[str, Any], empty: State) -> State:
    """A state of the parts that can be read, each by itself; a visit among them is over."""
    own = {"unit": empty.unit, "ledger": empty.ledger, "seq": empty.seq}
    parts = {name: kept[name] for name in STANDS_ALONE if name in kept and _reads({**own, name: kept[name]})}
    state: State = STATE.validate_python({**own, **parts})
    if state.visit is None:
        return state
    clock_known = {"mono", "clock"} <= parts.keys()
    until = state.utc(_metered_until(kept, state)) if clock_known else state.visit.opened + state.visit.dosage_s
    return replace(state, visit=abandoned(state.visit, until, state.mono))


def _metered_until(kept: Mapping[str, Any], state: State) -> float:
    """The monotonic second up to which the visit was metered, as far as it is known."""
    settled = kept["track"].get("settled") if isinstance(kept.get("track"), dict) else None
    return min(settled, state.mono) if isinstance(settled, int | float) and settled > 0.0 else state.mono


def _reads(parts: Mapping[str, Any]) -> bool:
    try:
        STATE.validate_python(parts)
    except ValidationError:
        return False
    return True
