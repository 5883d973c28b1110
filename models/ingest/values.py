"""The distinct texts of a column: what is to be found of a text is found once, for all the rows that have it.

Must not know what a text means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import DTypeLike, NDArray

Array: TypeAlias = Any
"""A `pyarrow.Array` or `pyarrow.ChunkedArray` of strings."""

_SAMPLE: Final = 1 << 12
_REPEATING: Final = 0.05
"""Of a sample's texts, those that repeat an earlier one, from which on it pays to look for all that do."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Texts without nulls, each once, and which of them each row has; ``len(texts)`` where it has none."""

    texts: Array
    at: NDArray[np.int32]

    @classmethod
    def of(cls, column: Array) -> "Distinct":
        """The distinct texts of a column, in the order of their first rows."""
        coded = one(column if pa.types.is_dictionary(column.type) else column.dictionary_encode())
        at = pc.fill_null(coded.indices.cast(pa.int32()), len(coded.dictionary))
        return cls(coded.dictionary, np.asarray(at))

    def each(self, judge: Callable[[str], Any], missing: Any, kind: DTypeLike) -> NDArray[Any]:
        """What ``judge`` gives for each row's text, asked once for each text; ``missing`` where there is none."""
        found = [judge(text) for text in self.texts.to_pylist()]
        return np.asarray(np.array([*found, missing], kind)[self.at])


def one(column: Array) -> Array:
    """A column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return (
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays(column.chunks)
        if column.num_chunks
        else (pa.array([], column.type))
    )


def repeat_much(column: Array) -> bool:
    """Whether many of a column's texts repeat another, by a sample of them."""
    sample = column.take(pa.array(np.arange(0, len(column), max(len(column) // _SAMPLE, 1))))
    return bool(len(sample.unique()) < (1.0 - _REPEATING) * len(sample))
