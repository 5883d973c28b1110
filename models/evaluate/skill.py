"""How far the model is on the way from its rival to what could be hit at most, of each type and of the pooled types.

*Skill against the limit* = (model's hits − rival's) / (limit's hits − rival's), in 1% of the area; 1: nothing is left
to find. The limit is `models.evaluate.limit`'s. Must not compute it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.evaluate.statistics import TOP, Statistics
from models.train.bootstrap import Weeks
from models.train.metrics import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """Hits in 1% of the area by day, float64[days]: the model's, the rival's, and at most."""

    model: Floats
    rival: Floats
    limit: Floats

    @classmethod
    def of(cls, model: Statistics, rival: Statistics, limit: Floats) -> "Reached":
        """Of one type's statistics."""
        return cls(model.hits[..., TOP].sum(axis=1), rival.hits[..., TOP].sum(axis=1), limit)


def skill_against_limit(weeks: Weeks, by_type: Mapping[str, Reached], rival: str) -> dict[str, Any]:
    """Of some types together: the skill with its interval, and the limit's and the model's gains over the rival."""
    each = list(by_type.values())
    model, below, limit = (
        np.sum([getattr(one, which) for one in each], axis=0) for which in ("model", "rival", "limit")
    )
    skill = weeks.interval(lambda m, r, top: (m - r) / (top - r), model, below, limit)
    return skill | {
        "rival": rival,
        "limit_gain_over_box_shift": weeks.interval(lambda top, r: top / r - 1.0, limit, below),
        "model_gain_over_box_shift": weeks.interval(lambda m, r: m / r - 1.0, model, below),
    }
