"""A unit's status at dispatch. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """What dispatch says of this unit. ``since``: when that began, ``until``: when it expires; POSIX seconds."""

    busy: bool
    since: float
    until: float
