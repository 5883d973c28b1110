"""The trees: LightGBM's Poisson boosting on top of the base, each tree with the features of one group only.

One thread, a fixed seed and rows in a fixed order: the same input gives the same text. Must not read files.
"""

from typing import Any, TypeAlias

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from edge.risk.features import Recipe
from models.train.settings import Settings

Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]


def column_names(recipe: Recipe) -> list[str]:
    """``{group}/{feature}`` of every column: LightGBM takes no name with a colon."""
    return [f"{group}/{name}" for group, name in recipe.columns]


def group_columns(recipe: Recipe) -> list[list[int]]:
    """The columns of each group, in the recipe's order."""
    return [
        [index for index, (of, _) in enumerate(recipe.columns) if of == group]
        for group in recipe.groups
        if recipe.groups[group]
    ]


def grown(
    features: Floats32, y: Floats, weight: Floats, base: Floats, recipe: Recipe, settings: Settings, seed: int
) -> str:
    """A booster's text. ``base``: the expected count of each row that the trees correct.

    ``weight`` is rescaled so that the mean over rows with an incident is 1: leaves are judged by incidents.
    """
    scaled = weight / float(weight[y > 0.0].mean())
    params = parameters(recipe, settings, seed)
    data = lgb.Dataset(
        features,
        y,
        weight=scaled,
        init_score=np.log(base),
        params=params,
        feature_name=column_names(recipe),
    )
    return str(lgb.train(params, data, settings.rounds).model_to_string())


def parameters(recipe: Recipe, settings: Settings, seed: int) -> dict[str, Any]:
    """LightGBM's parameters; ``interaction_constraints`` keep every tree within one group."""
    constraint = {"interaction_constraints": group_columns(recipe)} if settings.additive else {}
    return {
        "objective": "poisson",
        "learning_rate": settings.rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.least_rows,
        "lambda_l2": settings.l2,
        "feature_fraction": settings.columns_a_tree,
        "bagging_fraction": settings.rows_a_tree,
        "bagging_freq": 1,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "verbose": -1,
        **constraint,
    }


def tree_groups(text: str, recipe: Recipe) -> list[str | None]:
    """The group of every tree of a booster, None of a tree without a split.

    Raises ValueError where a tree mixes two groups.
    """
    found: list[str | None] = []
    for number, tree in enumerate(lgb.Booster(model_str=text).dump_model()["tree_info"]):
        groups = {recipe.columns[column][0] for column in _columns(tree["tree_structure"])}
        if len(groups) > 1:
            msg = f"tree {number} mixes the groups {', '.join(sorted(groups))}"
            raise ValueError(msg)
        found.append(groups.pop() if groups else None)
    return found


def _columns(node: dict[str, Any]) -> set[int]:
    if "split_feature" not in node:
        return set()
    return {int(node["split_feature"])} | _columns(node["left_child"]) | _columns(node["right_child"])
