"""What a card says of a model's held-out weeks: figures with intervals, calibration, ablation, the cost of additivity.

For a model that no evaluation has judged yet; the weeks must lie after everything it was trained on. The definitions
are those of `models.train.metrics`, with one difference: the uniform forecast spreads the model's own level, so that
D² tells of places alone. Must not choose anything by these figures.
"""

from collections.abc import Callable, Collection, Mapping
from math import isfinite
from typing import Final

import numpy as np

from edge.risk.card import Ablation, Additivity, Bin, Figures
from edge.risk.features import Recipe
from edge.risk.model import Window
from models.train.bootstrap import Weeks
from models.train.findings import figures_of
from models.train.metrics import AREAS, Floats, binned, d2, deviance, hits, relative_error

Forecast = Callable[[Recipe, bool], Floats]
"""Trains on a recipe, one group a tree or not, and gives the expected counts of the held-out days."""

TOP: Final = AREAS.index(0.01)
MEASURED_ON: Final = "Held-out weeks after the training weeks; 95% intervals by resampling weeks."
REFITTED: Final = "Held-out weeks; both trained the same way."


def measured(observed: Floats, expected: Floats, days: Window) -> tuple[Figures, tuple[Bin, ...]]:
    """Figures and calibration bins; both arrays [days, shifts, boxes], incidents and expected counts."""
    weeks = Weeks(len(observed))
    of = {
        "events": observed.sum(axis=(1, 2)),
        "expected": expected.sum(axis=(1, 2)),
        "deviance": deviance(observed, expected).sum(axis=1),
        "uniform": deviance(observed, _uniform(expected)).sum(axis=1),
        "hits": hits(observed, expected)[..., TOP].sum(axis=1),
        "hoped": hits(expected, expected)[..., TOP].sum(axis=1),
    }
    bins = binned(observed, expected, by_expected=True)
    found: dict[str, float | Mapping[str, float]] = {
        "events": float(of["events"].sum()),
        "d2": weeks.interval(d2, of["deviance"], of["uniform"]),
        "oe": weeks.interval(_ratio, of["events"], of["expected"]),
        "hit_1pct": weeks.interval(_ratio, of["hits"], of["events"]),
        "oe_top1pct": weeks.interval(_ratio, of["hits"], of["hoped"]),
        "ece_rel": relative_error(*bins),
    }
    plain = zip(bins[1].tolist(), bins[0].tolist(), strict=True)
    return figures_of(found, MEASURED_ON, days), tuple(Bin(expected=mu, observed=y) for mu, y in plain)


def d2_of(observed: Floats, expected: Floats) -> float:
    """D² of all days together."""
    return float(d2(deviance(observed, expected).sum(), deviance(observed, _uniform(expected)).sum()))


def additivity(recipe: Recipe, forecast: Forecast, observed: Floats, additive: Floats) -> Additivity | None:
    """What one group a tree costs; ``additive``: the model's own forecast. None where D² cannot be told."""
    ours, twin = d2_of(observed, additive), d2_of(observed, forecast(recipe, False))
    if not (isfinite(ours) and isfinite(twin) and twin > 0.0):
        return None
    return Additivity(d2=ours, d2_twin=twin, lost=(twin - ours) / twin, measured_on=REFITTED)


def ablations(
    recipe: Recipe, groups: Collection[str], forecast: Forecast, observed: Floats, whole: Floats
) -> tuple[Ablation, ...]:
    """What each group's absence costs, each refitted; ``whole``: the forecast with all. Nothing of a group alone.

    ``groups``: those that the model holds.
    """
    of_all = d2_of(observed, whole)
    found = []
    for group in groups if len(groups) > 1 else ():
        left = d2_of(observed, forecast(recipe.without((group,)), True))
        if isfinite(left):
            found.append(Ablation(group=group, d2=left, lost=of_all - left))
    return tuple(found)


def _uniform(expected: Floats) -> Floats:
    """The model's level, the same in every box of a shift."""
    return np.broadcast_to(expected.mean(axis=-1, keepdims=True), expected.shape)


def _ratio(ours: Floats, theirs: Floats) -> Floats:
    return ours / theirs
