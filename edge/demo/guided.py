"""A demo car that does what its screen says: drives to the box it offers, stays until told to move on, waits when told.

Must not know where the word of the screen comes from.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import hypot
from random import Random
from typing import Final, Literal, TypeAlias

import numpy as np

from edge.demo.city import DISTRICT, City, edges_inside
from edge.demo.drive import spots_in, standing, stay
from edge.demo.motion import BRAKE, Motion, drive_along, stand
from edge.demo.streets import Spot, Streets
from edge.domain.grid import Cell

Word: TypeAlias = Cell | Literal["wait", "roam"]
"""A box to go to; stay here; or nothing is due: drive about."""

Guide: TypeAlias = Callable[[], Word]

LOOK_S: Final = 3.0  # between two looks at the screen while the car stands
_STAY_S: Final = (100.0, 140.0)  # in the box, before the first look
_ROAM_STOP_S: Final = (10.0, 40.0)


def guided(
    city: City, seed: int, guide: Guide, start: tuple[float, float], district: str = DISTRICT
) -> Iterator[Motion]:
    """Where the car truly is, once a second, without an end; ``start``: metres of the plane."""
    random = Random(f"driver {seed}")  # noqa: S311 - a driver, not a secret
    here = standing(city.streets, city.streets.nearest(*start))
    anywhere = _anywhere(city, district)
    while True:
        for motion in _obey(city.streets, anywhere, here, guide, random):
            yield motion
            here = motion


def _obey(streets: Streets, anywhere: Sequence[Spot], here: Motion, guide: Guide, random: Random) -> Iterator[Motion]:
    """What the car does of a word, until it looks at the screen again."""
    word = guide()
    if word == "wait":
        yield from stand(here, LOOK_S)
        return
    goal = random.choice(anywhere if word == "roam" else spots_in(streets, word))
    yield here
    for motion in _trip(streets, here, goal, word, guide, random):
        yield motion
        here = motion
    there = standing(streets, goal)
    if hypot(here.x - there.x, here.y - there.y) > 1.0:
        return
    if word == "roam":
        yield from stand(here, random.uniform(*_ROAM_STOP_S))
    else:
        yield from stay(streets, word, goal, here, random.uniform(*_STAY_S), random)[0]


def _trip(streets: Streets, here: Motion, goal: Spot, word: Word, guide: Guide, random: Random) -> Iterator[Motion]:
    """The way to a goal, or as far as the screen does not offer another box: then the car brakes."""
    way = streets.way(streets.nearest(here.x, here.y), goal) or []
    motions = drive_along(streets, way, random)
    for number, motion in enumerate(motions):
        yield motion
        if guide() not in (word, "wait", "roam"):
            yield from _brake(motions[number:])
            return


def _brake(ahead: Sequence[Motion]) -> list[Motion]:
    """From a motion to a standstill on the way that lies ahead."""
    along = np.cumsum([0.0, *(hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(ahead))])
    speeds = np.arange(ahead[0].speed, 0.0, -BRAKE)
    places = np.cumsum((speeds + np.append(speeds[1:], 0.0)) / 2.0)
    if not len(places) or places[-1] > along[-1]:
        return list(ahead[1:])  # it stops there anyway
    at = np.searchsorted(along, places)
    xs, ys = np.interp(places, along, [one.x for one in ahead]), np.interp(places, along, [one.y for one in ahead])
    return [
        Motion(float(x), float(y), ahead[i].course, float(speed))
        for x, y, i, speed in zip(xs, ys, at, np.append(speeds[1:], 0.0), strict=True)
    ]


def _anywhere(city: City, district: str) -> list[Spot]:
    """The middle of every street of a district."""
    edges = city.streets.edges
    return [
        Spot(index, edges[index].line.length / 2.0) for index in edges_inside(city.streets, city.district(district))
    ]
