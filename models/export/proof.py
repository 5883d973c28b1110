"""The rows that a model file is proved on before it is written, and the few of them that travel as its self-test.

Real rows, and three for every node of every tree, on its threshold and beside it. Must not use onnxruntime for what is
expected: that is LightGBM's.
"""

from collections.abc import Sequence
from dataclasses import fields
from itertools import chain
from typing import Final

import numpy as np

from edge.risk.features import Rows
from edge.risk.scorer import Scorer
from edge.risk.selftest import SelfTest
from models.export.adversarial import on_thresholds
from models.export.reference import reference
from models.export.trees import read_trees
from models.train.trained import Drawn

REAL_ROWS: Final = 120
THRESHOLD_ROWS: Final = 180


def rows_to_test(scorer: Scorer, boosters: Sequence[str], drawn: Sequence[Drawn]) -> SelfTest:
    """The real rows, then three rows for every node of every tree, each with what LightGBM gives it."""
    trees = chain.from_iterable(read_trees(text, scorer.meta.recipe.columns) for text in boosters)
    first = drawn[0]
    edges = on_thresholds(list(trees), first.rows.features)
    maps = np.resize(first.rows.maps, (len(edges), first.rows.maps.shape[1]))
    calls = [*drawn, Drawn(Rows(edges, maps, first.rows.level), first.shift)]
    scores = [reference(scorer.meta, boosters, one.rows, one.shift) for one in calls]
    sizes = [len(one.rows.features) for one in calls]
    return SelfTest(
        model=scorer.sha256,
        features=np.concatenate([one.rows.features for one in calls]),
        maps=np.concatenate([one.rows.maps for one in calls]),
        level=np.repeat([one.rows.level for one in calls], sizes),
        shift=np.repeat(np.array([one.shift for one in calls], dtype=np.int64), sizes),
        base=np.concatenate([one.base for one in scores]),
        factors=np.concatenate([one.factors for one in scores]),
        risk=np.concatenate([one.risk for one in scores]),
    )


def thinned(test: SelfTest, real: int) -> SelfTest:
    """A few hundred of its rows, evenly spread over the first ``real`` ones and over those on thresholds."""
    few = np.linspace(0, real - 1, min(real, REAL_ROWS)).astype(np.int64)
    edges = len(test.risk) - real
    on_edges = real + np.linspace(0, max(edges - 1, 0), min(edges, THRESHOLD_ROWS)).astype(np.int64)
    at = np.concatenate([few, on_edges])
    arrays = {one.name: getattr(test, one.name)[at] for one in fields(SelfTest) if one.name != "model"}
    return SelfTest(test.model, **arrays)
