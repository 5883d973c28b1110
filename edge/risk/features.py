"""The features of every box for a shift: the one function that training and the car both call.

All that varies by box comes from whole-number maps and float32 layers, so both get the same bits. A feature belongs to
a group; trees use one group each, so a feature that several groups need (the shift) stands in each. Must not use
anything not known at 00:00 of the day forecast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.risk.base import level
from edge.risk.counts import Counts
from edge.risk.days import DATE_PARTS, Days
from edge.risk.events import EVENT_COLUMNS, Events
from edge.risk.frame import Frame
from edge.risk.layers import Layers
from edge.risk.maps import OWN, MapName, Past, by_type

Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]

SHIFT: Final = "shift"
PLACE_COLUMNS: Final = ("east", "north")
"""A box's cell, counted from the agency's south-west corner."""
SINCE: Final = "since"
SINCE_NEAR: Final = "since_near"
OVER: Final = "/"
"""Between two maps' names: their ratio, each with 1 (its mean) added."""
EVEN: Final = "even"
"""The map that is 1 everywhere."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a model reads: the base's maps, and the features of each group, in the order of its columns."""

    maps: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(group, feature) of every column."""
        return tuple((group, name) for group, names in self.groups.items() for name in names)

    def without(self, off: Sequence[str]) -> "Recipe":
        """The recipe with these groups switched off, their maps in the base, too; never without the even map."""
        maps = tuple(name for name in self.maps if map_group(name) not in off)
        return Recipe(maps, {group: names for group, names in self.groups.items() if group not in off})

    def to_json(self) -> dict[str, Any]:
        """What `from_json` takes."""
        return {"maps": list(self.maps), "groups": {group: list(names) for group, names in self.groups.items()}}

    @staticmethod
    def from_json(given: Mapping[str, Any]) -> "Recipe":
        """Raises KeyError or TypeError for another form."""
        return Recipe(tuple(given["maps"]), {group: tuple(names) for group, names in given["groups"].items()})


def map_group(name: str, crime_type: str = OWN) -> str:
    """The group whose knowledge a base map is; ``crime_type``: the model's own, where a map may name it."""
    if "." not in name:
        return name if name == EVEN else "places"
    parts = MapName.parse(name)
    if parts.crime_type not in (OWN, crime_type):
        return "gunfire" if parts.crime_type == "gunfire" else "other"
    return "nearby" if parts.radius else "own"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """All that features are made from. ``shifts``: how many the calendar has."""

    frame: Frame
    shifts: int
    counts: Counts
    layers: Layers
    days: Days
    events: Events
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def past(self, day: int) -> Past:
        """The maps of a day; those of the last day asked for are kept."""
        past: Past | None = self._kept.get("past")
        if past is None or past.day != day:
            if "types" not in self._kept:
                self._kept["types"] = by_type(self.counts, self.shifts, self.frame.size)
            past = Past(self.frame, self.shifts, self._kept["types"], self.counts.first, self.counts.last, day)
            self._kept["past"] = past
        return past


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One row a box.

    ``features``: float32[N, F] in the order of `Recipe.columns`. ``maps``: float64[N, M], each map with mean 1.
    ``level``: the city's expected incidents in the shift over the number of boxes: the average box's.
    """

    features: Floats32
    maps: Floats
    level: float


def rows(world: World, recipe: Recipe, kind: int, day: int, shift: int, at: NDArray[np.int64] | None = None) -> Rows:
    """The rows of all boxes for a crime type (index), a day (ordinal) and a shift (index); ``at``: of these boxes only.

    Uses only counts known before the day. Raises ValueError for a feature that this world does not have.
    """
    past = world.past(day)
    chosen: Any = slice(None) if at is None else at
    held = world.frame.size if at is None else len(at)
    features = np.empty((len(recipe.columns), held), dtype=np.float32)
    for index, (_, name) in enumerate(recipe.columns):
        column = _column(world, past, name, kind, shift)
        features[index] = column[chosen] if isinstance(column, np.ndarray) else column
    maps = np.ones((len(recipe.maps), held))
    for index, name in enumerate(recipe.maps):
        if name != EVEN:
            maps[index] = _map(world, past, name, kind, shift)[chosen]
    found = level(past.city(kind), world.counts.first, day, shift)
    return Rows(np.ascontiguousarray(features.T), np.ascontiguousarray(maps.T), found / world.frame.size)


def _map(world: World, past: Past, name: str, kind: int, shift: int) -> Floats:
    """A base map: of the past, or a layer's column divided by its mean."""
    if "." in name:
        return past.share(MapName.parse(name), kind, shift)
    values = np.asarray(_layer(world, name), dtype=np.float64)
    mean = float(values.sum()) / len(values)
    return values / mean if mean > 0.0 else np.ones(len(values))


def _column(world: World, past: Past, name: str, kind: int, shift: int) -> Floats32 | NDArray[Any] | float:
    """One feature's values over the boxes, or its one value for all."""
    if "." in name:
        above, over, below = name.partition(OVER)
        share = _map(world, past, above, kind, shift)
        return (share + 1.0) / (_map(world, past, below, kind, shift) + 1.0) if over else share
    if name == SHIFT:
        return float(shift)
    if name == SINCE:
        return past.since(kind)
    if name == SINCE_NEAR:
        return world.frame.nearest_of(past.since(kind))
    if name in PLACE_COLUMNS:
        axis = world.frame.cells[:, PLACE_COLUMNS.index(name)]
        return np.asarray(axis - axis.min())
    return _from_tables(world, name, past.day, shift)


def _from_tables(world: World, name: str, day: int, shift: int) -> Floats32 | float:
    if name in DATE_PARTS or name in world.days.names:
        return float(world.days.named((name,), day)[0])
    if name in EVENT_COLUMNS:
        return world.events.columns(world.frame.cells, day, shift)[:, EVENT_COLUMNS.index(name)]
    return _layer(world, name)


def _layer(world: World, name: str) -> Floats32:
    if name in world.layers.names:
        return world.layers.stacked((name,))[:, 0]
    msg = f"the agency has no feature {name!r}; rebuild its layers and days"
    raise ValueError(msg)
