"""Upcoming events as columns: whole sums of attendance within distance bands, by day and shift."""

from pathlib import Path

import numpy as np
import pytest

from edge.errors import UserError
from edge.risk.events import ALL_SHIFTS, EVENT_COLUMNS, SIZES, Events, load_events, save_events
from edge.risk.feature_column import Column
from edge.risk.layers import Layers, save_layers

DAY = 736_700
CELLS = np.array([(x, y) for y in range(20, 0, -1) for x in range(100, 115)], dtype=np.int32)
"""A rectangle of 15 by 20 boxes."""


def test_no_event_is_zero_everywhere() -> None:
    """An agency without events has the three columns, all 0."""
    found = Events.none().columns(CELLS, DAY, 0)
    assert found.shape == (len(CELLS), len(EVENT_COLUMNS))
    assert found.dtype == np.float32
    assert not found.any()


def test_bands_are_the_box_500_m_and_1_km() -> None:
    """The event's own box counts in all bands, a box 500 m away in two, 1 km away in one, farther in none."""
    middle = 7 + 15 * 10
    found = Events.of([(DAY, DAY, ALL_SHIFTS, middle, 2)]).columns(CELLS, DAY, 1)
    assert found[middle].tolist() == [10_000, 10_000, 10_000]
    assert found[middle + 2].tolist() == [0, 10_000, 10_000]
    assert found[middle + 1 + 15].tolist() == [0, 10_000, 10_000]
    assert found[middle + 4].tolist() == [0, 0, 10_000]
    assert found[middle + 5].tolist() == [0, 0, 0]
    assert found[middle + 3 + 3 * 15].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("day", "shift", "there"),
    [(DAY - 1, 1, False), (DAY, 1, True), (DAY, 0, False), (DAY + 1, 1, True), (DAY + 2, 1, False)],
)
def test_an_event_holds_on_its_days_and_in_its_shift(day: int, shift: int, there: bool) -> None:
    """First and last day are both in it; another shift of the same day is not."""
    events = Events.of([(DAY, DAY + 1, 1, 0, 0)])
    assert events.columns(CELLS, day, shift).any() == there


def test_sums_agree_with_counting_by_hand() -> None:
    """Random events against a plain loop over boxes and events, exactly."""
    random = np.random.default_rng(4)
    rows = [
        (DAY - int(a), DAY + int(b), int(shift), int(box), int(size))
        for a, b, shift, box, size in random.integers((-2, -2, -1, 0, 0), (4, 4, 3, len(CELLS), 4), (60, 5))
        if DAY - a <= DAY + b
    ]
    expected = np.zeros((len(CELLS), 3))
    for index, (x, y) in enumerate(CELLS.tolist()):
        for first, last, shift, box, size in set(rows):
            if first <= DAY <= last and shift in (ALL_SHIFTS, 2):
                away = (x - int(CELLS[box][0])) ** 2 + (y - int(CELLS[box][1])) ** 2
                expected[index] += [SIZES[size] * (away <= radius**2) for radius in (0, 2, 4)]
    assert Events.of(rows).columns(CELLS, DAY, 2).tolist() == expected.tolist()


def test_order_and_repeats_do_not_matter() -> None:
    """The same events in another order, or told twice (bundle and context), are the same events."""
    rows = [(DAY, DAY, 0, 5, 1), (DAY - 3, DAY, ALL_SHIFTS, 2, 0), (DAY, DAY, 1, 5, 3)]
    assert Events.of(rows).digest() == Events.of(rows[::-1]).plus(Events.of(rows[:2])).digest()
    assert Events.of(rows).rows() == sorted(rows)


def test_an_event_of_another_grid_is_refused() -> None:
    """A box that the grid does not have is an error, not a silent loss."""
    with pytest.raises(ValueError, match="not in this grid"):
        Events.of([(DAY, DAY, 0, len(CELLS), 1)]).columns(CELLS, DAY, 0)
    with pytest.raises(ValueError, match="out of range"):
        Events.of([(DAY, DAY, 0, 1, len(SIZES))])
    with pytest.raises(ValueError, match="must be int32"):
        Events(*(np.zeros(1, dtype=np.int64) for _ in range(5)))  # type: ignore[arg-type]


def test_the_file_gives_back_the_same_and_always_the_same_bytes(tmp_path: Path) -> None:
    """Events and what they are said to be survive; a foreign or damaged file is one sentence."""
    about = (Column("events_here", "events", "people", "people", 0.0, "a calendar", "free", "2018-01-01"),)
    events = Events.of([(DAY, DAY, 0, 5, 1)], about)
    save_events(tmp_path / "a.npz", events)
    loaded = load_events(tmp_path / "a.npz")
    save_events(tmp_path / "b.npz", loaded)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (loaded.rows(), loaded.about) == (events.rows(), about)
    save_layers(tmp_path / "a.npz", Layers.none())
    with pytest.raises(UserError, match=r"a\.npz: does not contain events"):
        load_events(tmp_path / "a.npz")
