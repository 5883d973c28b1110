"""A model's scores without its ONNX file: the risk by LightGBM's own predict, each group's factor by walking its trees.

What the self-test expects, and what the tests of parity compare with. Must not use onnxruntime.
"""

from collections.abc import Sequence

import lightgbm
import numpy as np

from edge.risk.base import mixture
from edge.risk.features import Rows
from edge.risk.model import ModelMeta
from edge.risk.scorer import Doubles, Scores
from models.export.trees import by_group, read_trees


def reference(meta: ModelMeta, boosters: Sequence[str], rows: Rows, shift: int) -> Scores:
    """Base, factors and risk of every row."""
    trees = [read_trees(text, meta.recipe.columns) for text in boosters]
    groups, constant = by_group(trees, meta.owners, len(meta.groups))
    spread = mixture(rows.maps, np.array(meta.mixture[shift])) ** meta.power
    plain = rows.level * meta.scale[shift] * spread
    factors = np.ones((len(rows.features), len(groups)))
    for index, group in enumerate(groups):
        logs = np.zeros(len(rows.features))
        for tree in group:
            logs += tree.leaf[tree.leaf_of(rows.features)]
        factors[:, index] = np.exp(meta.power * logs)
    raw = raw_scores(boosters, rows)
    return Scores(plain * np.exp(meta.power * constant), factors, plain * np.exp(meta.power * raw))


def raw_scores(boosters: Sequence[str], rows: Rows) -> Doubles:
    """The mean of the boosters' sums, by LightGBM; 0 without a booster."""
    total = np.zeros(len(rows.features))
    for text in boosters:
        booster = lightgbm.Booster(model_str=text)
        total += booster.predict(rows.features.astype(np.float64), raw_score=True, num_threads=1)
    return total / max(len(boosters), 1)
