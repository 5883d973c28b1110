"""How the demo's car moves along a way: it gathers speed, slows for corners, waits at lights, and stands.

Positions are metres of the plane, once a second. Must not know of GPS or NMEA, and must not choose where to go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees, pi
from random import Random
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from edge.demo.streets import Leg, Streets

Floats: TypeAlias = NDArray[np.float64]

_ACCELERATE: Final = 1.6  # m/s²
BRAKE: Final = 2.0
_CORNER_SPEED: Final = 4.5
_CORNER_DEGREES: Final = 30.0
_STEP_M: Final = 1.0
_LIGHT_RED: Final = 0.3
_LIGHT_WAIT_S: Final = (6.0, 28.0)
_CROSSING: Final = 4  # main roads that meet where there are lights


@dataclass(frozen=True, slots=True)
class Motion:
    """Where the car truly is: metres of the plane, course in degrees from north, speed in m/s."""

    x: float
    y: float
    course: float
    speed: float


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch between two standstills: its points and the speed allowed on each segment."""

    points: Floats
    limits: Floats


def drive_along(streets: Streets, way: Sequence[Leg], random: Random, most: float = 99.0) -> list[Motion]:
    """A drive over a way, from standing to standing, at ``most`` m/s at the most; one motion a second."""
    motions: list[Motion] = []
    for run in _runs(streets, way, random, most):
        if motions:
            motions += stand(motions[-1], random.uniform(*_LIGHT_WAIT_S))
        motions += _roll(run)
    return motions


def stand(motion: Motion, seconds: float) -> list[Motion]:
    """The car stands where it is."""
    return [Motion(motion.x, motion.y, motion.course, 0.0)] * round(seconds)


def _runs(streets: Streets, way: Sequence[Leg], random: Random, most: float) -> Iterator[_Run]:
    """The way in stretches: a new one after each red light."""
    points: list[tuple[float, float]] = []
    limits: list[float] = []
    for leg in way:
        edge = streets.edges[leg.edge]
        line = substring(edge.line, leg.begin, leg.finish)
        if line.geom_type != "LineString" or not line.length:
            continue
        places = [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]
        points += places if not points else places[1:]
        limits += [min(edge.speed, most)] * (len(places) - 1)
        node = edge.end if leg.finish > leg.begin else edge.start
        mains = sum(streets.edges[index].arterial for index in streets.at[node])
        if leg is not way[-1] and mains >= _CROSSING and random.random() < _LIGHT_RED:
            yield _Run(np.array(points), np.array(limits))
            points, limits = [places[-1]], []
    if limits:
        yield _Run(np.array(points), np.array(limits))


def _roll(run: _Run) -> list[Motion]:
    """The run once a second, from the first second after the start to the standstill."""
    steps = np.diff(run.points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    places = np.linspace(0.0, along[-1], max(3, round(along[-1] / _STEP_M) + 1))
    speeds = _speeds(run, steps, along, places)
    seconds = np.concatenate([[0.0], np.cumsum(2.0 * np.diff(places) / (speeds[1:] + speeds[:-1]))])
    clock = np.arange(1.0, seconds[-1], 1.0)
    at = np.interp(clock, seconds, places)
    segment = np.clip(np.searchsorted(along, at, side="right") - 1, 0, len(lengths) - 1)
    motions = [
        Motion(float(x), float(y), degrees(atan2(steps[i, 0], steps[i, 1])) % 360.0, float(speed))
        for x, y, i, speed in zip(
            np.interp(at, along, run.points[:, 0]),
            np.interp(at, along, run.points[:, 1]),
            segment,
            np.interp(clock, seconds, speeds),
            strict=True,
        )
    ]
    final = degrees(atan2(steps[-1, 0], steps[-1, 1])) % 360.0
    motions.append(Motion(float(run.points[-1, 0]), float(run.points[-1, 1]), final, 0.0))
    return motions


def _speeds(run: _Run, steps: Floats, along: Floats, places: Floats) -> Floats:
    """The speed at each place: within limits and corners, and never braking or gathering speed too hard."""
    segment = np.clip(np.searchsorted(along, places, side="right") - 1, 0, len(run.limits) - 1)
    allowed = run.limits[segment]
    headings = np.arctan2(steps[:, 0], steps[:, 1])
    turns = np.abs((np.diff(headings) + pi) % (2.0 * pi) - pi)
    for corner in along[1:-1][np.degrees(turns) > _CORNER_DEGREES]:
        nearest = int(np.argmin(np.abs(places - corner)))
        allowed[nearest] = min(allowed[nearest], _CORNER_SPEED)
    allowed[0] = allowed[-1] = 0.0
    step = places[1] - places[0]
    for i in range(len(places) - 2, -1, -1):
        allowed[i] = min(allowed[i], (allowed[i + 1] ** 2 + 2.0 * BRAKE * step) ** 0.5)
    for i in range(1, len(places)):
        allowed[i] = min(allowed[i], (allowed[i - 1] ** 2 + 2.0 * _ACCELERATE * step) ** 0.5)
    return allowed
