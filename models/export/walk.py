"""Walks every tree of an ONNX file and finds the group it uses: the proof that a group's output is that group's alone.

Reads the file as any ONNX library would, and nothing of how it was made. Must not be needed to load a model.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import onnx
from onnx import NodeProto, helper

from edge.risk.model import KEY, decode_meta


def trees_by_group(data: bytes) -> Mapping[str, int]:
    """How many trees use each group's features. Raises ValueError for a tree of several groups, or in another's sum."""
    model = onnx.load_from_string(data)
    meta = decode_meta({one.key: one.value for one in model.metadata_props}[KEY], "the file")
    found: Counter[str] = Counter()
    for node in model.graph.node:
        if node.op_type == "TreeEnsemble":
            found.update(_groups(node, meta.group_names, meta.owners))
    return found


def _groups(node: NodeProto, names: tuple[str, ...], owners: tuple[int, ...]) -> list[str]:
    """The group of each tree of one ensemble."""
    given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    found = []
    for root in given["tree_roots"]:
        groups = sorted({names[owners[given["nodes_featureids"][place]]] for place in _walk(given, root)})
        if groups != [node.name.removeprefix("sum_")]:
            msg = f"a tree of {node.name} uses {' and '.join(groups)}"
            raise ValueError(msg)
        found += groups
    return found


def _walk(given: Mapping[str, Any], root: int) -> list[int]:
    """Every node of a tree."""
    found, ahead = list[int](), [root]
    while ahead:
        place = ahead.pop()
        found.append(place)
        sides = [side for side in ("true", "false") if not given[f"nodes_{side}leafs"][place]]
        ahead += [given[f"nodes_{side}nodeids"][place] for side in sides]
    return found
