"""Forecasts of a trained model by LightGBM itself: what the evaluation uses and what the ONNX file is checked against.

Must not train.
"""

from functools import lru_cache
from typing import TypeAlias

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from edge.risk.base import mixture
from edge.risk.features import Rows, World, rows
from models.train.trained import Trained

Floats: TypeAlias = NDArray[np.float64]


def forecast(trained: Trained, world: World, day: int) -> Floats:
    """float64[shifts, N]: the expected incidents of every box in each shift of a day (ordinal)."""
    kind = CRIME_TYPES.index(trained.crime_type)
    return np.stack(
        [risk(trained, rows(world, trained.recipe, kind, day, shift), shift) for shift in range(world.shifts)]
    )


def risk(trained: Trained, made: Rows, shift: int) -> Floats:
    """float64[N]: the risk of the boxes of some rows."""
    spread = mixture(made.maps, np.array(trained.weights[shift]))
    log = np.log(spread)
    if trained.boosters:
        log = log + sum(_scores(text, made) for text in trained.boosters) / len(trained.boosters)
    level = made.level * trained.scale[shift]
    return np.asarray(level * np.exp(trained.power * log), dtype=np.float64)


def _scores(text: str, made: Rows) -> Floats:
    found = _booster(text).predict(made.features, raw_score=True, num_threads=1)
    return np.asarray(found, dtype=np.float64)


@lru_cache(maxsize=16)
def _booster(text: str) -> lgb.Booster:
    return lgb.Booster(model_str=text)
