"""No leak: whatever happens at or after a forecast's origin, model and forecast stay the same, bit for bit.

Fitting and forecasting are given *all* counts here, so it is they that must not look.
"""

from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pytest

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import Counts
from edge.risk.features import World
from models.evaluate.model import TrainedModel
from models.evaluate.setting import Setting
from models.train.forecast import forecast
from models.train.settings import Settings
from models.train.train import train
from models.train.trained import Trained
from tests.models.toy import PERIOD, after, square_agency, toy

__all__ = ["square_agency", "toy"]

THEFT = CRIME_TYPES.index("theft")
SMALL = Settings(tree_days=60, mixture_days=60, rounds=15, least_events=100, least_rows=20, warm_up=60, sample=0.5)
UNTIL = int(PERIOD.days[0])
LATER = UNTIL + 3


def _world(setting: Setting, counts: Counts) -> World:
    return replace(setting.world, counts=counts)


@pytest.fixture(scope="module")
def trained(toy: Setting) -> Trained:
    """A model of theft; trees, kept or not, were judged with the others, and what they reached is in it."""
    found = train(toy.world, THEFT, UNTIL, SMALL)
    assert "base_trees" in {one.name for one in found.judged}
    return found


@pytest.mark.parametrize("shuffled", [False, True])
def test_training_sees_nothing_from_its_day_on(toy: Setting, trained: Trained, shuffled: bool) -> None:
    """Deleted or shuffled, later incidents change no weight, no tree, no level: not a byte of the model."""
    other = after(toy.world.counts, date.fromordinal(UNTIL), shuffled=shuffled)
    assert other.digest() != toy.world.counts.digest()
    assert asdict(train(_world(toy, other), THEFT, UNTIL, SMALL)) == asdict(trained)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("day", [UNTIL, LATER])
def test_forecasts_see_nothing_from_their_day_on(toy: Setting, trained: Trained, day: int, shuffled: bool) -> None:
    """The day's own incidents and all after it: deleted or shuffled, the expected counts are the same bytes."""
    other = after(toy.world.counts, date.fromordinal(day), shuffled=shuffled)
    assert forecast(trained, _world(toy, other), day).tobytes() == forecast(trained, toy.world, day).tobytes()


def test_forecasts_do_see_the_day_before(toy: Setting, trained: Trained) -> None:
    """The test above can fail: yesterday's incidents, shuffled, change the forecast."""
    other = after(toy.world.counts, date.fromordinal(LATER - 1), shuffled=True)
    assert forecast(trained, _world(toy, other), LATER).tobytes() != forecast(trained, toy.world, LATER).tobytes()


def test_the_evaluations_model_is_the_trained_one(toy: Setting, trained: Trained) -> None:
    """Evaluation fits and forecasts by training's own functions; rows kept from an earlier fit change nothing."""
    modeller = TrainedModel(SMALL)
    modeller.fit(toy.known_before(UNTIL - 28), THEFT, UNTIL - 28)
    again = modeller.fit(toy.known_before(UNTIL), THEFT, UNTIL)
    found = modeller.forecast(again, toy.known_before(LATER), LATER)
    assert found.tobytes() == forecast(trained, toy.world, LATER).tobytes()


def test_data_a_week_late_are_no_week_without_crime(toy: Setting, trained: Trained) -> None:
    """Seven days less known: the level stays near, for windows end where the data end."""
    late, fresh = (forecast(trained, toy.known_before(LATER - lag), LATER).sum(axis=1) for lag in (7, 0))
    assert late == pytest.approx(fresh, rel=0.25)
    assert np.isfinite(late).all()
