"""What a receiver's own figures say of a fix: its accuracy in metres and what is worth flagging.

Accuracy is metres, 68 % horizontal. Nothing here refuses a fix: the meter judges by the accuracy.
"""

import math

PER_HDOP = 5.0  # m for each unit of HDOP
ASSUMED_HDOP = 3.0  # of a receiver that gives neither HDOP nor error: usable, and flagged
WORST = 100_000.0  # m: beyond it a figure says no more, and an infinite one has no place in JSON
FEWEST = 4  # satellites; with fewer the receiver assumes its height, and is wrong by it
AXIS_95 = 1.96  # standard deviations: gpsd's epx and epy are 95 % of one axis (15 m for a dilution of 1)

_FLAGS = {6: ("dead_reckoning",), 7: ("manual",), 8: ("simulated",)}


def flags_of(quality: int) -> tuple[str, ...]:
    """Flags for a GGA quality: a position that satellites alone did not give."""
    return _FLAGS.get(quality, ())


def by_hdop(hdop: float | None, satellites: int | None) -> tuple[float, tuple[str, ...]]:
    """Accuracy and flags from the dilution and the number of satellites used; None where not reported."""
    accuracy = min(PER_HDOP * (ASSUMED_HDOP if hdop is None else hdop), WORST / 2)
    flags = ("accuracy_assumed",) if hdop is None else ()
    if satellites is not None and 0 < satellites < FEWEST:
        return 2 * accuracy, (*flags, "few_satellites")
    return accuracy, flags


def by_axis_errors(epx: float, epy: float) -> float:
    """Accuracy from gpsd's 95 % errors in longitude and latitude, metres."""
    return min(math.hypot(epx, epy) / AXIS_95, WORST)


def course_of(degrees: object) -> float | None:
    """A course over ground in degrees from true north, below 360; None where the receiver gave none, or no such."""
    return float(degrees) % 360.0 if isinstance(degrees, int | float) and 0 <= degrees <= 360 else None  # noqa: PLR2004 - a full turn
