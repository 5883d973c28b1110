"""The figures forecasts are judged by: against sums done by hand, and properties that hold for all forecasts."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts
from models.train.bootstrap import Weeks
from models.train.metrics import (
    BINS,
    Floats,
    binned,
    boxes_in,
    brier,
    d2,
    deviance,
    equal_bins,
    hits,
    ranking,
    ratio_interval,
    relative_error,
    tie_order,
    truth,
)

POSITIVE = st.floats(1e-6, 50.0)
ROW = arrays(np.float64, 40, elements=POSITIVE)
INCIDENTS = arrays(np.float64, 40, elements=st.integers(0, 4).map(float))


def test_deviance_by_hand() -> None:
    """2 (y ln(y/μ) − y + μ), and 2 μ where nothing happened."""
    observed, expected = np.array([2.0, 0.0]), np.array([1.0, 0.25])
    assert deviance(observed, expected) == pytest.approx(2 * (2 * log(2) - 1) + 0.5)


def test_a_forecast_of_nothing_where_something_happened_costs_infinitely_much() -> None:
    """No finite figure excuses a zero."""
    assert deviance(np.array([1.0]), np.array([0.0])) == np.inf


@given(INCIDENTS, ROW)
def test_no_forecast_beats_the_truth(observed: Floats, expected: Floats) -> None:
    """The deviance is never negative, and 0 for the incidents themselves."""
    assert deviance(observed, expected) >= -1e-9
    assert deviance(observed, observed) == 0.0


def test_d2_by_hand() -> None:
    """A tenth less deviance than uniform is a skill of 0.1."""
    assert d2(90.0, 100.0) == pytest.approx(0.1)


def test_hits_count_the_incidents_in_the_highest_boxes() -> None:
    """Of 200 boxes, 1 % is the two highest."""
    expected, observed = np.arange(200.0) / 1000 + 0.001, np.zeros(200)
    observed[[199, 198, 197, 0]] = (3, 1, 5, 7)
    assert hits(observed, expected).tolist() == [3.0, 4.0, 9.0, 9.0]


def test_ties_stand_in_one_fixed_order_that_favours_no_corner() -> None:
    """The order is a permutation, always the same, and not the boxes' own."""
    order = tie_order(1000)
    assert sorted(order.tolist()) == list(range(1000))
    assert ranking(np.ones(1000)).tolist() == order.tolist()
    assert abs(order[:500].mean() - 499.5) < 40
    assert order[:4].tolist() == tie_order(1000)[:4].tolist()


@given(ROW, INCIDENTS)
def test_more_area_never_hits_less_and_scale_does_not_matter(expected: Floats, observed: Floats) -> None:
    """Hits rise with the area, stay within the total, and depend on the ranking alone."""
    found = hits(observed, expected)
    assert (np.diff(found) >= 0).all()
    assert found[-1] <= observed.sum()
    assert hits(observed, expected * 4.0).tolist() == found.tolist()


@pytest.mark.parametrize(("area", "boxes", "count"), [(0.01, 9473, 95), (0.005, 72, 1), (0.05, 72, 4)])
def test_a_share_of_the_area_is_rounded_to_boxes(area: float, boxes: int, count: int) -> None:
    """At least one box, else the nearest number."""
    assert boxes_in(area, boxes) == count


def test_brier_by_hand() -> None:
    """Two incidents in a box are one box that had one."""
    found = brier(np.array([2.0, 0.0]), np.array([1.0, 0.5]))
    assert found == pytest.approx((exp(-1.0) ** 2 + (1 - exp(-0.5)) ** 2) / 2)


def test_bins_hold_equal_mass() -> None:
    """Four items of equal mass in two bins; a heavy one fills a bin alone."""
    assert equal_bins(np.ones(4), 2).tolist() == [0, 0, 1, 1]
    assert equal_bins(np.array([1.0, 1.0, 1.0, 3.0]), 2).tolist() == [0, 0, 0, 1]


@given(INCIDENTS, ROW, st.booleans())
def test_bins_lose_nothing(observed: Floats, expected: Floats, by_expected: bool) -> None:
    """All that was observed and expected is in one of the bins."""
    y, mu = binned(observed, expected, by_expected=by_expected)
    assert len(y) == len(mu) == BINS
    assert y.sum() == pytest.approx(observed.sum())
    assert mu.sum() == pytest.approx(expected.sum())


def test_relative_error_by_hand() -> None:
    """|8 − 10| + |12 − 10| of 20 is a fifth."""
    assert relative_error(np.array([8.0, 12.0]), np.array([10.0, 10.0])) == pytest.approx(0.2)


def test_the_exact_interval_of_few_incidents() -> None:
    """Garwood's interval of 10 is 4.795 to 18.39; of none it begins at 0."""
    assert ratio_interval(10.0, 10.0) == pytest.approx((0.4795, 1.839), rel=1e-3)
    assert ratio_interval(0.0, 1.0) == pytest.approx((0.0, 3.689), rel=1e-3)


def test_truth_adds_parts_of_incidents_by_day_shift_and_box() -> None:
    """An incident split over two shifts is two parts of one; another type or day is none."""
    theft, robbery = CRIME_TYPES.index("theft"), CRIME_TYPES.index("robbery")
    rows = [(theft, 1, 100, 0, 64), (theft, 1, 100, 1, 192), (robbery, 1, 100, 0, WEIGHT), (theft, 1, 103, 0, WEIGHT)]
    kind, box, day, shift, weight = np.array(rows, dtype=np.int64).T
    columns = {"kind": kind, "box": box, "day": day, "shift": shift, "known": day, "weight": weight}
    found = truth(Counts.of(columns, 1, 200), theft, np.array([99, 100, 101]), 2, 3)
    assert found.shape == (3, 2, 3)
    assert found[1].tolist() == [[0.0, 0.25, 0.0], [0.0, 0.75, 0.0]]
    assert found.sum() == 1.0


def test_the_bootstrap_is_reproducible_and_draws_whole_weeks() -> None:
    """The same seed gives the same interval; days of one week come and go together."""
    daily = np.repeat([1.0, 5.0, 9.0], 7)
    one, other = (Weeks(21).interval(lambda a: a, daily) for _ in range(2))
    assert one == other
    assert one["value"] == 105.0
    assert one["low"] >= 21.0
    assert {value % 28.0 for value in Weeks(21).sums(daily).tolist()} == {21.0}


def test_the_interval_covers_a_known_ratio() -> None:
    """Twice the hits is a gain of 1, with an interval around it."""
    daily = np.random.default_rng(3).poisson(60.0, 70).astype(np.float64)
    assert Weeks(70).interval(lambda a, b: a / b - 1.0, 2.0 * daily, daily) == {"value": 1.0, "low": 1.0, "high": 1.0}
