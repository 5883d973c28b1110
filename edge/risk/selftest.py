"""A model's self-test: rows with the scores that training's own library gives them, checked before a car uses it.

Some rows are real, some stand on the trees' thresholds and on the float32 neighbours of those, where a rounded
threshold takes the wrong branch. Must not mend or tolerate a difference: a model that fails is not used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from edge.risk.features import Rows
from edge.risk.npz import load_npz, save_npz
from edge.risk.scorer import Scorer, Scores
from edge.text.coded import CodedError

FORMAT: Final = 1
TOLERANCE: Final = 1e-9
"""Relative."""
LEAST_ROWS: Final = 20

_KINDS: Final = {"features": np.float32, "shift": np.int64}
_WIDE: Final = ("features", "maps", "factors")


@dataclass(frozen=True, slots=True, eq=False)
class SelfTest:
    """``model``: SHA-256 of the ONNX file. Inputs of each row, and its expected base, factors and risk."""

    model: str
    features: NDArray[np.float32]
    maps: NDArray[np.float64]
    level: NDArray[np.float64]
    shift: NDArray[np.int64]
    base: NDArray[np.float64]
    factors: NDArray[np.float64]
    risk: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Raises ValueError where the arrays do not fit each other."""
        for name in reversed(_arrays()):
            array = getattr(self, name)
            if array.dtype != _KINDS.get(name, np.float64) or array.ndim != (2 if name in _WIDE else 1):
                msg = f"{name} is of another kind"
                raise ValueError(msg)
            if len(array) != len(self.risk) or not np.isfinite(array).all():
                msg = f"{name} has other rows, or a value that is not finite"
                raise ValueError(msg)

    def parts(self) -> Iterator[tuple[NDArray[np.int64], Rows, int]]:
        """The rows that share a level and a shift: which, their inputs, the shift."""
        calls = np.stack([self.level, self.shift], axis=1)
        for level, shift in np.unique(calls, axis=0):
            at = np.flatnonzero((self.level == level) & (self.shift == shift))
            yield at, Rows(self.features[at], self.maps[at], float(level)), int(shift)


def save_selftest(path: Path, test: SelfTest) -> None:
    """Write it: the same test gives the same bytes. Raises CodedError where it cannot be written."""
    meta = {"kind": "selftest", "format": FORMAT, "model": test.model}
    save_npz(path, {name: getattr(test, name) for name in _arrays()}, meta)


def load_selftest(path: Path) -> SelfTest:
    """Read what `save_selftest` wrote. Raises CodedError where it is missing, damaged or of another format."""
    arrays: dict[str, NDArray[Any]]
    arrays, meta = load_npz(path)
    if meta.get("kind") != "selftest" or meta.get("format") != FORMAT:
        raise CodedError("model.no_selftest", file=str(path), format=FORMAT)
    try:
        return SelfTest(str(meta.get("model")), **arrays)
    except (TypeError, ValueError) as error:
        raise CodedError("model.damaged", file=str(path), detail=str(error)) from error


def self_test(scorer: Scorer, test: SelfTest, name: str) -> None:
    """Score the rows and compare. Raises CodedError, one sentence, where one is off by more than 1e-9 relative.

    ``name``: what the sentence calls the test's file.
    """
    if test.model != scorer.sha256:
        raise CodedError("model.other_selftest", file=name)
    if len(test.risk) < LEAST_ROWS:
        raise CodedError("model.short_selftest", file=name, rows=len(test.risk), least=LEAST_ROWS)
    wrong = sum(_wrong(scorer.score(rows, shift), test, at) for at, rows, shift in test.parts())
    if wrong:
        raise CodedError("model.fails_selftest", file=name, wrong=int(wrong), rows=len(test.risk))


def _wrong(scores: Scores, test: SelfTest, at: NDArray[np.int64]) -> int:
    """Rows with a part that is off."""
    pairs = ((scores.base, test.base), (scores.risk, test.risk), *zip(scores.factors.T, test.factors.T, strict=True))
    off = np.zeros(len(at), dtype=bool)
    for found, expected in pairs:
        off |= ~(np.abs(found - expected[at]) <= TOLERANCE * np.abs(expected[at]))  # a NaN is off, too
    return int(off.sum())


def _arrays() -> list[str]:
    return [one.name for one in fields(SelfTest) if one.name != "model"]
