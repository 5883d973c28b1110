"""Turns: the places of a day's shifts are handed out together, within caps and limits."""

import numpy as np

from edge.plans.best_shifts import best_shifts


def given(scores: list[list[int]], beats: list[int], draws: list[int], boxes: int, limit: int) -> list[list[int]]:
    """The shifts in which each box may be drawn."""
    found = best_shifts(np.array(scores), np.array(beats), np.array(draws), boxes, limit)
    return [np.flatnonzero(box).tolist() for box in found.T]


def test_a_box_has_its_turn_where_its_score_is_highest() -> None:
    """Seven draws a week are one shift a day; fourteen are two; never more than there are."""
    scores = [[1, 5, 3], [2, 4, 9]]
    assert given(scores, [0, 1, 2], [7, 7, 7], 3, 3) == [[1], [0], [1]]
    assert given(scores, [0, 1, 2], [7, 14, 30], 3, 3) == [[1], [0, 1], [0, 1]]


def test_who_finds_a_shift_full_takes_the_next_best() -> None:
    """One place a shift: the second box, though better there too, gets the other shift."""
    assert given([[10, 9], [6, 5]], [0, 1], [7, 7], 1, 3) == [[0], [1]]


def test_who_finds_its_beat_full_takes_the_next_best() -> None:
    """Two places a shift, one a beat."""
    assert given([[10, 9], [6, 5]], [0, 0], [7, 7], 2, 1) == [[0], [1]]
    assert given([[10, 9], [6, 5]], [0, 1], [7, 7], 2, 1) == [[0], [0]]


def test_boxes_that_may_be_drawn_seldom_share_a_place() -> None:
    """Places count seven days: two boxes of three draws a week and one more fill one place."""
    assert given([[10, 9, 8, 7], [1, 1, 1, 1]], [0, 1, 2, 3], [3, 3, 3, 3], 1, 3) == [[0], [0], [0], [1]]


def test_without_a_score_there_is_no_turn() -> None:
    """Nor in a shift of which no risk is given."""
    assert given([[0, 5], [0, 0]], [0, 1], [7, 21], 1, 1) == [[], [0]]
