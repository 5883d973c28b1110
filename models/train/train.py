"""Trains one crime type's model from what was known before a day. Pure: the same input gives the same model.

Time-ordered throughout: a row is trained on once its day is settled, and the last weeks, held out first, set the
level that the trees' factors are brought back to. Must not use a row known on or after ``until``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from edge.risk.counts import WEIGHT
from edge.risk.features import Recipe, World
from models.features.recipes import recipe_of
from models.train.calibrate import power_of, scale_of
from models.train.mixture import mixed, weights_by_shift
from models.train.sample import SETTLED, Cache, Sample, narrowed
from models.train.settings import Settings
from models.train.trained import Trained
from models.train.trees import grown

Floats: TypeAlias = NDArray[np.float64]

HELD_OUT: int = 84
"""Days before ``until`` that set level and calibration, and that nothing else is fitted to."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Ordinals: rows for the trees, the mixture and the held-out weeks are ``[first, end)`` of each."""

    trees: tuple[int, int]
    mixture: tuple[int, int]
    held_out: tuple[int, int]


def windows_of(first: int, until: int, settings: Settings) -> Windows:
    """The windows before a day. Raises UserError where the history is shorter than half a year."""
    end = until - SETTLED
    span = end - first
    if span < 180:  # noqa: PLR2004 - half a year
        msg = f"only {span} complete days before the day to train until; at least 180 are needed"
        raise UserError(msg)
    held = end - min(HELD_OUT, span // 6)
    start = first + min(settings.warm_up, span // 3)
    return Windows(
        trees=(max(start, held - settings.tree_days), held),
        mixture=(max(start, held - settings.mixture_days), held),
        held_out=(held, end),
    )


def new_cache(world: World, kind: int, settings: Settings, seed: int) -> Cache:
    """A cache for the refits of one type, with every group that this world has."""
    return Cache(recipe_of(world, kind), kind, seed, settings.sample)


def train(
    world: World,
    kind: int,
    until: int,
    settings: Settings,
    seed: int = 0,
    cache: Cache | None = None,
    off: Sequence[str] = (),
) -> Trained:
    """A type's (index) model from what was known before ``until`` (ordinal).

    ``cache``: `new_cache` with the same arguments, kept over refits. ``off``: groups switched off. Raises UserError
    where there is too little to train on.
    """
    known = replace(world, counts=world.counts.known_before(until))
    cache = cache or new_cache(known, kind, settings, seed)
    spans = windows_of(known.counts.first, until, settings)
    recipe = cache.recipe.without(off)
    if not recipe.groups:
        msg = "every feature group is left out; keep at least one"
        raise UserError(msg)
    whole = cache.window(known, min(spans.trees[0], spans.mixture[0]), spans.held_out[1])
    whole = narrowed(whole, cache.recipe, recipe)
    if not (whole.y[whole.day < spans.held_out[0]] > 0.0).any():
        msg = f"no {CRIME_TYPES[kind]} before the day to train until; leave this type out"
        raise UserError(msg)
    weights = _mixture(whole, spans, known.shifts, settings)
    base = mixed(whole.maps, weights, whole.shift)
    expected = base * whole.level
    texts, notes = _trees(whole, expected, spans, recipe, settings, seed)
    held = whole.day >= spans.held_out[0]
    raw = base[held] * factors(texts, whole.features[held]) if texts else base[held]
    late = (whole.y[held], whole.w[held], raw, whole.level[held])
    power = power_of(*late)
    return Trained(
        crime_type=CRIME_TYPES[kind],
        recipe=recipe,
        weights=tuple(tuple(row) for row in weights.tolist()),
        boosters=texts,
        scale=(scale_of(*late, power),) * known.shifts,
        power=power,
        window=(min(spans.trees[0], spans.mixture[0]), spans.held_out[1] - 1),
        until=until,
        events=int((known.counts.weight[known.counts.kind == kind]).sum()) // WEIGHT,
        counts_digest=known.counts.digest(),
        frame_digest=known.frame.digest(),
        layers_digest=known.layers.digest(),
        seed=seed,
        settings=settings.to_json(),
        notes=notes,
    )


def factors(texts: Sequence[str], features: NDArray[np.float32]) -> Floats:
    """float64[R]: the product of all groups' factors: exp of the boosters' mean raw score."""
    total = np.zeros(len(features))
    for text in texts:
        total += np.asarray(lgb.Booster(model_str=text).predict(features, raw_score=True, num_threads=1))
    return np.asarray(np.exp(total / len(texts)), dtype=np.float64)


def _mixture(whole: Sample, spans: Windows, shifts: int, settings: Settings) -> Floats:
    first, end = spans.mixture
    on = (whole.y > 0.0) & (whole.day >= first) & (whole.day < end)
    weight = whole.y[on] * 2.0 ** ((whole.day[on] - end) / settings.mixture_life)
    rounds = settings.mixture_rounds, settings.shift_rounds
    return weights_by_shift(whole.maps[on], weight, whole.shift[on], shifts, *rounds)


def _trees(
    whole: Sample, expected: Floats, spans: Windows, recipe: Recipe, settings: Settings, seed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The boosters' texts and a note for the card; none of a type too rare for trees."""
    first, end = spans.trees
    on = (whole.day >= first) & (whole.day < end)
    events = float(whole.y[on].sum())
    if events < settings.least_events:
        note = (
            f"too rare for trees ({events:.0f} incidents in the window, {settings.least_events} are needed): only "
            "the base,"
            " which borrows the maps of the other types, weighted by where this type's own incidents fell"
        )
        return (), (note,)
    weight = whole.w[on] * 2.0 ** ((whole.day[on] - end) / settings.tree_life)
    data = (whole.features[on], whole.y[on], weight, expected[on], recipe, settings)
    return tuple(grown(*data, seed * 100 + number) for number in range(settings.boosters)), ()
