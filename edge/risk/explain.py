"""Why this box: the exact parts of a model's risk as factors.

A box's risk is the agency's expected incidents of the shift, spread evenly, times one factor for each group: these
factors multiply to it without a remainder. The base is a sum of maps, so its logarithm is dealt out to them by what
each adds above or below its mean. The words are `edge.text.why`'s.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.domain.outlook import TypeRisk
from edge.risk.features import EVEN, map_group
from edge.risk.forecast import TypeForecast

Floats = NDArray[np.float64]

_LEAST: Final = 1e-12
_NEAR: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """``values``: float64[boxes, names], the groups'; ``times``: their product, of the agency's average box."""

    names: tuple[str, ...]
    values: Floats
    times: Floats

    def of(self, box: int) -> tuple[tuple[str, float], ...]:
        """One box's (index) factors, the strongest first."""
        row = self.values[box]
        order = np.argsort(-np.abs(np.log(row)), kind="stable")
        return tuple((self.names[index], float(row[index])) for index in order)


def factors_of(made: TypeForecast, shift: int) -> Factors:
    """The factors of one crime type's forecast in every box; ``shift``: its index."""
    meta = made.meta
    weights: dict[str, float] = {}
    for name, weight in zip(meta.maps, meta.mixture[shift], strict=True):
        group = map_group(name, meta.crime_type)
        weights[group] = weights.get(group, 0.0) + weight
    names = tuple(dict.fromkeys([*(one for one in made.shares if one != EVEN), *meta.group_names]))
    logs = np.zeros((len(made.units), len(names)))
    mixture = _mixture(made)
    spread = meta.power * _log_per_excess(mixture)
    for group, share in made.shares.items():
        if group != EVEN:
            logs[:, names.index(group)] += spread * (share * mixture - weights[group])
    for index, group in enumerate(meta.group_names):
        logs[:, names.index(group)] += np.log(np.maximum(made.scores.factors[:, index], _LEAST))
    return Factors(names, np.exp(logs), np.exp(logs.sum(axis=1)))


def _mixture(made: TypeForecast) -> Floats:
    """The sum of weighted maps in each box. The base is in proportion to a known power of it, and its mean is 1."""
    raw: Floats = np.maximum(made.scores.base, _LEAST) ** (1.0 / made.meta.power)
    mixture: Floats = raw / raw.mean()
    return mixture


def _log_per_excess(mixture: Floats) -> Floats:
    """log(m) / (m - 1), and its limit 1 at m = 1."""
    excess = mixture - 1.0
    near = np.abs(excess) < _NEAR
    found: Floats = np.where(near, 1.0, np.log(mixture) / np.where(near, 1.0, excess))
    return found


def type_risk(name: str, made: TypeForecast, factors: Factors, box: int) -> TypeRisk:
    """What a screen shows of a crime type in a box (index); rounded."""
    percentile = float(made.percentile[box])
    times, of_box = float(factors.times[box]), factors.of(box)
    shown = tuple((group, round(factor, 3)) for group, factor in of_box)
    return TypeRisk(name, int(made.units[box]), round(times, 3), round(percentile, 1), shown)
