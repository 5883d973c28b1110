"""The city's level and the mixture that spreads it."""

import numpy as np
import pytest

from edge.risk.base import level, mixture, profile
from edge.risk.counts import WEIGHT

FIRST = 736_000


def steady(per_shift: tuple[int, ...], days: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    return np.repeat(np.array(per_shift, dtype=np.int64)[:, None] * WEIGHT, days, axis=1)


def test_a_steady_city_stays_at_its_level() -> None:
    """The same incidents every day are expected again."""
    city = steady((4, 10, 6), 400)
    for shift, each in enumerate((4, 10, 6)):
        assert level(city, FIRST, FIRST + 400, shift) == pytest.approx(each, rel=1e-9)


def test_the_level_follows_the_last_three_weeks() -> None:
    """Twice as many in three weeks: the level rises most of the way, not all of it."""
    city = steady((10, 10), 400)
    city[:, -21:] *= 2
    assert 17.0 < level(city, FIRST, FIRST + 400, 0) < 20.5


def test_a_rare_type_keeps_its_profile() -> None:
    """One homicide more in three weeks moves the level by a few per cent."""
    city = np.zeros((1, 400), dtype=np.int64)
    city[0, ::10] = WEIGHT
    before = level(city, FIRST, FIRST + 400, 0)
    city[0, -1] = WEIGHT
    assert before < level(city, FIRST, FIRST + 400, 0) < 1.2 * before


def test_weekdays_have_their_own_share() -> None:
    """A city busy on Saturdays expects more on a Saturday."""
    city = steady((4,), 400)
    saturdays = (np.arange(FIRST, FIRST + 400) + 6) % 7 == 5
    city[:, saturdays] *= 3
    means = profile(city, FIRST)[0]
    assert means[5] > 2.5 * means[1]


def test_no_level_is_zero() -> None:
    """Its logarithm is needed: without a day, and without an incident, a little remains."""
    assert level(np.zeros((2, 0), dtype=np.int64), FIRST, FIRST, 0) > 0.0
    assert level(np.zeros((2, 50), dtype=np.int64), FIRST, FIRST + 50, 1) > 0.0


def test_the_mixture_adds_maps_in_their_order() -> None:
    """Each box's weighted sum, the first map first: the order that every machine keeps."""
    maps = np.array([[1.0, 0.0, 3.0], [1.0, 2.0, 0.5]])
    assert mixture(maps, np.array([0.5, 0.25, 0.25])).tolist() == [1.25, 1.125]
