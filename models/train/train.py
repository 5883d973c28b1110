"""Trains one crime type's model from what was known before a day. Pure: the same input gives the same model.

Time-ordered throughout: a row is trained on once its day is settled, and the last weeks, held out first, decide which
candidate the model is and set its level; a mixture without trees is then fitted to them, too. Must not use a row known
on or after ``until``.
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
from models.train.candidates import Candidate, candidates_of
from models.train.choose import WEEK, Fit, HeldOut, choose
from models.train.mixture import mixed, weights_by_shift
from models.train.sample import SETTLED, Cache, Sample, narrowed
from models.train.settings import Settings
from models.train.trained import Trained
from models.train.trees import grown

Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]

HELD_OUT: int = 84
"""Days before ``until`` that choose among the candidates and calibrate them, and that none is fitted to before;
of a short history the whole weeks of its last sixth."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Ordinals: rows for the trees, the mixture and the held-out weeks are ``[first, end)`` of each.

    ``refit``: of the mixture that was chosen, the held-out weeks among them.
    """

    trees: tuple[int, int]
    mixture: tuple[int, int]
    held_out: tuple[int, int]
    refit: tuple[int, int]


def windows_of(first: int, until: int, settings: Settings) -> Windows:
    """The windows before a day. Raises UserError where the history is shorter than half a year."""
    end = until - SETTLED
    span = end - first
    if span < 180:  # noqa: PLR2004 - half a year
        msg = f"only {span} complete days before the day to train until; at least 180 are needed"
        raise UserError(msg)
    held = end - min(HELD_OUT, span // 6 // WEEK * WEEK)
    start = first + min(settings.warm_up, span // 3)
    return Windows(
        trees=(max(start, held - settings.tree_days), held),
        mixture=(max(start, held - settings.mixture_days), held),
        held_out=(held, end),
        refit=(max(start, end - settings.mixture_days), end),
    )


def new_cache(world: World, kind: int, settings: Settings, seed: int) -> Cache:
    """A cache for the refits of one type, with every group that this world has."""
    rate = max(settings.sample, min(1.0, settings.least_sample / max(world.frame.size, 1)))
    return Cache(recipe_of(world, kind), kind, seed, rate)


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
    held = HeldOut.of(whole, spans.held_out[0])
    candidates, notes = _candidates(whole, held, recipe, spans, settings)
    fits = [_fit(each, whole, held, recipe, spans, known.shifts, settings, seed) for each in candidates]
    kept, judged = choose(fits, held.uniform)
    weights = kept.weights if kept.boosters else _refitted(kept, whole, recipe, spans, known.shifts, settings)
    return Trained(
        crime_type=CRIME_TYPES[kind],
        recipe=Recipe(kept.candidate.maps, recipe.groups if kept.boosters else {}),
        weights=tuple(tuple(row) for row in weights.tolist()),
        boosters=kept.boosters,
        scale=(kept.scale,) * known.shifts,
        power=kept.power,
        chosen=kept.candidate.name,
        judged=judged,
        window=(min(spans.trees[0], spans.mixture[0]), spans.held_out[1] - 1),
        until=until,
        events=int((known.counts.weight[known.counts.kind == kind]).sum()) // WEIGHT,
        counts_digest=known.counts.digest(),
        frame_digest=known.frame.digest(),
        layers_digest=known.layers.digest(),
        seed=seed,
        settings={**settings.to_json(), "held_out_days": spans.held_out[1] - spans.held_out[0]},
        notes=notes,
    )


def factors(texts: Sequence[str], features: NDArray[np.float32]) -> Floats:
    """float64[R]: the product of all groups' factors: exp of the boosters' mean raw score."""
    total = np.zeros(len(features))
    for text in texts:
        total += np.asarray(lgb.Booster(model_str=text).predict(features, raw_score=True, num_threads=1))
    return np.asarray(np.exp(total / len(texts)), dtype=np.float64)


def _fit(
    candidate: Candidate,
    whole: Sample,
    held: HeldOut,
    recipe: Recipe,
    spans: Windows,
    shifts: int,
    settings: Settings,
    seed: int,
) -> Fit:
    """A candidate fitted to what lies before the held-out weeks, and judged by them."""
    columns = [recipe.maps.index(name) for name in candidate.maps]
    maps = whole.maps[:, columns]
    weights = _mixture(whole, maps, spans.mixture, shifts, settings)
    raw = mixed(held.rows.maps[:, columns], weights, held.rows.shift)
    if not candidate.trees:
        return held.fit(candidate, weights, (), raw)
    texts = _trees(whole, mixed(maps, weights, whole.shift) * whole.level, spans, recipe, settings, seed)
    return held.fit(candidate, weights, texts, raw * factors(texts, held.rows.features))


def _refitted(kept: Fit, whole: Sample, recipe: Recipe, spans: Windows, shifts: int, settings: Settings) -> Floats:
    """The weights of a mixture without trees, fitted once more, to the held-out weeks too.

    Without them a young history's weights are of months that knew a part of it. Trees correct the mixture that they
    were grown on, so theirs stays.
    """
    columns = [recipe.maps.index(name) for name in kept.candidate.maps]
    return _mixture(whole, whole.maps[:, columns], spans.refit, shifts, settings)


def _mixture(whole: Sample, maps: Floats32, window: tuple[int, int], shifts: int, settings: Settings) -> Floats:
    first, end = window
    on = (whole.y > 0.0) & (whole.day >= first) & (whole.day < end)
    weight = whole.y[on] * 2.0 ** ((whole.day[on] - end) / settings.mixture_life)
    rounds = settings.mixture_rounds, settings.shift_rounds
    return weights_by_shift(maps[on], weight, whole.shift[on], shifts, *rounds)


def _candidates(
    whole: Sample, held: HeldOut, recipe: Recipe, spans: Windows, settings: Settings
) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """Those that there are incidents enough to try, and notes for the card on the others."""
    first, end = spans.trees
    events = float(whole.y[(whole.day >= first) & (whole.day < end)].sum())
    needed = settings.least_events * min(1.0, (end - first) / settings.tree_days)
    rare = f"Too rare for trees: {events:.0f} incidents in {end - first} days; {needed:.0f} are needed to try any."
    found = candidates_of(recipe, trees=events >= needed)
    seen = float(held.rows.y.sum())
    if seen >= settings.least_held:
        return found, () if events >= needed else (rare,)
    silent = f"Only {seen:.0f} incidents in the held-out weeks, too few to choose by: the base, which stands first."
    return found[:1], (rare, silent)


def _trees(
    whole: Sample, expected: Floats, spans: Windows, recipe: Recipe, settings: Settings, seed: int
) -> tuple[str, ...]:
    """The boosters' texts. ``expected``: of every row, what the mixture gives it."""
    first, end = spans.trees
    on = (whole.day >= first) & (whole.day < end)
    weight = whole.w[on] * 2.0 ** ((whole.day[on] - end) / settings.tree_life)
    data = (whole.features[on], whole.y[on], weight, expected[on], recipe, settings)
    return tuple(grown(*data, seed * 100 + number) for number in range(settings.boosters))
