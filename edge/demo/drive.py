"""The drive of one demo car through a shift: from box to box of the plan, with stays in each, as NMEA.

`edge.demo.guided` drives by the screen instead.

The same city, seed, start and length give the same bytes. Must not read a clock; whoever feeds it keeps the time.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from math import hypot
from random import Random
from typing import Final

from shapely.geometry import LineString

from edge.demo.city import City, edges_inside, square
from edge.demo.motion import Motion, drive_along, stand
from edge.demo.receiver import Receiver
from edge.demo.streets import Spot, Streets
from edge.domain.grid import BOX_M, Cell, centre

_INSIDE_M: Final = 35.0  # a stay's places lie this far inside
_CRUISE_SPEED: Final = 4.0
_STAY_S: Final = (255.0, 330.0)
_SHORT_STAY_S: Final = (75.0, 170.0)
_SHORT: Final = 0.12  # of all stays: called away
_PARKED_S: Final = (60.0, 120.0)
_CRUISE_LEAST_S: Final = 150.0  # of a stay left, before another round
_START_S: Final = (8.0, 20.0)
_APART: Final = 5


def drive(city: City, seed: int, start_utc: float, seconds: int) -> Iterator[tuple[float, bytes]]:
    """``(utc, sentences)`` once a second from ``start_utc``, ``seconds`` of them; a seed is a car."""
    return epochs(city, seed, motions(city, seed), start_utc, seconds)


def epochs(
    city: City, seed: int, truth: Iterable[Motion], start_utc: float, seconds: int
) -> Iterator[tuple[float, bytes]]:
    """What the receiver of a seed's car says of where it truly is."""
    receiver = Receiver(city.layout.tunnel, Random(f"receiver {seed}"))  # noqa: S311 - noise, not a secret
    for second, motion in zip(range(seconds), truth, strict=False):
        yield start_utc + second, receiver.epoch(start_utc + second, motion)


def motions(city: City, seed: int) -> Iterator[Motion]:
    """Where the car of a seed truly is, once a second, without an end."""
    random = Random(f"driver {seed}")  # noqa: S311 - a driver, not a secret
    streets = city.streets
    at = streets.nearest(*city.station)
    here = standing(streets, at)
    yield from stand(here, random.uniform(*_START_S))
    for cell in _tour(city.boxes, seed):
        goal = random.choice(spots_in(streets, cell))
        driven = drive_along(streets, streets.way(at, goal) or [], random)
        yield from driven
        seconds = random.uniform(*(_SHORT_STAY_S if random.random() < _SHORT else _STAY_S))
        stayed, at = stay(streets, cell, goal, (driven or [here])[-1], seconds, random)
        yield from stayed
        here = stayed[-1]


def _tour(boxes: Sequence[Cell], seed: int) -> Iterator[Cell]:
    """Boxes for ever: a round through all of them, nearest next, each car and each round from another one."""
    for number in cycle(range(len(boxes))):
        left = list(boxes)
        here = left[(seed * _APART + number * (_APART + 2)) % len(boxes)]
        while left:
            here = min(left, key=lambda cell: (hypot(cell[0] - here[0], cell[1] - here[1]), cell))
            left.remove(here)
            yield here


def stay(
    streets: Streets, cell: Cell, at: Spot, here: Motion, seconds: float, random: Random
) -> tuple[list[Motion], Spot]:
    """Parked in plain view, then slowly round the box, and again, until the time is over; and where that ends."""
    inside = set(edges_inside(streets, square(cell, 4.0)))
    spots = [spot for spot in spots_in(streets, cell) if spot.edge in inside | {at.edge}]
    stayed = [here]
    while (left := seconds - len(stayed)) > 1.0:
        stayed += stand(stayed[-1], min(left, random.uniform(*_PARKED_S)))
        goal = random.choice(spots)
        if left > _CRUISE_LEAST_S and (way := streets.way(at, goal, inside)):
            stayed += drive_along(streets, way, random, _CRUISE_SPEED)
            at = goal
    return stayed, at


def spots_in(streets: Streets, cell: Cell) -> list[Spot]:
    """Places in a box where a car may stop: the middle of each street's part that lies well inside.

    Where none does, the place on a street that is nearest to the box's middle.
    """
    inner = square(cell, _INSIDE_M)
    spots = []
    for index, edge in enumerate(streets.edges):
        part = edge.line.intersection(inner)
        if isinstance(part, LineString) and part.length > BOX_M / 10.0:
            middle = part.interpolate(0.5, normalized=True)
            spots.append(Spot(index, float(edge.line.project(middle))))
    return spots or [streets.nearest(*centre(cell))]


def standing(streets: Streets, at: Spot) -> Motion:
    """A car that stands at a spot."""
    point = streets.edges[at.edge].line.interpolate(at.along)
    return Motion(float(point.x), float(point.y), 0.0, 0.0)
