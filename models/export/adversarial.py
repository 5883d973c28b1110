"""Rows that stand on the trees' thresholds: where a file that rounded one would take another branch than LightGBM.

For every node a row that reaches it, three times over: the largest float32 that still goes left, the one below, and
the one above. Must not invent a value that no float32 has.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.export.trees import Doubles, Tree

Floats32: TypeAlias = NDArray[np.float32]

DOWN, UP = np.float32(-np.inf), np.float32(np.inf)


def rounded_down(threshold: Doubles) -> Floats32:
    """The largest float32 that is not above each threshold: the last value that goes left."""
    near = threshold.astype(np.float32)
    return np.where(near.astype(np.float64) > threshold, np.nextafter(near, DOWN), near).astype(np.float32)


def on_thresholds(trees: Sequence[Tree], base: Floats32) -> Floats32:
    """Three rows a node: float32[3 · nodes, features]; ``base``: real rows, taken in turn for what no path asks."""
    found = [row for tree in trees for row in _of_tree(tree, base)]
    return np.array(found, dtype=np.float32).reshape(len(found), base.shape[1])


def _of_tree(tree: Tree, base: Floats32) -> Iterator[Floats32]:
    """Down every path: what the path asks of a feature is set to its bound, the last value that keeps to it."""
    left_most = rounded_down(tree.threshold)
    open_nodes: list[tuple[int, dict[int, np.float32]]] = [(0, {})] if len(tree.feature) else []
    while open_nodes:
        node, asked = open_nodes.pop()
        row = base[node % len(base)].copy()
        for feature, value in asked.items():
            row[feature] = value
        feature, edge = int(tree.feature[node]), left_most[node]
        for value in (edge, np.nextafter(edge, DOWN), np.nextafter(edge, UP)):
            yield _with(row, feature, value)
        for child, value in ((tree.left[node], edge), (tree.right[node], np.nextafter(edge, UP))):
            if child >= 0:
                open_nodes.append((int(child), {**asked, feature: value}))


def _with(row: Floats32, feature: int, value: np.float32) -> Floats32:
    changed = row.copy()
    changed[feature] = value
    return changed
