"""What an evaluation stores of its forecasts: sums that give the same figures, from a file as well."""

from pathlib import Path

import numpy as np
import pytest

from models.evaluate.figures import hit_gain
from models.evaluate.statistics import Statistics, load, save, statistics
from models.train.bootstrap import Weeks
from models.train.metrics import AREAS, Floats, binned, deviance, hits


def _made(days: int = 21, seed: int = 3) -> tuple[Floats, Floats, Statistics]:
    random = np.random.default_rng(seed)
    expected = random.gamma(0.5, 0.2, (days, 2, 300))
    observed = random.poisson(expected).astype(np.float64)
    month, district = np.arange(days) // 10, np.arange(300) // 100
    return observed, expected, statistics(observed, expected, month, district)


def test_statistics_are_sums_of_the_figures() -> None:
    """What is kept of the forecasts gives the same figures as the forecasts themselves."""
    observed, expected, kept = _made()
    assert kept.deviance.sum() == pytest.approx(deviance(observed, expected).sum())
    assert kept.hits.tolist() == hits(observed, expected).tolist()
    assert kept.hoped[..., -1] == pytest.approx(np.sort(expected, axis=-1)[..., -15:].sum(axis=-1))
    assert kept.hits.shape == (21, 2, len(AREAS))
    for by in (True, False):
        name = "mass" if by else "rows"
        y, mu = binned(observed, expected, by_expected=by)
        assert getattr(kept, f"{name}_observed") == pytest.approx(y)
        assert getattr(kept, f"{name}_expected") == pytest.approx(mu)
    for group in ("shift", "month", "district"):
        assert getattr(kept, f"{group}_observed").sum() == pytest.approx(observed.sum())
    assert kept.district_expected.sum(axis=1) == pytest.approx(expected.reshape(-1, 3, 100).sum(axis=(0, 2)))
    assert kept.decile_observed.sum() == pytest.approx(observed.sum())


def test_statistics_come_back_from_a_file(tmp_path: Path) -> None:
    """Saved and loaded, every array is the same."""
    _, _, kept = _made()
    save(tmp_path / "statistics.npz", {"model": kept, "uniform": kept})
    back = load(tmp_path / "statistics.npz")
    assert list(back) == ["model", "uniform"]
    assert back["model"].mass_expected.tolist() == kept.mass_expected.tolist()


def test_paired_draws_of_equal_methods_differ_by_nothing() -> None:
    """The interval of a method over itself has no width: the same weeks are drawn for both."""
    _, _, kept = _made()
    assert hit_gain(Weeks(21), [kept], [kept]) == {"value": 0.0, "low": 0.0, "high": 0.0}
