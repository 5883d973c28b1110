"""What the bound reads of a day: the seen weeks around it over the day's own forecast, and nothing else."""

import numpy as np
import pytest

from edge.risk.frame import Frame
from models.evaluate.hindsight import FEATURES, WEEK, WINDOWS, Hindsight, Window
from models.train.metrics import Floats, Ints

FRAME = Frame(np.array([(x, y) for x in range(3) for y in range(2)], dtype=np.int32))
DAYS, SHIFTS, DAY = 6 * WEEK, 2, 2 * WEEK + 3
SEEN = np.arange(DAYS) // WEEK % 3 != 2
ROWS: Ints = np.tile(np.arange(FRAME.size), (SHIFTS, 1))
FORECAST: Floats = np.full((SHIFTS, FRAME.size), 0.5)


def read(observed: Floats, window: Window) -> Floats:
    """float64[shifts, boxes]: one feature of `DAY`, which is in a week not seen, as an odds."""
    found = Hindsight.of(observed, SEEN, FRAME).features(DAY, FORECAST, ROWS)
    assert found.shape == (SHIFTS, FRAME.size, FEATURES)
    return np.exp(found[..., 1 + WINDOWS.index(window)])


def test_what_happened_after_the_day_is_set_against_its_forecast() -> None:
    """12 incidents after the day, all in one of six boxes that are forecast alike, so that 2 were expected in each."""
    observed = np.zeros((DAYS, SHIFTS, FRAME.size))
    observed[3 * WEEK : 4 * WEEK - 1, :, 0] = 1.0
    odds = read(observed, Window(5.0))
    assert odds[:, 0] == pytest.approx((12 + 5) / (2 + 5))
    assert odds[:, 1:] == pytest.approx(5 / (2 + 5))
    assert read(observed, Window(20.0, radius=1))[:, 0] == pytest.approx((12 + 20) / (8 + 20), rel=0.05)


def test_a_shift_and_a_weekday_have_their_own() -> None:
    """Six incidents of the first shift; one is on the day's weekday."""
    observed = np.zeros((DAYS, SHIFTS, FRAME.size))
    observed[3 * WEEK + 1 : 4 * WEEK, 0, 0] = 1.0
    by_shift = read(observed, Window(5.0, by_shift=True))
    assert by_shift[0, 0] == pytest.approx((6 + 5) / (0.5 + 5))
    assert by_shift[1, 0] == pytest.approx((0 + 5) / (0.5 + 5))
    assert read(observed, Window(5.0, by_weekday=True))[0, 0] == pytest.approx((1 + 5) / (1 / 6 + 5))


def test_weeks_not_seen_are_not_read() -> None:
    """Incidents of the day, of its week and of the other weeks not seen change no feature."""
    observed = np.random.default_rng(1).poisson(0.5, (DAYS, SHIFTS, FRAME.size)).astype(np.float64)
    other = observed + np.where(SEEN, 0.0, 3.0)[:, None, None]
    first, second = (Hindsight.of(each, SEEN, FRAME).features(DAY, FORECAST, ROWS) for each in (observed, other))
    assert np.array_equal(first, second)


def test_a_day_with_nothing_after_it_reads_nothing() -> None:
    """On the period's last day, and where no incident is: no feature but the forecast speaks."""
    observed = np.zeros((DAYS, SHIFTS, FRAME.size))
    found = Hindsight.of(observed, SEEN, FRAME).features(DAYS - 1, FORECAST, ROWS)
    assert found[..., 0] == pytest.approx(np.log(0.5))
    assert not found[..., 1:].any()
