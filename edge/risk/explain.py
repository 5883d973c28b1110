"""Why this box: the exact parts of a model's risk as factors, and the largest of them in plain words.

A box's risk is the agency's expected incidents of the shift, spread evenly, times one factor for each group: these
factors multiply to it without a remainder. The base is a sum of maps, so its logarithm is dealt out to them by what
each adds above or below its mean. Must not say more than the model does: a place has counts; nobody is a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.domain.outlook import TypeRisk
from edge.risk.features import EVEN
from edge.risk.forecast import TypeForecast, map_group

Floats = NDArray[np.float64]

LONGEST: Final = 120
"""Characters of a sentence: read at a glance."""

WORDS: Final[Mapping[str, str]] = {
    "own": "this box's own history",
    "nearby": "the boxes around it",
    "other": "other crime types here",
    "time": "this time of the week",
    "places": "places here",
    "weather": "the weather",
    "events": "events nearby",
    "gunfire": "gunfire near here",
    "facilities": "facilities here",
    "housing": "housing here",
    "terrain": "streets and ground here",
}
"""What each group of the model's features is, as an officer would say it."""

TELLING: Final = 1.1
"""A factor is worth a word from here on (or below its inverse)."""

SHORTENED: Final = ((3, 1), (2, 1), (2, 0), (1, 1), (1, 0))
"""How many groups are named on the side that counts and on the other, until the sentence is short enough."""

TENTH: Final = 0.1
MANY: Final = 9.5
"""Factors from here on are told in whole numbers."""

_LEAST: Final = 1e-12
_NEAR: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """``factors``: float64[boxes, names], the groups'; ``times``: their product, of the agency's average box."""

    names: tuple[str, ...]
    factors: Floats
    times: Floats

    def of(self, box: int) -> tuple[tuple[str, float], ...]:
        """One box's (index) factors, the strongest first."""
        row = self.factors[box]
        order = np.argsort(-np.abs(np.log(row)), kind="stable")
        return tuple((self.names[index], float(row[index])) for index in order)


def parts_of(made: TypeForecast, shift: int) -> Parts:
    """The parts of one crime type's forecast in every box; ``shift``: its index."""
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
    return Parts(names, np.exp(logs), np.exp(logs.sum(axis=1)))


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


def type_risk(name: str, made: TypeForecast, parts: Parts, box: int) -> TypeRisk:
    """What a screen shows of a crime type in a box (index): rounded, with the sentence."""
    percentile = float(made.percentile[box])
    times, factors = float(parts.times[box]), parts.of(box)
    shown = tuple((group, round(factor, 3)) for group, factor in factors)
    why = sentence(name, times, factors)
    return TypeRisk(name, int(made.units[box]), round(times, 3), round(percentile, 1), why, shown)


def sentence(crime_type: str, times: float, factors: Sequence[tuple[str, float]]) -> str:
    """Such as "Robbery: 6 times the average box, mostly for this box's own history; less for places here.".

    Names the two or three groups that raise the risk most, and the one that lowers it most; at most `LONGEST`.
    """
    raising = [_words(group) for group, factor in sorted(factors, key=_factor, reverse=True) if factor >= TELLING]
    lowering = [_words(group) for group, factor in sorted(factors, key=_factor) if factor <= 1.0 / TELLING]
    first, then, why, but = raising, lowering, "mostly for", "less for"
    if times < 1.0:
        first, then, why, but = lowering, raising, "less for", "more for"
    head = f"{crime_type.replace('_', ' ').capitalize()}: {_amount(times)}"
    for most, least in SHORTENED:
        told = f"{head}, {why} {_listed(first[:most])}" if first[:most] else head
        told += f"; {but} {_listed(then[:least])}" if then[:least] else ""
        if len(told) < LONGEST:
            return f"{told}."
    return f"{head}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _amount(times: float) -> str:
    if round(times, 1) == 1.0:
        return "as in the average box"
    if times < TENTH:
        return "less than a tenth of the average box"
    return f"{times:.0f} times the average box" if times >= MANY else f"{times:.2g} times the average box"


def _words(group: str) -> str:
    return WORDS.get(group, group.replace("_", " "))


def _factor(pair: tuple[str, float]) -> float:
    return pair[1]
