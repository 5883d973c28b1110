"""Kinds of record: what is to be patrolled, and what that was made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from edge.domain.events.kind import EventKind, Role, Unknown

__all__ = [
    "BoxFeedback",
    "BoxSkipped",
    "ChangeEnd",
    "ChangeEnded",
    "ChangeReason",
    "Feedback",
    "ForecastMade",
    "PatrolAdded",
    "PatrolSuppressed",
    "PlanAdopted",
    "PlanComputed",
    "PlanSource",
    "Role",
    "SkipReason",
]

PlanSource: TypeAlias = Literal["approved", "vehicle"]

ChangeReason: TypeAlias = Literal[
    "recent_crime", "request", "event", "road_closed", "unsafe", "police_operation", "other"
]
SkipReason: TypeAlias = Literal["road_closed", "unsafe", "supervisor", "crowd", "next"]
"""Why a car does not go to a box now; ``next``: another one is wanted, and nothing is said of why."""

Feedback: TypeAlias = Literal["wrong_hour", "quiet", "blocked"]
"""What officers say of a box: its trouble comes at another hour; nothing is the matter there; nobody gets in."""

ChangeEnd: TypeAlias = Literal["expired", "replaced", "decided", "not_allowed"]
"""Its time was over; a later change of the same box; a newer signed plan said something new of the box; the agency's
bundle no longer allows it."""


@dataclass(frozen=True, slots=True)
class PlanAdopted(EventKind):
    """A plan took force. ``digest``: SHA-256 of its signed document; ``suppressed``: box ids with the reason."""

    OF_INSTANT = True

    plan_shift: str
    district: str
    version: int
    source: PlanSource | Unknown
    digest: str
    boxes: tuple[str, ...]
    suppressed: tuple[tuple[str, str], ...] = ()
    type: Literal["plan_adopted"] = "plan_adopted"


@dataclass(frozen=True, slots=True)
class ForecastMade(EventKind):
    """Risk was computed for a shift. ``models``: each crime type's model by its SHA-256.

    ``inputs``: SHA-256 of all it was made of: bundle, context (number ``context``, 0 for none), shift; ``output``: of
    every box's risk, in units of 10⁻⁶ incidents; ``refused``: of each model that was not used the crime type and a
    code of the catalogue, from older vehicles a sentence.
    """

    OF_INSTANT = True

    forecast_shift: str
    models: tuple[tuple[str, str], ...]
    context: int
    inputs: str
    output: str
    refused: tuple[str, ...] = ()
    type: Literal["forecast_made"] = "forecast_made"


@dataclass(frozen=True, slots=True)
class PlanComputed(EventKind):
    """The vehicle drew a plan from its own forecast. ``inputs``: SHA-256 of all that the draw was made of.

    ``seed``: the draw's, which agency, date, shift and district give; ``boxes``: each box drawn, and with what
    probability, in units of 10⁻⁶.
    """

    OF_INSTANT = True

    plan_shift: str
    district: str
    seed: str
    inputs: str
    boxes: tuple[tuple[str, int], ...]
    type: Literal["plan_computed"] = "plan_computed"


@dataclass(frozen=True, slots=True)
class PatrolAdded(EventKind):
    """A directed patrol was added in this car, until ``expires``; ``digest``: of the plan that it adds to, if any."""

    OF_INSTANT = True

    plan_shift: str
    box: str
    crime_types: tuple[str, ...]
    reason: ChangeReason | Unknown
    role: Role | Unknown
    expires: datetime
    digest: str
    type: Literal["patrol_added"] = "patrol_added"


@dataclass(frozen=True, slots=True)
class PatrolSuppressed(EventKind):
    """A directed patrol was suppressed in this car, until ``expires``; ``digest``: of the plan that has it, if any."""

    OF_INSTANT = True

    plan_shift: str
    box: str
    reason: ChangeReason | Unknown
    role: Role | Unknown
    expires: datetime
    digest: str
    type: Literal["patrol_suppressed"] = "patrol_suppressed"


@dataclass(frozen=True, slots=True)
class ChangeEnded(EventKind):
    """What this car added or suppressed holds no longer; ``change``: the record that made it."""

    change: str
    box: str
    reason: ChangeEnd | Unknown
    type: Literal["change_ended"] = "change_ended"


@dataclass(frozen=True, slots=True)
class BoxSkipped(EventKind):
    """A box is not offered to this car ``until`` then; the plan is as it was."""

    OF_INSTANT = True
    INSTANTS = ("until",)

    box: str
    reason: SkipReason | Unknown
    until: datetime
    type: Literal["box_skipped"] = "box_skipped"


@dataclass(frozen=True, slots=True)
class BoxFeedback(EventKind):
    """What the officer says of a box, for analysts to read. Nothing is metered, planned or trained by it."""

    OF_INSTANT = True

    box: str
    feedback: Feedback | Unknown
    type: Literal["box_feedback"] = "box_feedback"


OfPlans: TypeAlias = (
    PlanAdopted | ForecastMade | PlanComputed | PatrolAdded | PatrolSuppressed | ChangeEnded | BoxSkipped | BoxFeedback
)
