"""A job measures what it trains: on weeks that the measured model did not see."""

from dataclasses import replace
from functools import cache

import pytest

from models.train.job import WEEKS, Job, Result, run
from models.train.sample import SETTLED
from models.train.settings import Settings
from models.train.trained import holdings
from tests.risk.small_world import FIRST, THEFT, made_up, restless, world_of

pytestmark = pytest.mark.timeout(300)  # trains

DAYS = 470
FEW = Settings(rounds=6, rate=0.3, least_rows=20, least_events=500, sample=0.2, l2=1.0)


@cache
def result() -> Result:
    return run(Job(world_of(restless(21, DAYS)), THEFT, FIRST + DAYS, FEW, seed=1))


def test_the_figures_are_of_the_last_weeks() -> None:
    """Twelve weeks that end where settled days end, with D² and hits among the figures."""
    days = result().findings.figures.days
    assert days is not None
    assert days.last.toordinal() == FIRST + DAYS - SETTLED - 1
    assert (days.last - days.first).days == 7 * WEEKS - 1
    assert {"d2", "hit_1pct", "oe_top1pct"} <= {figure.name for figure in result().findings.figures.each}
    assert result().findings.unmeasured() == ()


def test_each_group_is_left_out_once() -> None:
    """The ablation names every group that the model holds, and the twin without constraint is measured."""
    assert [one.group for one in result().findings.ablation] == list(holdings(result().trained.recipe))
    assert result().findings.additivity is not None
    assert result().findings.tried


def test_the_model_itself_knows_those_weeks() -> None:
    """The model that is shipped is trained to the end; only its measured twin stops earlier."""
    assert result().trained.window[1] == FIRST + DAYS - SETTLED - 1
    assert [one.shift for one in result().drawn] == [0, 1, 2]


def test_a_short_history_is_not_measured() -> None:
    """Under a year before those weeks nothing is measured, and the card will say so."""
    job = Job(world_of(made_up(21, 300, 4000)), THEFT, FIRST + 300, replace(FEW, rounds=2), seed=1)
    assert len(run(job).findings.unmeasured()) == 4


def test_without_ablation_the_figures_remain() -> None:
    """Who asks for no ablation still gets figures and calibration."""
    job = Job(world_of(restless(21, DAYS)), THEFT, FIRST + DAYS, FEW, seed=1, ablate=False)
    found = run(job).findings
    assert found.ablation == ()
    assert found.figures == result().findings.figures
    assert sum(one.observed for one in found.calibration) == pytest.approx(
        sum(one.observed for one in result().findings.calibration)
    )
