"""What a reader makes of a record that it cannot read whole: of newer software, or malformed. Never written."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.domain.events.kind import EventKind


@dataclass(frozen=True, slots=True)
class OtherRecord(EventKind):
    """Of a kind that only newer software knows: the name of its kind, and its fields as they came."""

    ON_DUTY = False

    type: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class UnreadableRecord(EventKind):
    """Of a kind that is known, and malformed; ``problem``: what is wrong with it, in words."""

    ON_DUTY = False

    type: str
    problem: str
