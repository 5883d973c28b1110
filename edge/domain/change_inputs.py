"""The two inputs by which a car's plan is changed in the car: `edge.domain.inputs` has the rest, and these."""

from dataclasses import dataclass

from edge.domain.events import ChangeReason, Role


@dataclass(frozen=True, slots=True)
class AddPatrol:
    """A directed patrol is added in this car. ``until``: POSIX seconds; None: to the end of the shift."""

    mono: float
    role: Role
    box: str
    crime_types: tuple[str, ...]
    reason: ChangeReason
    until: float | None = None


@dataclass(frozen=True, slots=True)
class SuppressPatrol:
    """A directed patrol is suppressed in this car. ``until``: POSIX seconds; None: to the end of the shift."""

    mono: float
    role: Role
    box: str
    reason: ChangeReason
    until: float | None = None
