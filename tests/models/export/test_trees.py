"""Reading LightGBM's trees: exact, and refused where ONNX could not say the same."""

from typing import Any

import lightgbm
import numpy as np
import pytest

from edge.errors import UserError
from models.export.adversarial import on_thresholds, rounded_down
from models.export.onnx_graph import build
from models.export.trees import read_trees
from models.export.write import meta_of
from tests.models.small_models import PLACE, RECIPE, drawn, small

COLUMNS = (("own", "a"), ("own", "b"))


def _text(values: Any = None, categories: Any = "auto", **settings: Any) -> str:
    random = np.random.default_rng(1)
    features = random.gamma(1.0, 1.0, (500, 2)).astype(np.float32) if values is None else values
    given = {
        "objective": "poisson",
        "num_leaves": 4,
        "verbose": -1,
        "num_threads": 1,
        "min_data_in_leaf": 5,
        "min_data_per_group": 5,
        **settings,
    }
    labels = random.poisson(1.0 + np.nan_to_num(features[:, 0]))
    data = lightgbm.Dataset(
        features, labels, feature_name=["own/a", "own/b"], categorical_feature=categories, params=given
    )
    return lightgbm.train(given, data, 3).model_to_string()


def test_every_tree_takes_lightgbms_branches() -> None:
    """The leaf of each tree is LightGBM's own, on real rows and on the float32 neighbours of every threshold."""
    text = small().boosters[0]
    trees = read_trees(text, RECIPE.columns)
    real = drawn(50, 0).rows.features
    rows = np.concatenate([real, on_thresholds(trees, real)]).astype(np.float64)
    theirs = lightgbm.Booster(model_str=text).predict(rows, pred_leaf=True, num_threads=1)
    ours = np.stack([tree.leaf_of(rows) for tree in trees], axis=1)
    assert (ours == theirs).all()


def test_rows_on_thresholds_reach_every_leaf() -> None:
    """No node is left out: its row, one below and one above are there."""
    trees = read_trees(small().boosters[0], RECIPE.columns)
    rows = on_thresholds(trees, drawn(50, 0).rows.features)
    assert len(rows) == 3 * sum(len(tree.feature) for tree in trees)
    for tree in trees:
        assert set(tree.leaf_of(rows).tolist()) == set(range(len(tree.leaf)))


def test_rounding_down_keeps_every_branch() -> None:
    """The largest float32 that is not above: it goes left, the next one does not."""
    thresholds = np.array([0.1, 1e-35, -0.3, 2.5000000000000004, 1.0, 0.0, -1e-300])
    down = rounded_down(thresholds)
    assert (down.astype(np.float64) <= thresholds).all()
    assert (np.nextafter(down, np.float32(np.inf)).astype(np.float64) > thresholds).all()


def test_trees_that_onnx_cannot_say_are_refused() -> None:
    """Missing values of their own way, categories, linear leaves, another objective: one sentence each."""
    holes = np.random.default_rng(2).gamma(1.0, 1.0, (500, 2)).astype(np.float32)
    holes[::3, 0] = np.nan
    whole = np.random.default_rng(2).integers(0, 9, (500, 2)).astype(np.float32)
    refusals = {
        _text(holes): "treats missing values separately",
        _text(whole, zero_as_missing=True): "treats missing values separately",
        _text(whole, categories=[0]): "has categories or linear leaves",
        _text(linear_tree=True): "has categories or linear leaves",
        _text(objective="regression"): "a LightGBM model with objective 'regression' cannot be exported",
    }
    for text, told in refusals.items():
        with pytest.raises(UserError, match=told):
            read_trees(text, COLUMNS)


def test_trees_of_other_columns_are_refused() -> None:
    """The recipe's columns and the trees' are the same, in the same order."""
    with pytest.raises(UserError, match="trained on other columns than the recipe lists"):
        read_trees(_text(), (("own", "b"), ("own", "a")))


def test_a_tree_of_several_groups_is_refused() -> None:
    """Trained without the rule of one group a tree, a model is not written."""
    trained = small(1, 12, constrained=False)
    with pytest.raises(UserError, match=r"tree \d+ uses the features of \d groups; train with one group a tree"):
        build(meta_of(trained, PLACE), trained.boosters)
