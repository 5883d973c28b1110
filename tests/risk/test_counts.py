"""Counts: sorted, added up, cut by what was known, and the same bytes each time."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import UserError
from edge.risk.counts import Counts, load_counts, save_counts

ROW = st.tuples(
    st.integers(0, 6), st.integers(0, 30), st.integers(700_000, 700_040), st.integers(0, 2), st.integers(0, 7),
    st.integers(1, 512),
)  # fmt: skip
"""Kind, box, day, shift, days until known, weight."""


def counts_of(rows: list[tuple[int, ...]]) -> Counts:
    kind, box, day, shift, late, weight = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    columns = {"kind": kind, "box": box, "day": day, "shift": shift, "known": day + late, "weight": weight}
    return Counts.of(columns, 700_000, 700_040)


@given(st.lists(ROW, max_size=12), st.integers(700_000, 700_050))
def test_known_before_holds_what_was_known_and_no_more(rows: list[tuple[int, ...]], day: int) -> None:
    """Only rows known before the day stay, with all their weight, and the last complete day is the day before."""
    known = counts_of(rows).known_before(day)
    assert (known.known < day).all()
    assert known.weight.sum() == sum(row[5] for row in rows if row[2] + row[4] < day)
    assert known.last == min(700_040, day - 1)


@given(st.lists(ROW, max_size=10), st.lists(ROW, max_size=10))
def test_a_delta_gives_what_counting_all_at_once_gives(held: list[tuple[int, ...]], new: list[tuple[int, ...]]) -> None:
    """The car's counts plus its daily deltas are the counts made of everything, to the digest."""
    assert counts_of(held).plus(counts_of(new)).digest() == counts_of(held + new).digest()


@given(st.lists(ROW, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows: list[tuple[int, ...]], random: object) -> None:
    """Shuffled rows give the same counts."""
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert counts_of(shuffled).digest() == counts_of(rows).digest()


def test_saved_twice_is_the_same_file_and_reads_back(tmp_path: Path) -> None:
    """The same counts give the same bytes, and those give the same counts."""
    counts = counts_of([(6, 3, 700_001, 2, 0, 256), (5, 3, 700_001, 2, 3, 100)])
    for name in ("a.npz", "b.npz"):
        save_counts(tmp_path / name, counts)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert load_counts(tmp_path / "a.npz").digest() == counts.digest()


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    """A file that does not contain counts raises a sentence with its name."""
    (tmp_path / "counts.npz").write_bytes(b"PK nonsense")
    with pytest.raises(UserError, match=r"counts\.npz"):
        load_counts(tmp_path / "counts.npz")


def test_a_row_known_before_its_day_is_refused() -> None:
    """Nothing is known before it can have happened."""
    with pytest.raises(ValueError, match="known"):
        counts_of([(0, 0, 700_001, 0, -1, 256)])
