"""Where the car truly is in each case of the simulation, once a second. Box 1 of the made plane is the assigned one."""

import random
from collections.abc import Iterator
from math import cos, pi, sin

from tests.jitter.simulation import Truth

BOX = (1, 0)
WEST, EAST, SOUTH, NORTH = 250.0, 500.0, 0.0, 250.0
MIDDLE = 125.0
HALF_DIAGONAL = 177.0
SPEED = 13.4  # m/s, 30 mph
BRAKE = 2.0  # m/s²
RUN_UP_M = 400.0


def through(hours: float) -> Iterator[Truth]:
    """Drives through the box and parks 5 m inside its far edge."""
    return _park(EAST - 5.0, MIDDLE, hours)


def just_inside(hours: float) -> Iterator[Truth]:
    """Drives over the near edge and parks 5 m behind it: never 10 m inside."""
    return _park(WEST + 5.0, MIDDLE, hours)


def outside(hours: float) -> Iterator[Truth]:
    """Drives along a street 10 m south of the box and parks at the middle of its side."""
    return _park((WEST + EAST) / 2.0, SOUTH - 10.0, hours)


def _park(stop_x: float, y: float, hours: float) -> Iterator[Truth]:
    """Eastwards from beyond the box's near edge at 30 mph, brake, stand for some hours."""
    start_x = WEST - RUN_UP_M
    braking_s = SPEED / BRAKE
    cruising_s = (stop_x - SPEED * braking_s / 2.0 - start_x) / SPEED
    stopped_s = cruising_s + braking_s
    for second in range(int(stopped_s + hours * 3600.0) + 1):
        left_s = max(stopped_s - second, 0.0)
        if left_s > braking_s:
            yield Truth(second, start_x + SPEED * second, y, SPEED)
        else:
            yield Truth(second, stop_x - BRAKE * left_s**2 / 2.0, y, BRAKE * left_s)


def passing(chance: random.Random, least_m: float, clear_m: float) -> Iterator[Truth]:
    """A straight pass at 30 mph of which ``least_m`` or more lie ``clear_m`` or more inside the box's edge.

    Among such lines every one is as likely as any other: heading and distance from the box's middle are uniform.
    """
    while True:
        heading, offset = chance.uniform(0.0, 2.0 * pi), chance.uniform(-HALF_DIAGONAL, HALF_DIAGONAL)
        east, north = cos(heading), sin(heading)
        x, y = (WEST + EAST) / 2.0 - offset * north, (SOUTH + NORTH) / 2.0 + offset * east
        enters, leaves = _chord(x, y, east, north, clear_m)
        if leaves - enters >= least_m:
            break
    begins = enters - RUN_UP_M - chance.uniform(0.0, SPEED)
    for second in range(int((leaves - begins + RUN_UP_M) / SPEED)):
        along = begins + SPEED * second
        yield Truth(second, x + along * east, y + along * north, SPEED)


def _chord(x: float, y: float, east: float, north: float, clear_m: float) -> tuple[float, float]:
    """Where a line from a point enters and leaves the box less a rim, metres along it; reversed where it misses."""
    across = sorted([(WEST + clear_m - x) / east, (EAST - clear_m - x) / east])
    up = sorted([(SOUTH + clear_m - y) / north, (NORTH - clear_m - y) / north])
    return max(across[0], up[0]), min(across[1], up[1])
