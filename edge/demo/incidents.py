"""The demo city's invented incidents, day by day: where its venues are, at their hours, and again near where they were.

The same days give the same incidents, however many follow: a day has its own stream of random numbers, and the earlier
days' near repeats. All of it is drawn; none of it happened. Must not write files.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import cos, exp, pi
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import shapely

from edge.demo.city import City
from edge.demo.venues import MONTH_DAYS, Venue, make_venues

FIRST: Final = date(2023, 11, 1)
LAST: Final = date(2026, 10, 31)
"""The three years that the demo's models are trained on."""
ZONE: Final = ZoneInfo("America/Chicago")

_SEED: Final = 4099
_YEAR_DAYS: Final = 365.25
_NO_PLACE: Final = 0.01
_OFFICER: Final = 0.02
_REPEAT_M: Final = 90.0
_REPEAT_DAYS: Final = 5.0
_ROUNDED_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """What the invented police write down: how often a year, at which venues, how often again, hours it may span."""

    offence: str
    yearly: float
    venues: Mapping[str, float]
    again: float = 0.0
    span_hours: float = 0.0
    shot: float = 0.0
    officer: float = _OFFICER


KINDS: Final = (
    Kind("THEFT", 3600.0, {"shops": 0.45, "stops": 0.2, "bars": 0.1, "kerbs": 0.15, "homes": 0.1}, again=0.12),
    Kind("BURGLARY", 900.0, {"homes": 0.75, "shops": 0.1, "kerbs": 0.15}, again=0.3, span_hours=5.0),
    Kind("MOTOR VEHICLE THEFT", 900.0, {"kerbs": 0.8, "shops": 0.1, "stops": 0.1}, again=0.2, span_hours=4.0),
    Kind("ASSAULT, AGGRAVATED", 800.0, {"bars": 0.45, "corners": 0.45, "stops": 0.1}, again=0.12, shot=0.15),
    Kind("ROBBERY", 700.0, {"stops": 0.4, "bars": 0.25, "corners": 0.25, "shops": 0.1}, again=0.2),
    Kind("SHOTS FIRED", 420.0, {"corners": 0.85, "bars": 0.15}, again=0.3, shot=1.0),
    Kind("HOMICIDE", 9.0, {"corners": 0.7, "bars": 0.3}, shot=0.6),
    Kind("ASSAULT, SIMPLE", 900.0, {"bars": 0.5, "homes": 0.3, "stops": 0.2}),
    Kind("VANDALISM", 700.0, {"kerbs": 0.5, "shops": 0.5}),
    Kind("DRUG OFFENSE", 500.0, {"corners": 0.7, "stops": 0.3}, officer=0.9),
)
"""The last three are not forecast: they are in the export for the importer to leave out."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One row of the invented export. Local times, first and last possible moment; metres of the plane, or None."""

    number: str
    offence: str
    first: datetime
    last: datetime
    shot: bool
    officer: bool
    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Seed:
    """What is about to happen: the kind, the local hour, the place."""

    kind: Kind
    hour: float
    x: float
    y: float


def incidents(city: City, last: date = LAST) -> Iterator[Incident]:
    """Every incident whose day is from `FIRST` to ``last``, in the order of their days."""
    venues = make_venues(city)
    inside = city.layout.boundary
    shapely.prepare(inside)
    due: dict[int, list[_Seed]] = defaultdict(list)
    for day in range(FIRST.toordinal(), last.toordinal() + 1):
        if day == FIRST.toordinal() or day % MONTH_DAYS == 0:
            weights = {name: venue.weights(day // MONTH_DAYS) for name, venue in venues.items()}
        random = Random(_SEED * 1_000_000 + day)  # noqa: S311 - a city, not a secret
        seeds = [*due.pop(day, []), *_new(random, venues, weights, day)]
        for count, seed in enumerate(seeds):
            if random.random() < seed.kind.again:
                due[day + 1 + int(random.expovariate(1.0 / _REPEAT_DAYS))].append(_repeat(random, seed))
            x, y = _near(random, seed.x, seed.y, _REPEAT_M / 3.0)
            place = (x, y) if shapely.contains_xy(inside, x, y) else (seed.x, seed.y)
            yield _written(random, seed, date.fromordinal(day), count, place)


def _new(random: Random, venues: Mapping[str, Venue], weights: Mapping[str, list[float]], day: int) -> Iterator[_Seed]:
    """What a day brings of itself, of each kind and venue; ``weights``: of each venue's spots, added up."""
    season = 1.0 + 0.18 * cos(2.0 * pi * (day % _YEAR_DAYS - 205.0) / _YEAR_DAYS)
    weekday = date.fromordinal(day).weekday()
    for kind in KINDS:
        for name, share in kind.venues.items():
            venue = venues[name]
            usual = venue.weekdays[weekday] * 7.0 / sum(venue.weekdays)
            count = _poisson(random, kind.yearly * share * (1.0 - kind.again) / _YEAR_DAYS * season * usual)
            if count:
                for spot in random.choices(venue.spots, cum_weights=weights[name], k=count):
                    hour = random.choices(range(24), weights=venue.hours)[0] + random.random()
                    x, y = _near(random, spot.x, spot.y, venue.spread_m)
                    yield _Seed(kind, hour, x, y)


def _repeat(random: Random, seed: _Seed) -> _Seed:
    x, y = _near(random, seed.x, seed.y, _REPEAT_M)
    return _Seed(seed.kind, min(max(seed.hour + random.gauss(0.0, 2.0), 0.0), 23.99), x, y)


def _written(random: Random, seed: _Seed, day: date, count: int, place: tuple[float, float]) -> Incident:
    """The report of it: rounded to five minutes, sometimes without a place, and a span where nobody saw it."""
    kind = seed.kind
    minutes = int(seed.hour * 60.0) // _ROUNDED_MINUTES * _ROUNDED_MINUTES
    at = datetime.combine(day, time()) + timedelta(minutes=minutes)
    before, after = (round(random.random() * kind.span_hours * 2.0) / 2.0 for _ in range(2))
    return Incident(
        number=f"{day:%y%m%d}-{count:03d}",
        offence=kind.offence,
        first=_once(at - timedelta(hours=before)),
        last=_once(at + timedelta(hours=after)),
        shot=random.random() < kind.shot,
        officer=random.random() < kind.officer,
        at=None if random.random() < _NO_PLACE else place,
    )


def _once(local: datetime) -> datetime:
    """A local time that the clocks have once: two hours on from one that they skip or repeat."""
    either = {local.replace(tzinfo=ZONE, fold=fold).utcoffset() for fold in (0, 1)}
    return local if len(either) == 1 else local + timedelta(hours=2)


def _near(random: Random, x: float, y: float, spread_m: float) -> tuple[float, float]:
    return x + random.gauss(0.0, spread_m), y + random.gauss(0.0, spread_m)


def _poisson(random: Random, mean: float) -> int:
    """A Poisson number, by Knuth's product."""
    limit, count, product = exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count
