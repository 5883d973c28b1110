"""Mixture weights and calibration recover what made-up data were made with."""

import numpy as np
import pytest

from models.train.calibrate import power_of, scale_of
from models.train.mixture import LEAST_EVEN, mixed, weights_by_shift
from models.train.sample import uniform


def test_the_weights_of_a_mixture_are_found() -> None:
    """Incidents drawn from three parts of one map and one of another give about those weights."""
    random = np.random.default_rng(1)
    densities = np.stack([np.ones(500), random.gamma(0.5, 2.0, 500), random.gamma(0.5, 2.0, 500)], axis=1)
    densities /= densities.mean(axis=0)
    boxes = random.choice(500, 20_000, p=(0.75 * densities[:, 1] + 0.25 * densities[:, 2]) / 500)
    maps, shift = densities[boxes].astype(np.float32), random.integers(0, 2, 20_000).astype(np.int8)
    for row in weights_by_shift(maps, np.ones(20_000), shift, 2, 200, 50):
        assert row == pytest.approx([LEAST_EVEN, 0.75, 0.25], abs=0.06)
        assert row.sum() == pytest.approx(1.0)


def test_a_shift_without_incidents_keeps_the_common_weights() -> None:
    """No evidence of its own: the weights of all shifts."""
    maps = np.abs(np.random.default_rng(2).normal(1.0, 0.3, (300, 3))).astype(np.float32)
    found = weights_by_shift(maps, np.ones(300), np.zeros(300, dtype=np.int8), 2, 30, 0)
    assert found[1].tolist() == found[0].tolist()
    assert mixed(maps, found, np.ones(300, dtype=np.int8)) == pytest.approx(maps @ found[1], rel=1e-6)


def test_over_forecast_tops_are_taken_back() -> None:
    """Counts made with the raw risk to the 0.9 and three quarters of the level: power and scale say so."""
    random = np.random.default_rng(3)
    raw, level = random.gamma(0.7, 1.5, 400_000) + 0.01, np.full(400_000, 0.2)
    observed = random.poisson(0.75 * level * raw**0.9).astype(np.float64)
    weight = np.ones(400_000)
    power = power_of(observed, weight, raw, level)
    assert power == pytest.approx(0.9, abs=0.02)
    scale = scale_of(observed, weight, raw, level, power, np.arange(400_000) % 12)
    assert (scale * level * raw**power).sum() == pytest.approx(observed.sum(), rel=0.03)


def test_few_incidents_change_little() -> None:
    """A dozen incidents leave power and scale near 1."""
    raw, level = np.linspace(0.1, 5.0, 200), np.full(200, 0.02)
    observed = np.zeros(200)
    observed[:12] = 1.0
    power = power_of(observed, np.ones(200), raw, level)
    assert power == pytest.approx(1.0, abs=0.05)
    assert scale_of(observed, np.ones(200), raw, level, power, np.arange(200) % 4) == pytest.approx(1.0, abs=0.05)


def test_weeks_without_an_incident_change_no_power() -> None:
    """A rare type may have none in the held-out weeks: the power stays 1, the level falls a little."""
    raw, level, nothing = np.linspace(0.1, 5.0, 200), np.full(200, 0.02), np.zeros(200)
    assert power_of(nothing, np.ones(200), raw, level) == 1.0
    assert 0.99 < scale_of(nothing, np.ones(200), raw, level, 1.0, np.zeros(200, dtype=np.int64)) < 1.0


@pytest.mark.parametrize("broken", [0.0, 2.0])
def test_weeks_without_records_and_a_step_in_recording_do_not_move_the_scale(broken: float) -> None:
    """Three weeks of twelve without a record, or at double what the level knows: the scale stays that of the others."""
    raw, level = np.ones(12_000), np.full(12_000, 10.0)
    week = np.arange(12_000) % 12
    observed = np.where(week < 3, broken, 0.8) * level
    found = scale_of(observed, np.ones(12_000), raw, level, 1.0, week)
    assert found == pytest.approx(0.8, abs=0.01)


def test_a_rows_number_is_its_own_and_even() -> None:
    """The same row gets the same number; numbers fill [0, 1) evenly and differ by seed, type, day and shift."""
    first = uniform(1, 6, 736_000, 2, 10_000)
    assert first.tolist() == uniform(1, 6, 736_000, 2, 10_000).tolist()
    assert np.histogram(first, bins=10, range=(0, 1))[0] == pytest.approx(1000, rel=0.15)
    for other in (
        uniform(2, 6, 736_000, 2, 10_000),
        uniform(1, 6, 736_001, 2, 10_000),
        uniform(1, 6, 736_000, 1, 10_000),
    ):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.05
