"""The ONNX file of a model, made node by node: doubles throughout, so every row takes LightGBM's own branches.

One ``TreeEnsemble`` (ai.onnx.ml 5) for each feature group, not one with many targets: measured a third faster, since
onnxruntime then sums each row in one number. Sums and products over maps and groups run in a fixed order, one
element-wise node after the other, never in a reduction whose order is the processor's. The same model gives the same
bytes. Must not round a number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from edge.risk.model import FORMAT, KEY, ModelMeta, encode_meta
from models.export.trees import Tree, by_group, read_trees

OPSET: Final = 17
ML_OPSET: Final = 5
IR_VERSION: Final = 10
"""What a vehicle's onnxruntime has to know at least."""

LEQ: Final = 0
SUM: Final = 1
NONE: Final = 0
"""Codes of ``TreeEnsemble``: compare by ``<=``, add the leaves, leave the sum as it is."""

ML: Final = "ai.onnx.ml"


def build(meta: ModelMeta, boosters: Sequence[str]) -> bytes:
    """The file of a model; ``boosters``: LightGBM's texts, of which the trees' mean is taken (none: a base alone).

    Raises UserError where a tree uses several groups or has no exact form in ONNX.
    """
    trees = [read_trees(text, meta.recipe.columns) for text in boosters]
    groups, constant = by_group(trees, meta.owners, len(meta.groups))
    graph = _Graph()
    _base(graph, meta, constant)
    _factors(graph, meta, groups)
    model = helper.make_model(
        helper.make_graph(graph.nodes, "risk", _inputs(meta), _outputs(meta), graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(ML, ML_OPSET)],
        ir_version=IR_VERSION,
        producer_name="roundsman",
        model_version=FORMAT,
    )
    helper.set_model_props(model, {KEY: encode_meta(meta)})
    onnx.checker.check_model(model)
    return serialized(model)


def serialized(model: ModelProto) -> bytes:
    """Its bytes; the same for the same model."""
    return bytes(model.SerializeToString(deterministic=True))


@dataclass
class _Graph:
    """Nodes and constants so far. Each value is called by the name its node gives it."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: object, kind: type[np.generic] = np.float64) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, dtype=kind), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def flat(self, column: str, output: str) -> str:
        """A column of one as a list."""
        return self.node("Reshape", [column, self._flat()], output)

    def _flat(self) -> str:
        known = any(one.name == "flat" for one in self.constants)
        return "flat" if known else self.constant("flat", [-1], np.int64)


def _inputs(meta: ModelMeta) -> list[Any]:
    return [
        helper.make_tensor_value_info("features", TensorProto.FLOAT, ["boxes", len(meta.owners)]),
        helper.make_tensor_value_info("maps", TensorProto.DOUBLE, ["boxes", len(meta.maps)]),
        helper.make_tensor_value_info("level", TensorProto.DOUBLE, [1]),
        helper.make_tensor_value_info("shift", TensorProto.INT64, [1]),
    ]


def _outputs(meta: ModelMeta) -> list[Any]:
    return [
        helper.make_tensor_value_info("base", TensorProto.DOUBLE, ["boxes"]),
        helper.make_tensor_value_info("factors", TensorProto.DOUBLE, ["boxes", len(meta.groups)]),
        helper.make_tensor_value_info("risk", TensorProto.DOUBLE, ["boxes"]),
    ]


def _base(graph: _Graph, meta: ModelMeta, constant: float) -> None:
    """Level · scale of the shift · mixture ** power, and what the trees add to every row alike."""
    weights = graph.constant("mixture_weights", meta.mixture)
    graph.node("Gather", [weights, "shift"], "shift_weights", axis=0)
    graph.node("Mul", ["maps", "shift_weights"], "parts")
    graph.node("CumSum", ["parts", graph.constant("across", 1, np.int64)], "running")  # from left to right
    graph.node("Gather", ["running", graph.constant("last", [len(meta.maps) - 1], np.int64)], "mixture", axis=1)
    spread = "mixture"
    if meta.power != 1.0:
        spread = graph.node("Pow", [spread, graph.constant("power", meta.power)], "spread")
    graph.node("Gather", [graph.constant("scales", meta.scale), "shift"], "scale", axis=0)
    level = graph.node("Mul", ["level", "scale"], "scaled_level")
    if constant:
        even = graph.constant("of_every_row", np.exp(meta.power * constant))
        level = graph.node("Mul", [level, even], "level_of_every_row")
    graph.node("Mul", [level, spread], "base_column")
    graph.flat("base_column", "base")


def _factors(graph: _Graph, meta: ModelMeta, groups: Sequence[Sequence[Tree]]) -> None:
    """A factor of each group, 1 where it has no tree, and risk = base · the factors, one after the other.

    A model without trees has no group, so no column: its factors are as empty as its features.
    """
    if not groups:
        graph.node("Cast", ["features"], "factors", to=TensorProto.DOUBLE)
        graph.flat("base_column", "risk")
        return
    graph.node("Cast", ["features"], "doubles", to=TensorProto.DOUBLE)
    ones = ""
    risk, columns = "base_column", list[str]()
    for name, trees in zip(meta.group_names, groups, strict=True):
        if trees:
            graph.node("TreeEnsemble", ["doubles"], f"sum_{name}", ML, **_ensemble(trees, meta.power))
            columns.append(graph.node("Exp", [f"sum_{name}"], f"factor_{name}"))
            risk = graph.node("Mul", [risk, columns[-1]], f"risk_with_{name}")
        else:
            ones = ones or _ones(graph)
            columns.append(ones)
    graph.node("Concat", columns, "factors", axis=1)
    graph.flat(risk, "risk")


def _ones(graph: _Graph) -> str:
    graph.node("Shape", ["base_column"], "shape_of_a_column")
    value = numpy_helper.from_array(np.ones(1))
    return graph.node("ConstantOfShape", ["shape_of_a_column"], "ones", value=value)


def _ensemble(trees: Sequence[Tree], power: float) -> dict[str, Any]:
    """The attributes of a ``TreeEnsemble`` with one target; its nodes stand tree after tree, in LightGBM's order."""
    nodes = [len(tree.feature) for tree in trees]
    leaves = [len(tree.leaf) for tree in trees]
    roots = np.concatenate([[0], np.cumsum(nodes)[:-1]])
    first_leaf = np.concatenate([[0], np.cumsum(leaves)[:-1]])
    left = _children((tree.left for tree in trees), roots, first_leaf)
    right = _children((tree.right for tree in trees), roots, first_leaf)
    return {
        "n_targets": 1,
        "aggregate_function": SUM,
        "post_transform": NONE,
        "tree_roots": roots.tolist(),
        "nodes_featureids": np.concatenate([tree.feature for tree in trees]).tolist(),
        "nodes_splits": numpy_helper.from_array(np.concatenate([tree.threshold for tree in trees])),
        "nodes_modes": numpy_helper.from_array(np.full(sum(nodes), LEQ, dtype=np.uint8)),
        "nodes_truenodeids": left[0].tolist(),
        "nodes_trueleafs": left[1].tolist(),
        "nodes_falsenodeids": right[0].tolist(),
        "nodes_falseleafs": right[1].tolist(),
        "leaf_targetids": [0] * sum(leaves),
        "leaf_weights": numpy_helper.from_array(np.concatenate([tree.leaf for tree in trees]) * power),
    }


def _children(sides: Iterator[Any], roots: Any, first_leaf: Any) -> tuple[Any, Any]:
    """Where each node goes on one side: the place of a node or of a leaf in the ensemble, and whether it is a leaf."""
    places, kinds = [], []
    for side, root, leaf in zip(sides, roots, first_leaf, strict=True):
        places.append(np.where(side < 0, leaf + ~side, root + side))
        kinds.append(side < 0)
    return np.concatenate(places), np.concatenate(kinds).astype(np.int64)
