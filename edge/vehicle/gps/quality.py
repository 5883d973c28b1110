"""What a receiver's own figures say of a fix: its quality, its accuracy in metres and what is worth flagging.

Accuracy is metres, 68 % horizontal; of several figures the worst counts: the one that did not follow the sky in time is
always the better one. Nothing here refuses a fix: the meter judges by accuracy and flags.
"""

import math
from collections.abc import Iterable

PER_HDOP = 5.0  # m for each unit of HDOP
ASSUMED = 15.0  # m, of a receiver that gives neither HDOP nor error: usable, and flagged
WORST = 100_000.0  # m: beyond it a figure says no more, and an infinite one has no place in JSON
FEWEST = 4  # satellites; with fewer the receiver assumes its height, and is wrong by it
RADIUS_95 = 1.73  # distances r.m.s. in the radius that holds 95 %
GPSD_PER_HDOP = (
    19.0,
    4.75,
    15.0,
    3.75,
)  # m of gpsd's eph for each unit of HDOP: versions, without and with corrections
LAG = 0.15  # of the dilution that made an error and the one reported last
AXIS_95 = 1.96  # standard deviations: gpsd's epx and epy are 95 % of one axis (15 m for a dilution of 1)

_FLAGS = {6: "dead_reckoning", 7: "manual", 8: "simulated"}
_OF_MODE = {"D": 2, "R": 4, "F": 5, "E": 6, "M": 7, "S": 8}


def quality_of_mode(mode: str) -> int:
    """The GGA quality of an FAA mode letter."""
    return _OF_MODE.get(mode, 1)


def quality_of_modes(modes: str) -> int:
    """The GGA quality of a letter for each constellation: the best one counts, for the others need not contribute."""
    return next((quality_of_mode(one) for one in "RFDPAEMS" if one in modes), 0)


def worst_quality(qualities: Iterable[int]) -> int:
    """Of what several sentences say, the first that satellites did not give; where there is none, the first."""
    known = [*qualities]
    return next((one for one in known if one in _FLAGS), known[0])


def flags_of(quality: int) -> tuple[str, ...]:
    """Flags for a GGA quality: a position that satellites alone did not give."""
    return (_FLAGS[quality],) if quality in _FLAGS else ()


def accuracy_of(
    hdop: float | None, satellites: int | None, *errors: float | None, flat: bool = False
) -> tuple[float, tuple[str, ...]]:
    """Accuracy and flags from dilution, satellites used and the receiver's own ``errors``; None where not reported.

    ``flat``: the receiver says that it has no height.
    """
    few = flat or (satellites is not None and satellites < FEWEST)
    by_dilution = None if hdop is None else PER_HDOP * hdop * (2 if few else 1)
    known = [one for one in (by_dilution, *errors) if one is not None]
    flags = ("no_satellites",) if satellites == 0 else ("few_satellites",) if few else ()
    if not known:
        return ASSUMED * (2 if few and not flat else 1), (*flags, "accuracy_assumed")
    return min(max(known), WORST), flags


def by_axis_errors(epx: float, epy: float) -> float:
    """Accuracy from gpsd's 95 % errors in longitude and latitude, metres."""
    return min(math.hypot(epx, epy) / AXIS_95, WORST)


def by_radial_error(eph: float | None, hdop: float | None) -> float | None:
    """Accuracy from gpsd's error in the plane, metres; None where that says no more than the dilution.

    "Certainty unknown", says gpsd: it is the receiver's own where that gives one, else gpsd's product of the dilution,
    which is 95 %. Without a dilution nobody can tell, and it is read as the latter.
    """
    if eph is None:
        return None
    if hdop is None:
        return min(eph / RADIUS_95, WORST)
    of_dilution = any(abs(eph / (hdop * one) - 1) <= LAG for one in GPSD_PER_HDOP)
    return None if of_dilution else min(eph, WORST)


def course_of(degrees: object) -> float | None:
    """A course over ground in degrees from true north, below 360; None where the receiver gave none, or no such."""
    return float(degrees) % 360.0 if isinstance(degrees, int | float) and 0 <= degrees <= 360 else None  # noqa: PLR2004 - a full turn
