"""What a card says of held-out weeks: the figures of a forecast that is right, and of one that is not."""

import numpy as np
import pytest

from edge.risk.features import Recipe
from edge.risk.model import Window
from models.train.findings import figures_of
from models.train.measure import ablations, additivity, d2_of, measured
from models.train.metrics import Floats

DAYS = Window.model_validate({"first": "2025-02-01", "last": "2025-02-28"})
RANDOM = np.random.default_rng(4)
TRUE: Floats = RANDOM.gamma(0.3, 0.5, (1, 1, 500)) * np.ones((28, 3, 1))
OBSERVED: Floats = RANDOM.poisson(TRUE).astype(np.float64)
RECIPE = Recipe(("even",), {"own": ("a",), "time": ("b",)})


def test_a_right_forecast_is_calibrated() -> None:
    """Observed over expected is about 1, its interval covers 1, and its bins hold all incidents."""
    figures, bins = measured(OBSERVED, TRUE, DAYS)
    by_name = {one.name: one for one in figures.each}
    assert set(by_name) == {"events", "d2", "oe", "hit_1pct", "oe_top1pct", "ece_rel"}
    top = by_name["oe_top1pct"]
    assert top.low is not None
    assert top.high is not None
    assert top.low < 1.0 < top.high
    assert by_name["ece_rel"].value < 0.15
    assert by_name["events"].value == OBSERVED.sum() == pytest.approx(sum(one.observed for one in bins))
    assert len(bins) == 20


def test_a_forecast_twice_too_high_shows() -> None:
    """In the ratio, and in the calibration error."""
    by_name = {one.name: one.value for one in measured(OBSERVED, 2.0 * TRUE, DAYS)[0].each}
    assert by_name["oe"] == pytest.approx(0.5, abs=0.05)
    assert by_name["ece_rel"] > 0.9


def test_no_incident_gives_no_figure_but_their_number() -> None:
    """Nothing is made up where nothing happened."""
    figures, _ = measured(np.zeros_like(OBSERVED), TRUE, DAYS)
    names = {one.name for one in figures.each}
    assert "hit_1pct" not in names
    assert "ece_rel" not in names


def test_the_cost_of_additivity_is_the_share_of_d2_lost() -> None:
    """Beside a twin that knows the truth, a forecast with a blurred half loses; a group's absence is told likewise."""
    ours = TRUE * np.where(np.arange(500) % 2, 1.5, 1.0)
    asked = []

    def forecast(recipe: Recipe, additive: bool) -> Floats:
        asked.append((tuple(recipe.groups), additive))
        return TRUE if additive is False else np.full_like(TRUE, TRUE.mean())

    found = additivity(RECIPE, forecast, OBSERVED, ours)
    assert found is not None
    assert found.d2 == d2_of(OBSERVED, ours)
    assert found.lost == pytest.approx((found.d2_twin - found.d2) / found.d2_twin)
    assert found.lost > 0
    without = ablations(RECIPE, RECIPE.groups, forecast, OBSERVED, ours)
    assert [one.group for one in without] == ["own", "time"]
    assert all(one.lost == pytest.approx(found.d2, abs=1e-9) for one in without)
    assert asked == [(("own", "time"), False), (("time",), True), (("own",), True)]


def test_figures_are_read_from_an_evaluations_entry() -> None:
    """Numbers with their intervals beside or inside; lists, words and what is not finite are left out."""
    entry = {
        "d2": 0.2,
        "d2_interval": {"value": 0.2, "low": 0.1, "high": 0.3},
        "gain": {"value": 0.08, "low": 0.05, "high": 0.1},
        "best_simple": "count",
        "baselines": {"uniform": {"d2": 0.0}},
        "oe": float("nan"),
        "open": {"value": 1.0, "low": float("nan"), "high": 2.0},
    }
    found = {one.name: (one.value, one.low, one.high) for one in figures_of(entry, "2018.", None).each}
    assert found == {"d2": (0.2, 0.1, 0.3), "gain": (0.08, 0.05, 0.1), "open": (1.0, None, None)}
