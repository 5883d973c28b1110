"""The weekly timetable: its limits hold in any seven days, it is the best there is, and is not changed lightly."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.timetable import weekly as module
from models.timetable.program import Floats
from models.timetable.weekly import HELD, weekly

SHIFTS = 2
WEEK = 7 * SHIFTS


def worth(seed: int, boxes: int, shifts: int = WEEK) -> Floats:
    """Skewed, as risk is; the first box is opted out."""
    value = np.random.default_rng(seed).gamma(0.5, 1.0, (shifts, boxes))
    value[:, 0] = 0.0
    return value


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 4), st.integers(1, 7), st.booleans())
def test_caps_and_limits_hold_in_any_seven_days(seed: int, boxes: int, limit: int, cap: int, again: bool) -> None:
    """The week is repeated, so a window of seven days that begins at any shift holds no more visits of a box."""
    value, beats = worth(seed, 30), np.arange(30) % 5
    most = np.random.default_rng(seed).integers(1, cap + 1, 30)
    before = weekly(worth(seed + 1, 30), beats, boxes, limit, most, None) if again else None
    found = weekly(value, beats, boxes, limit, most, before)
    assert found.sum(axis=1).max() <= boxes
    for beat in range(5):
        assert found[:, beats == beat].sum(axis=1).max() <= limit
    twice = np.concatenate([found, found])
    for first in range(WEEK):
        assert (twice[first : first + WEEK].sum(axis=0) <= most).all()
    assert not found[:, 0].any()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_no_timetable_covers_more(seed: int) -> None:
    """Four boxes of two beats in three shifts, all of them tried."""
    value, beats, most = worth(seed, 4, 3) + 0.001, np.array([0, 0, 1, 1]), np.array([1, 2, 1, 3])
    found = weekly(value, beats, 2, 1, most, None)
    every = (np.array(one).reshape(3, 4) for one in product((0, 1), repeat=12))
    best = max(
        float((one * value).sum())
        for one in every
        if one.sum(axis=1).max() <= 2
        and max(one[:, :2].sum(axis=1).max(), one[:, 2:].sum(axis=1).max()) <= 1
        and (one.sum(axis=0) <= most).all()
    )
    assert float((found * value).sum()) == pytest.approx(best)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_a_timetable_is_left_for_what_is_clearly_better_alone(seed: int) -> None:
    """The same forecasts give the same again; others move fewer boxes than without the timetable before.

    What is given up of a new optimum is at most the share by which a place that is held counts more.
    """
    value, beats, most = worth(seed, 30), np.arange(30) % 5, np.full(30, 3)
    first = weekly(value, beats, 5, 2, most, None)
    assert (weekly(value, beats, 5, 2, most, first) == first).all()
    other = value * np.random.default_rng(seed).uniform(0.8, 1.25, value.shape)
    held, free = weekly(other, beats, 5, 2, most, first), weekly(other, beats, 5, 2, most, None)
    assert (held & first).sum() >= (free & first).sum()
    assert float((held * other).sum()) * (1 + HELD) >= float((free * other).sum()) * (1 - 1e-9)


def test_boxes_of_little_value_are_left_out_of_a_large_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program has the boxes with the highest value, ten for each box of a shift."""
    monkeypatch.setattr(module, "LEAST", 0)
    value = np.ones((WEEK, 40)) * np.arange(40)
    found = weekly(value, np.arange(40), 2, 2, np.full(40, 1), None)
    assert np.flatnonzero(found.any(axis=0)).tolist() == list(range(20, 40))
