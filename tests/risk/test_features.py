"""The one function of training and car: exact, leak-safe, the same from counts plus deltas."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.risk.counts import Counts
from edge.risk.features import Recipe, Rows, World, rows
from tests.risk.small_world import CELLS, FIRST, SHIFTS, THEFT, made_up, world_of

DAYS = 90
RECIPE = Recipe(
    ("even", "own.any.h30.r1", "robbery.shift.ever.r0"),
    {
        "own": ("own.any.h7.r0", "own.shift.h90.r0", "own.any.h30.r0/own.any.ever.r0", "since", "shift", "weekday"),
        "nearby": ("own.weekday.ever.r2", "since_near", "shift"),
        "gunfire": ("gunfire.any.h7.r1", "shift"),
        "places": ("east", "north", "month", "day_of_month"),
        "events": ("events_here", "events_1km"),
    },
)


def made(world: World, day: int, shift: int = 1) -> Rows:
    return rows(world, RECIPE, THEFT, day, shift)


def same(one: Rows, other: Rows) -> bool:
    """Bit for bit."""
    return (
        one.features.tobytes() == other.features.tobytes()
        and one.maps.tobytes() == other.maps.tobytes()
        and one.level == other.level
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), day=st.integers(FIRST + 20, FIRST + DAYS - 1), other=st.integers(0, 10_000))
def test_nothing_known_from_the_origin_on_is_used(seed: int, day: int, other: int) -> None:
    """Events at or after the origin deleted, or replaced by another city's: every bit of the rows stays."""
    counts = made_up(seed, DAYS, 500)
    before = counts.known_before(day)
    later = made_up(other, DAYS, 500)
    on = later.known >= day
    columns = {
        name: getattr(later, name)[on].astype(np.int64) for name in ("kind", "box", "day", "shift", "known", "weight")
    }
    replaced = replace(before, last=counts.last).plus(Counts.of(columns, FIRST, counts.last))
    whole = made(world_of(counts), day)
    assert same(whole, made(world_of(before), day))
    assert same(whole, made(world_of(replaced), day))


def test_counts_with_daily_deltas_give_the_same_bits() -> None:
    """A week of the car's deltas, merged one by one, equals headquarters' counts at once."""
    counts, day = made_up(3, DAYS, 700), FIRST + DAYS - 1
    held = counts.known_before(day - 7)
    for each in range(day - 7, day):
        on = counts.known == each
        columns = {
            name: getattr(counts, name)[on].astype(np.int64)
            for name in ("kind", "box", "day", "shift", "known", "weight")
        }
        held = held.plus(Counts.of(columns, each, each))
    assert same(made(world_of(held), day), made(world_of(counts), day))


def test_rows_of_some_boxes_are_those_of_all() -> None:
    """``at`` picks rows; it computes nothing else."""
    world, at = world_of(made_up(4, DAYS, 500)), np.array([5, 0, 17], dtype=np.int64)
    some, whole = rows(world, RECIPE, THEFT, FIRST + 60, 2, at), made(world, FIRST + 60, 2)
    assert some.features.tolist() == whole.features[at].tolist()
    assert some.maps.tolist() == whole.maps[at].tolist()
    assert some.features.dtype == np.float32


def test_maps_have_mean_one_and_the_level_is_a_boxs() -> None:
    """Level times the mean of any map is the expected count of the average box."""
    world = world_of(made_up(5, DAYS, 2000))
    found = made(world, FIRST + DAYS - 1)
    assert found.maps.mean(axis=0) == pytest.approx(1.0)
    expected = sum(made(world, FIRST + DAYS - 1, shift).level for shift in range(SHIFTS)) * len(CELLS)
    assert expected == pytest.approx(2000 * 0.5 * 0.88 / DAYS, rel=0.2)


def test_with_older_data_the_past_ends_instead_of_falling_silent() -> None:
    """A car a week without news keeps the level and the maps of the last day it knows of."""
    counts = made_up(6, DAYS, 3000, late=0)
    late, day = world_of(counts.known_before(FIRST + 80)), FIRST + 87
    fresh = made(world_of(counts), FIRST + 80)
    assert made(late, day).maps.tolist() == fresh.maps.tolist()
    assert made(late, day).level == pytest.approx(fresh.level, rel=1e-9)


def test_a_missing_layer_is_named() -> None:
    """A feature that this agency's tables lack raises with its name."""
    with pytest.raises(ValueError, match="bars_here"):
        rows(world_of(made_up(7, DAYS, 50)), Recipe(("even",), {"places": ("bars_here",)}), THEFT, FIRST + 50, 0)


def test_a_group_switched_off_takes_its_maps_along() -> None:
    """Without nearby and other, neither their columns nor their maps are left; the even map stays."""
    left = RECIPE.without(("nearby", "other"))
    assert "nearby" not in left.groups
    assert left.maps == ("even",)


def test_a_recipe_survives_json() -> None:
    """`from_json` of `to_json` is the recipe."""
    assert Recipe.from_json(RECIPE.to_json()) == RECIPE
