"""Which maps and features a crime type's model reads: one table for all types and cities.

A group that the agency lacks (no layers, no gunfire, no weather) is left out. Must not read data.
"""

from collections.abc import Iterable
from typing import Final

from edge.domain.policy import CRIME_TYPES
from edge.risk.days import DATE_PARTS
from edge.risk.events import EVENT_COLUMNS
from edge.risk.feature_column import Column
from edge.risk.features import EVEN, OVER, PLACE_COLUMNS, SHIFT, SINCE, SINCE_NEAR, Recipe, World

GUNFIRE: Final = CRIME_TYPES[0]
NEAR_REPEAT: Final = tuple(f"own.any.h{life}.r{r}" for life in (5, 21, 62, 253) for r in (0, 1, 2))
"""A self-exciting kernel in whole numbers: decays of 7, 30, 90 and 365 days (half-life = decay × ln 2), each as far as
one and two boxes; what each weighs is fitted. The decays are those that the evaluation's rival chooses from."""


def recipe_of(world: World, kind: int) -> Recipe:
    """The recipe of a type (index) for what this world has."""
    tables, others = (*world.days.columns, *world.layers.columns), _others(world, kind)
    groups = {
        "own": _own(),
        "nearby": _nearby(),
        "other": _other(others),
        "time": (SHIFT, *DATE_PARTS, *_names(tables, "time")),
        "places": _after(PLACE_COLUMNS, _names(tables, "places"), (SHIFT, "weekday", "month")),
        "gunfire": _gunfire(others),
        "events": (*EVENT_COLUMNS, SHIFT) if len(world.events.box) else (),
    }
    for group in dict.fromkeys(column.group for column in tables if column.group not in groups):
        groups[group] = (*_names(tables, group), SHIFT)
    return Recipe((*_maps(others), *NEAR_REPEAT), {group: names for group, names in groups.items() if names})


def _others(world: World, kind: int) -> tuple[str, ...]:
    """The other types that have an incident: a map of one that has none would be even, and called by its name."""
    seen = set(world.counts.kind.tolist()) - {kind}
    return tuple(name for index, name in enumerate(CRIME_TYPES) if index in seen)


def _after(before: tuple[str, ...], names: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """A group's columns with those that all agencies have around them; none where it has no source."""
    return (*before, *names, *after) if names else ()


def _names(columns: Iterable[Column], group: str) -> tuple[str, ...]:
    return tuple(column.name for column in columns if column.group == group)


def _own() -> tuple[str, ...]:
    return (
        *(f"own.any.{life}.r0" for life in ("h7", "h14", "h30", "h90", "h180", "h365", "h730", "ever")),
        *(f"own.shift.{life}.r0" for life in ("h30", "h90", "h365", "ever")),
        *("own.weekend.h365.r0", "own.weekend.ever.r0", "own.weekday.ever.r0"),
        _over("own.any.h7.r0", "own.any.h365.r0"),
        _over("own.any.h30.r0", "own.any.h365.r0"),
        _over("own.any.h90.r0", "own.any.ever.r0"),
        _over("own.any.h365.r0", "own.any.ever.r0"),
        _over("own.shift.h90.r0", "own.shift.ever.r0"),
        _over("own.shift.h365.r0", "own.any.h365.r0"),
        _over("own.weekend.ever.r0", "own.shift.ever.r0"),
        _over("own.weekday.ever.r0", "own.shift.ever.r0"),
        *(SINCE, SHIFT, "weekday"),
    )


def _nearby() -> tuple[str, ...]:
    wide = (1, 2, 4)
    return (
        *(f"own.any.{life}.r{r}" for life in ("h7", "h14", "h30", "h90", "h365", "ever") for r in wide),
        *(f"own.shift.{life}.r{r}" for life in ("h30", "h90", "h365", "ever") for r in wide),
        *("own.weekend.ever.r1", "own.weekend.h365.r2", "own.weekday.ever.r1", "own.weekday.ever.r2"),
        *(_over(f"own.any.{life}.r{r}", f"own.any.h365.r{r}") for life in ("h7", "h30") for r in wide),
        *(_over(f"own.any.h90.r{r}", f"own.any.ever.r{r}") for r in wide),
        *(_over(f"own.shift.h90.r{r}", f"own.shift.ever.r{r}") for r in wide),
        *(_over(f"own.shift.h365.r{r}", f"own.any.h365.r{r}") for r in wide),
        _over("own.weekend.ever.r1", "own.shift.ever.r1"),
        _over("own.weekday.ever.r2", "own.shift.ever.r2"),
        *(SINCE_NEAR, SHIFT),
    )


def _other(others: tuple[str, ...]) -> tuple[str, ...]:
    maps = ("any.h30.r1", "any.h365.r0", "any.ever.r1", "shift.h365.r1")
    found = tuple(f"{name}.{each}" for name in others if name != GUNFIRE for each in maps)
    return (*found, SHIFT) if found else ()


def _gunfire(others: tuple[str, ...]) -> tuple[str, ...]:
    maps = ("any.h7.r1", "any.h30.r1", "any.h365.r1", "any.ever.r2", "shift.h365.r2")
    return (*(f"{GUNFIRE}.{each}" for each in maps), SHIFT) if GUNFIRE in others else ()


def _maps(others: tuple[str, ...]) -> tuple[str, ...]:
    """The base's maps, the even one first."""
    near = (0, 1, 2, 4)
    return (
        EVEN,
        *(f"own.any.{life}.r{r}" for life in ("h7", "h30", "h90", "h365", "ever") for r in near),
        *(f"own.shift.{life}.r{r}" for life in ("h30", "h90", "h365", "ever") for r in near),
        *(f"own.{slot}.{life}.r{r}" for slot in ("weekend", "weekday") for life in ("h365", "ever") for r in (0, 1, 2)),
        *(f"{name}.shift.{each}" for name in others for each in ("h365.r0", "h365.r1", "ever.r2")),
        *(f"{name}.any.h30.r1" for name in others),
    )


def _over(above: str, below: str) -> str:
    return f"{above}{OVER}{below}"
