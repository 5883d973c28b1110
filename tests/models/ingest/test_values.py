"""Distinct texts: each row has what was found of its own."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from models.ingest.values import Distinct, repeat_much

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=30)


@given(TEXTS, TEXTS)
def test_each_row_has_what_its_own_text_gives(some: list[str | None], more: list[str | None]) -> None:
    """Over pieces of a column, too; nothing for nulls, and each text is asked for once."""
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    column = pa.chunked_array([pa.array(some, pa.string()), pa.array(more, pa.string())])
    found = Distinct.of(column).each(length, missing=-1, kind=np.int64)
    assert list(found) == [-1 if text is None else len(text) for text in (*some, *more)]
    assert len(asked) == len(set(asked))


def test_repetition_is_known_by_a_sample() -> None:
    """Ten types on 100,000 rows repeat; 100,000 numbers do not."""
    numbers = np.arange(100_000)
    assert repeat_much(pa.array((numbers % 10).astype(str), pa.string()))
    assert not repeat_much(pa.array(numbers.astype(str), pa.string()))
    assert not repeat_much(pa.array([], pa.string()))
