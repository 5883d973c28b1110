"""The draw: whole-number probabilities that hold every limit, and samples that follow them."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2

from edge.plans.draw import SURE, inclusion, systematic
from edge.plans.planner import line_of, seed_of, start_of
from edge.plans.weights import IntArray

SIZES = st.integers(0, 3) | st.integers(0, 10**6) | st.integers(0, 10**40)
LINES = st.lists(st.tuples(SIZES, st.integers(0, 6)), max_size=40)


def at_most(sizes: list[int], beats: list[int], boxes: int, limit: int) -> int:
    """How many boxes can be drawn."""
    held = Counter(beat for size, beat in zip(sizes, beats, strict=True) if size)
    return min(boxes, sum(min(limit, count) for count in held.values()))


@settings(deadline=None)
@given(LINES, st.integers(0, 30), st.integers(1, 5))
def test_probabilities_hold_every_limit(line: list[tuple[int, int]], boxes: int, limit: int) -> None:
    """They add up to the boxes wanted, none is above certainty, no beat has more than its limit, no size: never."""
    sizes, beats = [size for size, _ in line], [beat for _, beat in line]
    given = inclusion(sizes, beats, boxes, limit)
    by_beat: Counter[int] = Counter()
    for probability, beat, size in zip(given, beats, sizes, strict=True):
        by_beat[beat] += probability
        assert 0 <= probability <= (SURE if size else 0)
    assert sum(given) == SURE * at_most(sizes, beats, boxes, limit)
    assert all(total <= limit * SURE for total in by_beat.values())


@settings(deadline=None)
@given(LINES, st.integers(0, 30), st.integers(1, 5), st.integers(0, SURE - 1), st.integers(0, 99))
def test_sample_holds_the_limit_of_every_beat(
    line: list[tuple[int, int]], boxes: int, limit: int, start: int, seed: int
) -> None:
    """Whatever the start and the order: as many as wanted, each once, at most so many a beat, none without a size."""
    sizes, beats = [size for size, _ in line], [beat for _, beat in line]
    order = line_of(f"{seed}", np.array(beats, dtype=np.int64))
    drawn = systematic(inclusion(sizes, beats, boxes, limit), order, start)
    assert len(drawn) == len(set(drawn)) == at_most(sizes, beats, boxes, limit)
    assert all(sizes[place] for place in drawn)
    assert max(Counter(beats[place] for place in drawn).values(), default=0) <= limit


@settings(deadline=None)
@given(LINES, st.integers(1, 30), st.integers(1, 5))
def test_a_larger_box_of_a_beat_is_never_less_likely(line: list[tuple[int, int]], boxes: int, limit: int) -> None:
    """Within a beat probabilities follow the sizes, to within one millionth of rounding."""
    sizes, beats = [size for size, _ in line], [beat for _, beat in line]
    given = inclusion(sizes, beats, boxes, limit)
    for beat in set(beats):
        own = sorted((sizes[place], given[place]) for place in range(len(line)) if beats[place] == beat)
        assert all(more >= less - 1 for (_, less), (_, more) in pairwise(own))


def test_probabilities_are_in_proportion_where_no_limit_binds() -> None:
    """Twice the size, twice the probability."""
    assert inclusion([1, 2, 3, 4], [0, 0, 1, 1], 1, 3) == [100_000, 200_000, 300_000, 400_000]


def test_what_a_certain_box_and_a_full_beat_leave_goes_to_the_others() -> None:
    """A box that would be above certainty is certain; a beat above its limit shares the limit; the rest goes on."""
    assert inclusion([100, 1, 1], [0, 1, 2], 2, 3) == [SURE, 500_000, 500_000]
    assert inclusion([60, 60, 10, 10], [0, 0, 1, 2], 2, 1) == [500_000, 500_000, 500_000, 500_000]


def test_rounding_gives_no_beat_a_millionth_too_many() -> None:
    """Two beats of three thirds, both just at their limit: the millionths left over go one to each."""
    given = inclusion([1] * 6, [0, 0, 0, 1, 1, 1], 2, 1)
    assert (sum(given[:3]), sum(given[3:])) == (SURE, SURE)


def test_sizes_beyond_every_machine_word_are_exact() -> None:
    """A score to the 64th power is still a whole number."""
    assert inclusion([10**576, 2 * 10**576], [0, 1], 1, 1) == [333_333, 666_667]


def test_every_start_draws_each_box_as_often_as_its_probability_says() -> None:
    """Over all starts there are, a box is drawn exactly its millionths of them: no approximation is made."""
    probabilities = [0, 3, 7, 10, 5, 5]  # a unit of ten instead of a million makes all starts few
    scaled = [one * SURE // 10 for one in probabilities]
    counts: Counter[int] = Counter()
    for start in range(0, SURE, SURE // 10):
        counts.update(systematic(scaled, [3, 1, 0, 2, 5, 4], start))
    assert [counts[place] for place in range(6)] == probabilities


def frequencies(given: list[int], beats: IntArray, draws: int) -> NDArray[np.float64]:
    """How often each box is drawn, over so many dates."""
    counts = np.zeros(len(given))
    for number in range(draws):
        seed = seed_of("smalltown", f"date {number}", "1")
        counts[systematic(given, line_of(seed, beats), start_of(seed))] += 1
    return counts


def test_frequencies_of_a_single_box_pass_a_chi_square_test() -> None:
    """One box a draw, 4,000 dates: Pearson's χ² of the counts is no rarer than one in a hundred. Seeds are fixed."""
    sizes = [int(size) for size in np.random.default_rng(5).gamma(2.0, 1000.0, 30)]
    beats = np.repeat(np.arange(3), 10)
    given = inclusion(sizes, beats.tolist(), 1, 2)
    counts, expected = frequencies(given, beats, 4000), 4000 * np.array(given) / SURE
    assert expected.min() > 5.0
    assert chi2.sf((((counts - expected) ** 2) / expected).sum(), len(sizes) - 1) > 0.01


def test_frequencies_of_a_whole_plan_pass_a_chi_square_test() -> None:
    """Eight boxes with certain ones and full beats among them, 4,000 dates: every count within its own variance.

    A box is drawn or not, so its variance is p(1 - p) a draw. As eight are drawn each time, counts are slightly
    tied to each other, which only makes their sum of squares smaller.
    """
    sizes = [int(size) ** 2 for size in np.random.default_rng(5).gamma(0.8, 1000.0, 60)]
    beats = np.repeat(np.arange(6), 10)
    given = inclusion(sizes, beats.tolist(), 8, 2)
    counts, share = frequencies(given, beats, 4000), np.array(given) / SURE
    uncertain = (share > 0.002) & (share < 1.0)
    squares = (counts - 4000 * share)[uncertain] ** 2 / (4000 * share * (1.0 - share))[uncertain]
    assert (counts[share == 1.0] == 4000).all()
    assert uncertain.sum() > 25
    assert chi2.sf(squares.sum(), uncertain.sum() - 1) > 0.01


@pytest.mark.parametrize("beats", [[0] * 6, list(range(6))])
def test_no_two_boxes_are_tied_to_each_other(beats: list[int]) -> None:
    """The order changes with the seed, of boxes and of beats: every pair is drawn together now and then."""
    pairs = set()
    for number in range(300):
        seed = seed_of("smalltown", f"date {number}", "1")
        line = line_of(seed, np.array(beats, dtype=np.int64))
        pairs.add(tuple(sorted(systematic([SURE // 3] * 6, line, start_of(seed)))))
    assert len(pairs) == 15


def test_starts_are_uniform() -> None:
    """4,000 dates: ten equal bins pass a χ² test, and the seed is that of agency, shift and area."""
    starts = [start_of(seed_of("smalltown", f"date {number}", "1")) for number in range(4000)]
    counts = np.bincount([start * 10 // SURE for start in starts], minlength=10)
    assert chi2.sf(((counts - 400.0) ** 2 / 400.0).sum(), 9) > 0.01
    seeds = {seed_of(*names) for names in (("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("x", "b", "c"))}
    assert len(seeds) == 4
