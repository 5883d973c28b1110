"""The choice among candidates: what wins is kept, and a tie goes to what stands before it."""

from dataclasses import replace

import numpy as np
import pytest

from edge.domain.policy import CRIME_TYPES
from edge.risk.features import EVEN
from models.features.recipes import NEAR_REPEAT, recipe_of
from models.train.candidates import WORDS, Candidate, candidates_of
from models.train.choose import Fit, HeldOut, choose
from models.train.sample import sampled
from models.train.settings import Settings
from models.train.train import windows_of
from tests.risk.small_world import FIRST, THEFT, made_up, world_of

WEEKS = 12


def fit(name: str, *deviance: float) -> Fit:
    """A candidate with these weekly deviances, repeated."""
    weekly = np.resize(np.array(deviance), WEEKS)
    return Fit(Candidate(name, (EVEN,)), np.ones((1, 1)), (), 1.0, 1.0, weekly)


def test_what_wins_by_more_than_its_error_is_kept() -> None:
    """A little better in every week is no chance; the figures are differences of D² and their standard error."""
    kept, judged = choose([fit("base", 100.0, 110.0), fit("base_trees", 99.0, 108.0)], 2400.0)
    assert kept.candidate.name == "base_trees"
    assert judged[1].d2 == pytest.approx(1 - 1242 / 2400)
    assert (judged[1].against_chosen, judged[1].error) == (0.0, 0.0)
    assert judged[0].against_chosen == pytest.approx(-18 / 2400)
    assert judged[0].error == pytest.approx(np.sqrt(12) * np.std([-1.0, -2.0] * 6, ddof=1) / 2400)


def test_a_tie_goes_to_what_stands_before() -> None:
    """Better on the whole, but now so, now so: within half a standard error the first is kept."""
    fits = [fit("base", 100.0, 100.0), fit("box_shift", 80.0, 119.0), fit("base_trees", 81.0, 118.5)]
    assert choose(fits, 2400.0)[0].candidate.name == "base"
    assert choose(fits[1:], 2400.0)[0].candidate.name == "box_shift"


def test_nothing_is_kept_that_did_worse_than_what_stands_before_it() -> None:
    """Near the best by chance, yet under the base: what is kept is the base's addition, a little better each week."""
    fits = [fit("base", 100.0, 100.0), fit("near_repeat", 80.0, 121.0), fit("base_near_repeat", 99.9, 99.8)]
    assert choose(fits, 2400.0)[0].candidate.name == "base_near_repeat"


def test_the_candidates_are_the_base_the_rivals_and_what_is_added() -> None:
    """Every candidate mixes maps of the recipe with the even one first; trees only where there is enough for them."""
    recipe = recipe_of(world_of(made_up(3, 200, 3000)), THEFT)
    found = candidates_of(recipe, trees=True)
    assert [one.name for one in found] == list(WORDS)
    assert all(one.maps[0] == EVEN and set(one.maps) <= set(recipe.maps) for one in found)
    assert [one.name for one in found if one.trees] == ["base_trees"]
    assert found[0].maps == found[-1].maps
    assert not set(found[0].maps) & set(NEAR_REPEAT)
    assert {one.name for one in candidates_of(recipe, trees=False)} == set(WORDS) - {"base_trees"}


def test_groups_switched_off_take_their_candidates_with_them() -> None:
    """Without neighbours there is no near repeat; without other types the base is the own mixture, and named base."""
    recipe = recipe_of(world_of(made_up(3, 200, 3000)), THEFT)
    alone = candidates_of(recipe.without(("nearby", "other", "gunfire")), trees=False)
    assert [one.name for one in alone] == ["base", "history", "box_shift", "base_near_repeat"]


def test_the_sample_estimates_the_deviance_of_all_boxes() -> None:
    """Thinned rows, weighted back, give about what every box gives."""
    world = world_of(made_up(3, 300, 4000))
    recipe = replace(recipe_of(world, THEFT), groups={})
    first = FIRST + 270
    whole, thinned = (HeldOut.of(sampled(world, recipe, THEFT, first, 1, rate), first) for rate in (1e9, 0.5))
    ratio = thinned.uniform / whole.uniform
    assert len(thinned.rows) < len(whole.rows)
    assert ratio == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize(("days", "weeks"), [(200, 4), (372, 8), (740, 12), (2400, 12)])
def test_the_weeks_held_out_follow_from_the_history(days: int, weeks: int) -> None:
    """A sixth of a short history in whole weeks, twelve weeks of a long one."""
    first, end = windows_of(FIRST, FIRST + days, Settings()).held_out
    assert end - first == 7 * weeks


def test_what_has_no_source_is_not_named() -> None:
    """Without places there is no group of places, without other types no map of one, whatever the calendar knows."""
    counts = made_up(3, 200, 3000)
    alone = replace(counts, kind=np.full_like(counts.kind, THEFT))
    recipe = recipe_of(world_of(alone), THEFT)
    assert set(recipe.groups) == {"own", "nearby", "time"}
    assert not [name for name in recipe.maps if name.startswith(CRIME_TYPES)]
    assert "places" not in recipe_of(world_of(counts), THEFT).groups
