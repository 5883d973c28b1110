"""PAI and PEI at the area that an agency patrols: right values, and horizons that know nothing of their days."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from models.evaluate.own_area import area_figures, horizons, over, own_area, own_boxes
from tests.models.toy import PERIOD
from tests.plans.planning_town import BOXES, agency


def test_pai_and_pei_by_hand() -> None:
    """Two of four boxes: 6 of 10 incidents are 1.2 times their share; the best two would have had 9."""
    observed = np.array([[6.0, 0.0, 3.0, 1.0]])
    expected = np.array([[2.0, 1.5, 1.0, 0.5]])
    found = area_figures(observed, expected, 2)
    assert (found["hit"], found["pai"], found["pei"]) == pytest.approx((0.6, 1.2, 6 / 9))


def test_a_perfect_forecast_has_a_pei_of_one() -> None:
    """Whatever its PAI; nothing observed gives no figure."""
    observed = np.random.default_rng(2).poisson(0.3, (9, 2, 40)).astype(np.float64)
    assert area_figures(observed, observed, 4)["pei"] == 1.0
    assert isnan(area_figures(np.zeros((1, 4)), observed[:1, 0, :4], 1)["pei"])


def test_whole_spans_are_added_up() -> None:
    """Nine days in two shifts are two spans of four days; the ninth day is left out."""
    values = np.arange(9 * 2 * 3, dtype=np.float64).reshape(9, 2, 3)
    assert over(4, values).tolist() == [values[:4].sum((0, 1)).tolist(), values[4:8].sum((0, 1)).tolist()]


def test_a_horizon_ends_before_the_model_is_fitted_anew() -> None:
    """Only spans that fit into those of a fit: else the model would know a part of what it forecasts."""
    assert horizons(replace(PERIOD, refit_days=28), (0, 1, 7, 10, 14, 28)) == (0, 7, 14, 28)
    assert horizons(replace(PERIOD, refit_days=10), (0, 7, 10)) == (0, 10)


def test_the_area_is_that_of_all_plans() -> None:
    """The boxes a shift of every district, single districts by their own number."""
    town = agency()
    districts = {box.district for box in town.grid.boxes.values()}
    assert own_boxes(town) == min(BOXES, town.planner.boxes_per_shift * len(districts))
    fewer = replace(town, planner=town.planner.model_copy(update={"by_area": dict.fromkeys(districts, 2)}))
    assert own_boxes(fewer) == 2 * len(districts)
    figures = area_figures(np.ones((1, BOXES)), np.ones((1, BOXES)), own_boxes(fewer))
    found = own_area(fewer, {0: {"model": figures}, 7: {"model": figures}})
    assert found["share"] == 2 * len(districts) / BOXES
    assert list(found["horizons"]) == ["shift", "7_days"]
