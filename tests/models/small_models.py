"""Small models for the tests of export: real LightGBM trees, a few, on made-up boxes. Must not need a city's data."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final

import lightgbm
import numpy as np

from edge.risk.base import mixture
from edge.risk.feature_column import Column
from edge.risk.features import Recipe, Rows
from models.export.facts import DataFacts
from models.export.write import Place
from models.train.choose import Judged
from models.train.trained import Drawn, Trained

RECIPE: Final = Recipe(
    maps=("even", "own.any.ever.r0", "own.shift.h90.r1"),
    groups={
        "own": ("shift", "own.any.ever.r0", "own.any.h30.r0"),
        "nearby": ("shift", "own.any.ever.r2"),
        "time": ("shift", "weekday"),
        "places": ("bars", "stops"),
        "weather": ("rain",),
    },
)
BARS: Final = Column("bars", "places", "bars in the box", "bars", 0.0, "A list of bars.", "CC0", "2026-01-01")
DATA: Final = DataFacts(source="Made up for tests.", rejected={"no coordinates": 12})
EVALUATED: Final = ("own", "nearby", "time")
BOXES: Final = 400
PLACE: Final = Place("testville", ("night", "day"), (BARS,))
SCALE: Final = (1.1, 0.9)
POWER: Final = 0.95
WEIGHTS: Final = ((0.1, 0.5, 0.4), (0.2, 0.2, 0.6))
JUDGED: Final = (Judged("base", 0.2, -0.01, 0.004), Judged("base_trees", 0.21, 0.0, 0.0))
_DAYS: Final = 40
_FIRST: Final = date(2025, 1, 1).toordinal()


def drawn_for(trained: Trained, seed: int, shift: int) -> Drawn:
    """`drawn` as a model reads it: one without trees has no columns."""
    rows = drawn(seed, shift).rows
    return Drawn(Rows(rows.features[:, : len(trained.recipe.columns)], rows.maps, rows.level), shift)


def drawn(seed: int, shift: int, boxes: int = BOXES) -> Drawn:
    """One shift's rows: whole numbers, float32 of every size, and constants, as features are."""
    random = np.random.default_rng([seed, shift])
    maps = np.stack([np.ones(boxes), *random.gamma(0.3, 3.0, (2, boxes))], axis=1).astype(np.float32)
    columns = {
        "shift": np.full(boxes, shift),
        "weekday": np.full(boxes, seed % 7),
        "own.any.ever.r0": maps[:, 1],
        "bars": random.poisson(0.4, boxes),
        "rain": np.full(boxes, 0.0),
    }
    features = np.empty((boxes, len(RECIPE.columns)), dtype=np.float32)
    for index, (_, name) in enumerate(RECIPE.columns):
        features[:, index] = columns.get(name, random.gamma(0.5, 2.0, boxes))
    return Drawn(Rows(features, maps.astype(np.float64), (20.0 + 3.0 * shift) / boxes), shift)


@cache
def small(boosters: int = 2, trees: int = 12, constrained: bool = True) -> Trained:
    """A model of theft; ``constrained``: one group a tree, as it must be."""
    parts = [drawn(day, day % 2) for day in range(_DAYS)]
    base = [part.rows.level * mixture(part.rows.maps, np.array(WEIGHTS[part.shift])) for part in parts]
    features, expected = np.concatenate([part.rows.features for part in parts]), np.concatenate(base)
    true = expected * np.exp(0.2 * np.sin(features[:, 2]) + 0.3 * features[:, 7] - 0.1 * features[:, 5])
    observed = np.random.default_rng(0).poisson(true)
    texts = tuple(_fitted(features, observed, expected, seed, trees, constrained) for seed in range(boosters))
    return Trained(
        crime_type="theft",
        recipe=RECIPE,
        weights=WEIGHTS,
        boosters=texts,
        scale=SCALE,
        power=POWER,
        chosen="base_trees" if texts else "base",
        judged=JUDGED,
        window=(_FIRST, _FIRST + _DAYS - 1),
        until=_FIRST + _DAYS,
        events=int(observed.sum()),
        counts_digest="1" * 64,
        frame_digest="2" * 64,
        layers_digest="3" * 64,
        seed=7,
        settings={"held_out_days": 7},
        notes=(),
    )


def base_alone() -> Trained:
    """A type too rare for trees: it has no columns."""
    return replace(small(0), crime_type="homicide", power=1.0, recipe=Recipe(RECIPE.maps, {}))


def _fitted(features: Any, observed: Any, expected: Any, seed: int, trees: int, constrained: bool) -> str:
    places = [(group, index) for index, (group, _) in enumerate(RECIPE.columns)]
    groups = [[index for group, index in places if group == name] for name in RECIPE.groups]
    settings = {
        "objective": "poisson",
        "num_leaves": 7,
        "min_data_in_leaf": 20,
        "learning_rate": 0.1,
        "feature_fraction": 0.5,
        "num_threads": 1,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
        **({"interaction_constraints": groups} if constrained else {}),
    }
    names = [f"{group}/{name}" for group, name in RECIPE.columns]
    data = lightgbm.Dataset(features, observed, init_score=np.log(expected), feature_name=names)
    return lightgbm.train(settings, data, trees).model_to_string()
