"""LightGBM's trees as arrays, read from the text it saves: exact, and refused where ONNX could not say the same.

A split is ``value <= threshold`` in doubles, and nothing else: no categories, no way for missing values (features are
never NaN), no linear leaves. Must not round a threshold or a leaf.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.errors import UserError

Ints: TypeAlias = NDArray[np.int64]
Doubles: TypeAlias = NDArray[np.float64]

CATEGORICAL: Final = 1
MISSING: Final = 0b1100
"""Bits of LightGBM's ``decision_type``; the one that says where missing values go matters only beside `MISSING`."""

OBJECTIVE: Final = "poisson"


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """``left`` and ``right`` of a node: another node, or ``~leaf``. A tree of one leaf has no node."""

    feature: Ints
    threshold: Doubles
    left: Ints
    right: Ints
    leaf: Doubles

    def leaf_of(self, features: NDArray[Any]) -> Ints:
        """The leaf that each row of a table of features comes to."""
        at = np.zeros(len(features), dtype=np.int64) if len(self.feature) else np.full(len(features), -1)
        while (inner := np.flatnonzero(at >= 0)).size:
            node = at[inner]
            goes_left = features[inner, self.feature[node]].astype(np.float64) <= self.threshold[node]
            at[inner] = np.where(goes_left, self.left[node], self.right[node])
        return ~at


def read_trees(text: str, columns: Sequence[tuple[str, str]]) -> list[Tree]:
    """The trees of ``Booster.model_to_string()``; ``columns``: (group, feature) of each that it was trained on.

    Raises UserError for a model of other columns, or one that has no exact form in ONNX.
    """
    head, *parts = text.partition("\nend of trees")[0].split("\nTree=")
    fields = _fields(head.splitlines())
    _check_head(fields)
    if fields["feature_names"].split() != [f"{group}/{name}" for group, name in columns]:
        msg = "the trees were trained on other columns than the recipe lists; retrain the model"
        raise UserError(msg)
    return [_tree(number, _fields(part.splitlines())) for number, part in enumerate(parts)]


def _check_head(head: Mapping[str, str]) -> None:
    objective = head.get("objective", "none").split()[0]
    if objective != OBJECTIVE or head.get("num_class") != "1" or "average_output" in head:
        msg = f"a LightGBM model with objective {objective!r} cannot be exported; train with objective = 'poisson'"
        raise UserError(msg)


def _fields(lines: Sequence[str]) -> dict[str, str]:
    return {key: value for key, _, value in (line.partition("=") for line in lines)}


def _tree(number: int, fields: Mapping[str, str]) -> Tree:
    leaf = np.array([float(word) for word in fields["leaf_value"].split()])
    if fields.get("is_linear", "0") != "0" or fields["num_cat"] != "0":
        msg = f"tree {number} has categories or linear leaves, which have no exact form in ONNX; train without them"
        raise UserError(msg)
    decisions = [int(word) for word in _words(fields, "decision_type", leaf)]
    if any(one & (CATEGORICAL | MISSING) for one in decisions):
        msg = f"tree {number} treats missing values separately; train on features without NaN, and zero_as_missing off"
        raise UserError(msg)
    whole = {name: np.array([int(word) for word in _words(fields, name, leaf)], dtype=np.int64) for name in _WHOLE}
    threshold = np.array([float(word) for word in _words(fields, "threshold", leaf)])
    return Tree(whole["split_feature"], threshold, whole["left_child"], whole["right_child"], leaf)


_WHOLE: Final = ("split_feature", "left_child", "right_child")


def _words(fields: Mapping[str, str], name: str, leaf: Doubles) -> list[str]:
    """A node field's values; a tree of one leaf has none, whatever the text says."""
    return fields[name].split() if len(leaf) > 1 else []


def group_of(tree: Tree, owners: Sequence[int], number: int) -> int:
    """The one group whose features a tree uses; ``owners``: each feature's. Raises UserError where they are several."""
    used = sorted({owners[int(feature)] for feature in tree.feature})
    if len(used) != 1:
        msg = f"tree {number} uses the features of {len(used)} groups; train with one group a tree"
        raise UserError(msg)
    return used[0]


def by_group(boosters: Sequence[Sequence[Tree]], owners: Sequence[int], groups: int) -> tuple[list[list[Tree]], float]:
    """The trees of each group, of the mean of boosters, and what their trees of one leaf add to every row's sum."""
    found: list[list[Tree]] = [[] for _ in range(groups)]
    constant = 0.0
    for number, tree in enumerate(_shrunk(boosters)):
        if len(tree.feature):
            found[group_of(tree, owners, number)].append(tree)
        else:
            constant += float(tree.leaf[0])
    return found, constant


def _shrunk(boosters: Sequence[Sequence[Tree]]) -> Iterator[Tree]:
    for tree in (tree for booster in boosters for tree in booster):
        yield Tree(tree.feature, tree.threshold, tree.left, tree.right, tree.leaf / len(boosters))
