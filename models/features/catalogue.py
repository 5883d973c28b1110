"""``models/FEATURES.md``: every feature a model may read, from the code itself (`python -m models.features.catalogue`).

A test compares the page with what this writes. Must not read an agency's data.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from edge.domain.grid import Box, Grid
from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts
from edge.risk.days import Days
from edge.risk.events import Events
from edge.risk.feature_column import Column
from edge.risk.features import OVER, PLACE_COLUMNS, SHIFT, SINCE, SINCE_NEAR, World
from edge.risk.frame import Frame
from edge.risk.layers import Layers
from edge.risk.maps import LONGEST_SINCE, OWN, MapName
from models.features.recipes import recipe_of
from models.sources.almanac import almanac_parts
from models.sources.document import CalendarDoc
from models.sources.event_rows import event_columns
from models.sources.ground import Ground
from models.sources.housing import ALLOWED, housing_column
from models.sources.osm import OsmShapes, default_categories
from models.sources.place_columns import place_parts
from models.sources.provenance import Provenance
from models.sources.terrain import terrain_parts
from models.sources.weather import ELEMENTS, weather_columns

_DAY: Final = date(2018, 1, 1)
_PLACE: Final = "PLACE"
_OTHER: Final = "TYPE"
_KNOWN: Final = Provenance("", "", _DAY.isoformat())
_GRID: Final = Grid(32616, 0.0, 0.0, 1.0, 1.0, (0.0,) * 10, (0.0,) * 10, {(0, 0): Box((0, 0), 1, "", "")})
_FIXED: Final = {
    SHIFT: ("the shift, by its place in the agency's day", "0, 1, …", "never"),
    "day_of_month": ("day of the month", "1 to 31", "never"),
    "weekday": ("day of the week, Monday first", "0 to 6", "never"),
    "month": ("month", "1 to 12", "never"),
    PLACE_COLUMNS[0]: ("boxes from the agency's west edge", "boxes", "never"),
    PLACE_COLUMNS[1]: ("boxes from the agency's south edge", "boxes", "never"),
    SINCE: ("days since the last incident of the type in the box", "days", str(LONGEST_SINCE)),
    SINCE_NEAR: ("the same, the least of the boxes around", "days", str(LONGEST_SINCE)),
}
_SLOTS: Final = {
    "any": "any shift",
    "shift": "the same shift",
    "weekend": "the same shift, on working days or at weekends as the date is",
    "weekday": "the same shift and weekday",
}
_INCIDENTS: Final = "From the agency's own incidents, known before the date. Evaluated on Chicago."
_GROUPS: Final = {
    "own": f"The type's own history in the box. {_INCIDENTS}",
    "nearby": f"The type's own history in the boxes around. {_INCIDENTS}",
    "other": f"Other types; `{_OTHER}` is each of {', '.join(CRIME_TYPES[1:])}, but the type itself. {_INCIDENTS}",
    "gunfire": "Reported gunfire, or an acoustic system's detections; in no model of gunfire itself. "
    "Reported gunfire is evaluated on Chicago, detections are not.",
    "time": "Holidays from the package `holidays` (MIT) by the agency's country and part, the moon from `ephem` (MIT), "
    "the rest is the date's own. Evaluated on Chicago.",
    "places": "From the files that `features.toml` names, each with its own provenance, terms and date. Evaluated on "
    "Chicago: liquor shops, abandoned buildings, street lights out, sanitation complaints, stations (2017). Not "
    "evaluated: places and terrain from OpenStreetMap, facilities, housing.",
    "weather": "One station of NOAA's GHCN-Daily (public domain). Not evaluated: built on a fixture.",
    "events": "An agency's iCal file and the daily context. Not evaluated: built on a fixture.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page."""

    name: str
    definition: str
    unit: str
    missing: str


def page() -> str:
    """The whole page, Markdown."""
    columns = _columns()
    world = _world(columns)
    groups: dict[str, dict[str, Line]] = {}
    for kind in range(1, len(CRIME_TYPES)):
        for group, name in recipe_of(world, kind).columns:
            line = _line(name, group, columns)
            groups.setdefault(group, {})[line.name] = line
    return "".join([_HEAD, *(part for group, lines in groups.items() for part in _section(group, lines))])


_HEAD: Final = """# Features

Written by `python -m models.features.catalogue > models/FEATURES.md`; a test compares. How to give an agency's files:
*Features* in [README.md](README.md).

A *map* counts past incidents in whole numbers, recent ones more (`h30`: an incident of 30 days ago counts half; `ever`:
all alike), over the box alone (`r0`) or the boxes around it (`r1` 3 × 3, `r2` 5 × 5, `r4` 9 × 9), and is divided by its
mean over all boxes: 1 is an average box. `A/B` is (A + 1) / (B + 1). All of it is known at 00:00 of the date. *Missing*
is the value where nothing is known: of a map, where it holds no incident in any box.
"""


def _section(group: str, lines: dict[str, Line]) -> Iterator[str]:
    yield f"\n## {group}\n\n{_GROUPS[group]}\n\n"
    if group == "places":
        yield f"`{_PLACE}` is a name that `features.toml` gives, or one of OpenStreetMap's:\n\n"
        yield from (f"* `osm_{name}`: {', '.join(tags)}\n" for name, tags in default_categories().items())
        yield "\n"
    yield "| feature | what | unit | missing |\n|---|---|---|---|\n"
    for line in lines.values():
        yield f"| `{line.name}` | {line.definition} | {line.unit} | {line.missing} |\n"


def _line(name: str, group: str, columns: Sequence[Column]) -> Line:
    column = next((column for column in columns if column.name == name), None)
    if column is not None:
        missing = "mean of the normals" if column.group == "weather" else f"{column.missing:g}"
        return Line(name, column.definition, column.unit, missing)
    if name in _FIXED:
        return Line(name, *_FIXED[name])
    if OVER in name:
        above, _, below = name.partition(OVER)
        return Line(name, f"{_said(above)}, against `{below}`", "ratio", "1")
    told = name
    if group == "other":
        told = f"{_OTHER}.{name.partition('.')[2]}"
    return Line(told, _said(name), "× the average box", "1")


def _said(name: str) -> str:
    """A map in words."""
    parts = MapName.parse(name)
    what = {OWN: "incidents", CRIME_TYPES[0]: "gunfire"}.get(parts.crime_type, "incidents of another type")
    side = 2 * parts.radius + 1
    where = "in the box" if side == 1 else f"in {side} × {side} boxes"
    age = f"half-life {parts.life} days" if parts.life else "of all years"
    return f"{what} {where}, {_SLOTS[parts.slot]}, {age}"


def _columns() -> tuple[Column, ...]:
    """Every column that a source can make; of places those of one."""
    ground = Ground(_GRID, np.zeros((1, 2), dtype=np.int64))
    parts = place_parts(ground, _PLACE, np.zeros((0, 2)), "places", _KNOWN)
    parts += terrain_parts(ground, OsmShapes(), "places", _KNOWN)
    parts += almanac_parts(CalendarDoc(country="US"), [_DAY], ZoneInfo("UTC"))
    made = [column for column, _ in parts]
    made += [housing_column(name, "places", _KNOWN) for name in ALLOWED]
    made += [column for element in ELEMENTS for column in weather_columns(element, 0.0, _KNOWN)]
    return (*made, *event_columns(_KNOWN))


def _world(columns: Sequence[Column]) -> World:
    """One box that has everything, incidents of each type, too, so that no group is left out of the recipes."""
    layers = tuple(column for column in columns if column.group == "places")
    days = tuple(column for column in columns if column.group in ("time", "weather"))
    day, one = _DAY.toordinal(), np.ones(len(CRIME_TYPES), dtype=np.int32)
    kind = np.arange(len(CRIME_TYPES), dtype=np.int8)
    counts = Counts(kind, one - 1, one * day, np.zeros_like(kind), one * day, one * WEIGHT, day, day)
    return World(
        Frame.of(_GRID),
        1,
        counts,
        Layers(layers, np.zeros((1, len(layers)), dtype=np.float32)),
        Days(day, days, np.zeros((1, len(days)), dtype=np.float32)),
        Events.of([(day, day, 0, 0, 0)]),
    )


if __name__ == "__main__":
    sys.stdout.write(page())
