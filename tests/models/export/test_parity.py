"""The ONNX file against LightGBM: 1e-9 relative, no wrong branch, the same top lists; one group a tree."""

import numpy as np
import onnx
import pytest
from onnx import helper

from edge.risk.features import Rows
from edge.risk.scorer import Scorer
from models.export.adversarial import on_thresholds
from models.export.onnx_graph import build, serialized
from models.export.reference import reference
from models.export.trees import read_trees
from models.export.walk import trees_by_group
from models.export.write import meta_of
from models.train.trained import Trained
from tests.models.small_models import PLACE, RECIPE, base_alone, drawn, drawn_for, small


def _scorer(trained: Trained) -> Scorer:
    return Scorer(build(meta_of(trained, PLACE), trained.boosters), "x.onnx")


@pytest.mark.parametrize("trained", [small(), small(1), small(3, 4), base_alone()], ids=["two", "one", "three", "base"])
@pytest.mark.parametrize("shift", [0, 1])
def test_scores_are_lightgbms(trained: Trained, shift: int) -> None:
    """Base, every group's factor and the risk, of one booster, the mean of several, and of a base alone."""
    rows = drawn_for(trained, 70, shift).rows
    found, expected = (
        _scorer(trained).score(rows, shift),
        reference(_scorer(trained).meta, trained.boosters, rows, shift),
    )
    np.testing.assert_allclose(found.base, expected.base, rtol=1e-12)
    np.testing.assert_allclose(found.factors, expected.factors, rtol=1e-12)
    np.testing.assert_allclose(found.risk, expected.risk, rtol=1e-12)
    assert np.argsort(-found.risk, kind="stable").tolist() == np.argsort(-expected.risk, kind="stable").tolist()


def test_no_row_on_a_threshold_takes_a_wrong_branch() -> None:
    """On every threshold of every tree, one float32 below and one above."""
    trained, real = small(), drawn(70, 0).rows
    trees = [tree for text in trained.boosters for tree in read_trees(text, RECIPE.columns)]
    features = on_thresholds(trees, real.features)
    rows = Rows(features, np.resize(real.maps, (len(features), real.maps.shape[1])), real.level)
    found, expected = _scorer(trained).score(rows, 0), reference(_scorer(trained).meta, trained.boosters, rows, 0)
    assert (np.abs(found.risk / expected.risk - 1.0) > 1e-9).sum() == 0
    assert (np.abs(found.factors / expected.factors - 1.0) > 1e-9).sum() == 0


def test_every_tree_of_the_file_uses_one_group() -> None:
    """Walked node by node in the ONNX file: as many trees as LightGBM has, each in its own group's sum."""
    trained = small()
    found = trees_by_group(build(meta_of(trained, PLACE), trained.boosters))
    trees = [tree for text in trained.boosters for tree in read_trees(text, RECIPE.columns) if len(tree.feature)]
    assert sum(found.values()) == len(trees)
    assert set(found) <= set(RECIPE.groups)


def test_the_walk_finds_a_tree_in_anothers_sum() -> None:
    """The proof is one: a single node that reads another group's column is found."""
    model = onnx.load_from_string(build(meta_of(small(), PLACE), small().boosters))
    node = next(one for one in model.graph.node if one.op_type == "TreeEnsemble")
    features = next(one for one in node.attribute if one.name == "nodes_featureids")
    other = next(owner for owner, (group, _) in enumerate(RECIPE.columns) if node.name != f"sum_{group}")
    changed = list(features.ints)
    changed[-1] = other
    features.CopyFrom(helper.make_attribute("nodes_featureids", changed))
    with pytest.raises(ValueError, match=f"a tree of {node.name} uses "):
        trees_by_group(serialized(model))


def test_the_same_model_gives_the_same_bytes() -> None:
    """No clock, no order of a set, no machine in the file."""
    trained = small()
    assert build(meta_of(trained, PLACE), trained.boosters) == build(meta_of(trained, PLACE), trained.boosters)
