"""Training on a small town: leak-safe, reproducible, additive by group, honest where a type is too rare."""

from dataclasses import replace
from functools import cache

import lightgbm as lgb
import numpy as np
import pytest

from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from edge.risk.counts import Counts
from edge.risk.features import World
from models.train.candidates import Candidate, candidates_of
from models.train.choose import HeldOut
from models.train.forecast import forecast
from models.train.metrics import Floats
from models.train.mixture import mixed, weights_by_shift
from models.train.sample import Sample
from models.train.settings import Settings
from models.train.train import new_cache, train, windows_of
from models.train.trained import Trained, holdings
from models.train.trees import tree_groups
from tests.risk.small_world import FIRST, ROBBERY, THEFT, made_up, restless, world_of

pytestmark = pytest.mark.timeout(300)  # trains

DAYS = 330
UNTIL = FIRST + DAYS - 20
FEW = Settings(rounds=25, rate=0.2, least_rows=20, least_events=500, sample=0.2, l2=1.0)


@cache
def town() -> World:
    """A box struck has a quiet week and a half: trees are what can tell."""
    return world_of(restless(11, DAYS))


@cache
def calm() -> World:
    """Places alike on all days, some worse than others: the base knows all there is."""
    return world_of(made_up(11, DAYS, 6000))


@cache
def theft() -> Trained:
    return train(town(), THEFT, UNTIL, FEW, seed=3)


@cache
def calm_theft() -> Trained:
    return train(calm(), THEFT, UNTIL, FEW, seed=3)


def rows_of(world: World) -> Sample:
    """The rows that a theft model of `FEW` is made of."""
    spans = windows_of(FIRST, UNTIL, FEW)
    known = replace(world, counts=world.counts.known_before(UNTIL))
    return new_cache(known, THEFT, FEW, 3).window(known, min(spans.trees[0], spans.mixture[0]), spans.held_out[1])


def weights_of(whole: Sample, columns: list[int], window: tuple[int, int]) -> Floats:
    """A mixture's weights by the incidents of a window, as `FEW` fits them."""
    on = (whole.y > 0.0) & (whole.day >= window[0]) & (whole.day < window[1])
    weight = whole.y[on] * 0.5 ** ((window[1] - whole.day[on]) / FEW.mixture_life)
    maps, rounds = whole.maps[on][:, columns], (FEW.mixture_rounds, FEW.shift_rounds)
    return weights_by_shift(maps, weight, whole.shift[on], town().shifts, *rounds)


def rid_of_later(counts: Counts, seed: int) -> Counts:
    """The counts with every row known at or after the origin replaced by another town's."""
    other = restless(seed, DAYS)
    on, fields = other.known >= UNTIL, ("kind", "box", "day", "shift", "known", "weight")
    later = Counts.of({name: getattr(other, name)[on].astype(np.int64) for name in fields}, FIRST, counts.last)
    return counts.known_before(UNTIL).plus(later)


def test_the_same_seed_gives_the_same_model() -> None:
    """Trained twice, every number and every tree is the same; another seed grows other trees."""
    again = train(town(), THEFT, UNTIL, FEW, seed=3)
    assert (again.boosters, again.weights, again.scale, again.power) == (
        theft().boosters,
        theft().weights,
        theft().scale,
        theft().power,
    )
    assert train(town(), THEFT, UNTIL, FEW, seed=4).boosters != theft().boosters


def test_what_comes_later_changes_nothing() -> None:
    """Events at or after the origin replaced by others: the model and its forecast stay, bit for bit."""
    shuffled = replace(town(), counts=rid_of_later(town().counts, seed=99))
    again = train(shuffled, THEFT, UNTIL, FEW, seed=3)
    assert again.boosters == theft().boosters
    assert again.counts_digest == theft().counts_digest
    assert forecast(again, shuffled, UNTIL).tobytes() == forecast(theft(), town(), UNTIL).tobytes()


def test_every_tree_uses_one_group() -> None:
    """Walking each tree of the booster finds columns of one group only; several groups have trees."""
    groups = tree_groups(theft().boosters[0], theft().recipe)
    assert len(groups) == FEW.rounds
    assert len({group for group in groups if group}) > 2


def test_a_mixed_tree_is_found() -> None:
    """The walk tells: the unconstrained twin mixes groups, and is named."""
    twin = train(town(), THEFT, UNTIL, replace(FEW, additive=False), seed=3)
    with pytest.raises(ValueError, match="mixes the groups"):
        tree_groups(twin.boosters[0], twin.recipe)


def test_refits_with_a_cache_are_those_without() -> None:
    """Rows kept from an earlier refit give what making them anew gives."""
    cache_ = new_cache(town(), THEFT, FEW, 3)
    train(town(), THEFT, UNTIL - 28, FEW, seed=3, cache=cache_)
    assert train(town(), THEFT, UNTIL, FEW, seed=3, cache=cache_).boosters == theft().boosters


def test_a_group_switched_off_has_no_column() -> None:
    """Neither its features nor its maps are in the model, with one cache for both."""
    cache_ = new_cache(town(), THEFT, FEW, 3)
    without = train(town(), THEFT, UNTIL, FEW, seed=3, cache=cache_, off=("other", "gunfire"))
    assert {"other", "gunfire"}.isdisjoint(holdings(without.recipe))
    assert not [name for name in without.recipe.maps if name.startswith(CRIME_TYPES)]
    assert forecast(without, town(), UNTIL).shape == forecast(theft(), town(), UNTIL).shape


def test_trees_are_kept_where_only_they_can_tell() -> None:
    """The held-out weeks choose them, and every candidate's D² is kept beside, the chosen one's difference 0."""
    assert theft().chosen == "base_trees"
    judged = {one.name: one for one in theft().judged}
    rivals = {"history", "history_kde", "box_shift", "near_repeat", "own_mixture"}
    assert set(judged) == {"base", *rivals, "base_near_repeat", "base_trees"}
    assert judged["base_trees"].against_chosen == judged["base_trees"].error == 0.0
    assert judged["base"].against_chosen < -judged["base"].error < 0.0
    assert judged["base"].d2 - judged["base_trees"].d2 == pytest.approx(judged["base"].against_chosen)


def test_trees_that_do_not_win_are_not_in_the_model() -> None:
    """Where places are alike on all days trees have nothing to say: neither their columns nor groups are there."""
    assert calm_theft().chosen != "base_trees"
    assert calm_theft().boosters == ()
    assert calm_theft().recipe.columns == ()
    assert set(holdings(calm_theft().recipe)) <= {"own", "nearby", "other", "gunfire"}
    assert "base_trees" in {one.name for one in calm_theft().judged}


def test_a_mixture_that_is_chosen_is_fitted_to_the_held_out_weeks_too() -> None:
    """Its weights are EM's on all weeks; power, scale and what the candidates were judged by are the held-out fit's."""
    chosen, whole, spans = calm_theft(), rows_of(calm()), windows_of(FIRST, UNTIL, FEW)
    columns = [new_cache(calm(), THEFT, FEW, 3).recipe.maps.index(name) for name in chosen.recipe.maps]
    judged = weights_of(whole, columns, spans.mixture)
    held = HeldOut.of(whole, spans.held_out[0])
    raw = mixed(held.rows.maps[:, columns], judged, held.rows.shift)
    fit = held.fit(Candidate(chosen.chosen, chosen.recipe.maps), judged, (), raw)
    assert (chosen.power, chosen.scale[0]) == (fit.power, fit.scale)
    assert {one.name: one.d2 for one in chosen.judged}[chosen.chosen] == 1.0 - fit.deviance.sum() / held.uniform
    assert spans.refit == (spans.mixture[0], spans.held_out[1])
    assert np.array_equal(chosen.weights, weights_of(whole, columns, spans.refit))
    assert not np.array_equal(chosen.weights, judged)


def test_trees_keep_the_mixture_that_they_were_grown_on() -> None:
    """They correct that one: its weights and they are of the weeks before those held out."""
    chosen, whole, spans = theft(), rows_of(town()), windows_of(FIRST, UNTIL, FEW)
    columns = [new_cache(town(), THEFT, FEW, 3).recipe.maps.index(name) for name in chosen.recipe.maps]
    assert np.array_equal(chosen.weights, weights_of(whole, columns, spans.mixture))


def test_a_rare_type_has_no_trees() -> None:
    """Too few incidents to try any: maps alone, the others' among them, and a note for the card that says so."""
    rare = train(calm(), CRIME_TYPES.index("homicide"), UNTIL, FEW)
    assert rare.boosters == ()
    assert rare.notes[0].startswith("Too rare for trees: ")
    assert "base_trees" not in {one.name for one in rare.judged}
    base = candidates_of(new_cache(calm(), CRIME_TYPES.index("homicide"), FEW, 0).recipe, trees=False)[0]
    assert (base.name, "theft.any.h30.r1" in base.maps) == ("base", True)
    assert (forecast(rare, calm(), UNTIL) > 0.0).all()


def test_the_forecast_meets_the_level() -> None:
    """Over the days after training the expected count is about the observed one."""
    expected = sum(float(forecast(calm_theft(), calm(), UNTIL + day).sum()) for day in range(15))
    counts = calm().counts
    on = (counts.kind == THEFT) & (counts.day >= UNTIL) & (counts.day < UNTIL + 15)
    assert expected == pytest.approx(counts.weight[on].sum() / 256, rel=0.2)


def test_a_hot_corner_is_found() -> None:
    """Boxes where three in ten incidents fell are forecast far above the others."""
    risk = forecast(calm_theft(), calm(), UNTIL).sum(axis=0)
    assert risk[:4].mean() > 4 * risk[4:].mean()


def test_windows_lie_in_the_order_of_time() -> None:
    """Trees and mixture end where the held-out weeks begin, and those end before the unsettled days."""
    spans = windows_of(FIRST, UNTIL, Settings())
    assert spans.trees[1] == spans.mixture[1] == spans.held_out[0]
    assert spans.held_out[1] < UNTIL


def test_half_a_year_is_the_least() -> None:
    """A shorter history is refused with a sentence."""
    with pytest.raises(UserError, match="at"):
        train(town(), THEFT, FIRST + 100, FEW)


def test_a_type_without_incidents_is_refused() -> None:
    """Nothing to learn from is said, by the type's name."""
    counts = town().counts
    fields = ("kind", "box", "day", "shift", "known", "weight")
    on = counts.kind != ROBBERY
    left = Counts.of({name: getattr(counts, name)[on].astype(np.int64) for name in fields}, counts.first, counts.last)
    with pytest.raises(UserError, match="robbery"):
        train(replace(town(), counts=left), ROBBERY, UNTIL, FEW)


def test_boosters_are_read_by_lightgbm() -> None:
    """The text is LightGBM's own, with a name for every column."""
    names = lgb.Booster(model_str=theft().boosters[0]).feature_name()
    assert names == [f"{group}/{name}" for group, name in theft().recipe.columns]
