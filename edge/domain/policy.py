"""The agency's numbers: metering rules, caps, and what each crime type prescribes.

The defaults are those of the design's table of metering rules. Must not hold anything about a person or a place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CRIME_TYPES: Final = (
    "gunfire",
    "homicide",
    "aggravated_assault",
    "robbery",
    "burglary",
    "motor_vehicle_theft",
    "theft",
)
"""The FBI's Part 1 types, and gunfire. Nothing else may be prescribed, forecast or trained."""


@dataclass(frozen=True, slots=True)
class Metering:
    """When a visit starts, counts, rests and ends. Distances in metres, times in seconds, speeds in m/s."""

    arrive_inside_m: float = 10.0
    arrive_s: float = 5.0
    presence_s: float = 2.0
    leave_outside_m: float = 25.0
    leave_s: float = 10.0
    margin_accuracy_m: float = 10.0  # margins widen in proportion once the reported accuracy is worse than this
    return_s: float = 120.0
    parked_speed: float = 0.5
    parked_s: float = 10.0
    moving_speed: float = 1.5  # one fix this fast ends parked at once,
    moving_s: float = 5.0  # and so do fixes that are not slow for this long: a lone noisy one does not
    max_accuracy_m: float = 30.0
    stale_s: float = 3.0
    stale_intervals: float = 2.5
    lost_s: float = 10.0  # for a receiver slower than a fix every 3.3 s three times its own interval, at most 30 s
    counts_from_s: float = 60.0
    overstay_s: float = 300.0
    restart_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Prescription:
    """How much presence a box gets: minutes a visit, visits a shift, their spacing, and the caps."""

    minutes: float = 15.0
    visits: int = 1
    spacing_s: float = 7200.0
    cap_shift: int = 3
    cap_7_days: int = 7


@dataclass(frozen=True, slots=True)
class Policy:
    """The agency's policy: metering, the default prescription, and those of single crime types.

    ``own_plans``: whether a car without an approved plan may patrol by one that it has computed itself.
    ``any_id``: whether any id may sign in, without a PIN, to a car that has no roster.
    """

    metering: Metering = field(default_factory=Metering)
    default: Prescription = field(default_factory=Prescription)
    by_type: Mapping[str, Prescription] = field(default_factory=dict)
    own_plans: bool = True
    any_id: bool = True

    def prescription(self, crime_types: tuple[str, ...]) -> Prescription:
        """What a box with these crime types gets: the longest stay, the most visits, the tightest caps among them."""
        each = [self.by_type.get(crime_type, self.default) for crime_type in crime_types] or [self.default]
        return Prescription(
            minutes=max(one.minutes for one in each),
            visits=max(one.visits for one in each),
            spacing_s=min(one.spacing_s for one in each),
            cap_shift=min(one.cap_shift for one in each),
            cap_7_days=min(one.cap_7_days for one in each),
        )
