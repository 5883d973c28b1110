"""Where trouble comes from in the demo city: bars, shops, stops, homes, kerbs and corners, and their hours.

All invented, like the city: nothing is taken from a real place, and nobody lives there. Must not draw incidents.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, hypot, pi, sin
from random import Random
from typing import Final

from edge.demo.city import City
from edge.demo.layout import place
from edge.demo.streets import Edge, Node

MONTH_DAYS: Final = 28
_SEED: Final = 71
_BARS, _SHOPS, _STOPS = 14, 30, 22
_DOWNTOWN: Final = place(200.0, 500.0)
_FOCI: Final = tuple(place(*at) for at in ((-2050.0, 1500.0), (150.0, 1150.0), (2100.0, -300.0), (-900.0, -1900.0)))
_FOCUS_M: Final = 450.0

_NIGHT: Final = (9, 8, 5, 2, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 9, 10)
_TRADE: Final = (0, 0, 0, 0, 0, 0, 1, 2, 3, 5, 7, 8, 9, 9, 9, 10, 10, 10, 8, 6, 4, 2, 1, 0)
_TRAVEL: Final = (3, 2, 1, 1, 1, 2, 4, 6, 5, 3, 2, 2, 3, 3, 4, 6, 7, 7, 7, 7, 8, 8, 7, 5)
_AWAY: Final = (1, 1, 1, 1, 1, 1, 2, 5, 8, 10, 10, 10, 9, 9, 9, 8, 6, 4, 3, 3, 3, 2, 2, 1)
_ASLEEP: Final = (8, 9, 9, 9, 7, 5, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 8)
_LATE: Final = (9, 8, 6, 4, 2, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 10, 10)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the plane, how much of its venue's trouble it has, and how slowly that rises and falls."""

    x: float
    y: float
    weight: float
    period_days: float
    phase: float

    def weight_in(self, month: int) -> float:
        """Its weight in a month of four weeks, counted from the calendar's first day."""
        return self.weight * exp(0.5 * sin(2.0 * pi * (month * MONTH_DAYS / self.period_days + self.phase)))


@dataclass(frozen=True, slots=True)
class Venue:
    """A kind of place: its spots, how far around them trouble falls (metres), hours of the day and days of the week."""

    name: str
    spots: tuple[Spot, ...]
    spread_m: float
    hours: Sequence[int]
    weekdays: Sequence[float]

    def weights(self, month: int) -> list[float]:
        """The spots' weights in a month, added up one after the other."""
        return list(accumulate(spot.weight_in(month) for spot in self.spots))


def make_venues(city: City) -> dict[str, Venue]:
    """The city's venues by name; the same city gives the same ones."""
    random = Random(_SEED)  # noqa: S311 - a city, not a secret
    edges = city.streets.edges
    main = sorted({edge.start for edge in edges if edge.arterial})
    bars = _spots(random, main, _BARS, lambda at: exp(-_far(at) / 900.0))
    shops = _spots(random, main, _SHOPS, lambda at: exp(-_far(at) / 1800.0))
    stops = _spots(random, main, _STOPS, lambda _: 1.0)
    middles = [_middle(edge) for edge in edges if not edge.arterial]
    homes = tuple(_spot(random, at, 0.35 + _focus(at)) for at in middles)
    kerbs = tuple(_spot(random, at, 0.25 + _focus(at) + 0.8 * exp(-_far(at) / 1200.0)) for at in middles)
    corners = tuple(_spot(random, at, 0.04 + _focus(at) ** 2) for at in middles)
    even, weekend = (1.0,) * 7, (0.8, 0.75, 0.8, 1.0, 1.5, 1.8, 1.0)
    venues = (
        Venue("bars", bars, 70.0, _NIGHT, (0.5, 0.5, 0.6, 0.9, 1.7, 2.1, 0.7)),
        Venue("shops", shops, 60.0, _TRADE, (1.0, 1.0, 1.0, 1.0, 1.2, 1.3, 0.5)),
        Venue("stops", stops, 80.0, _TRAVEL, (1.1, 1.1, 1.1, 1.1, 1.2, 0.8, 0.6)),
        Venue("homes", homes, 50.0, _AWAY, (1.2, 1.1, 1.1, 1.1, 1.1, 0.7, 0.7)),
        Venue("kerbs", kerbs, 50.0, _ASLEEP, even),
        Venue("corners", corners, 60.0, _LATE, weekend),
    )
    return {venue.name: venue for venue in venues}


def _spots(random: Random, nodes: Sequence[Node], count: int, likely: Callable[[Node], float]) -> tuple[Spot, ...]:
    """Some of the crossings, the likelier ones first of all, each with a share of its own (a few have most)."""
    order = sorted(nodes, key=lambda at: random.random() ** (1.0 / max(likely(at), 1e-9)), reverse=True)
    return tuple(_spot(random, at, 1.0 / (rank + 2.0)) for rank, at in enumerate(order[:count]))


def _spot(random: Random, at: Node, weight: float) -> Spot:
    return Spot(at[0], at[1], weight, random.uniform(250.0, 800.0), random.random())


def _middle(edge: Edge) -> Node:
    point = edge.line.interpolate(0.5, normalized=True)
    return point.x, point.y


def _far(at: Node) -> float:
    return hypot(at[0] - _DOWNTOWN[0], at[1] - _DOWNTOWN[1])


def _focus(at: Node) -> float:
    return max(exp(-0.5 * (hypot(at[0] - x, at[1] - y) / _FOCUS_M) ** 2) for x, y in _FOCI)
