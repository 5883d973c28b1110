"""One crime type's figures from the statistics of its methods. Must not read or write a file."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from models.evaluate.baselines import SIMPLE
from models.evaluate.statistics import TOP, Statistics
from models.train.bootstrap import SEED, Weeks
from models.train.metrics import AREAS, Floats, boxes_in, d2, ratio_interval, relative_error

MODEL: Final = "model"
QUARTER: Final = 365.25 / 4
LABELS: Final = ("0.5pct", "1pct", "2pct", "5pct")
"""`AREAS` as the keys say them."""
PERFECT_DRAWS: Final = 500


def method_figures(of: Statistics, uniform: Statistics, boxes: int) -> dict[str, Any]:
    """A method's figures over the whole period, without intervals."""
    events = of.observed.sum()
    found: dict[str, Any] = {
        "d2": float(d2(of.deviance.sum(), uniform.deviance.sum())),
        "deviance": float(of.deviance.sum()),
        "brier": float(of.brier.mean()),
        "oe": float(of.observed.sum() / of.expected.sum()),
        "oe_top1pct": float(of.hits[..., TOP].sum() / of.hoped[..., TOP].sum()),
        "ece_rel": relative_error(of.rows_observed, of.rows_expected),
        "ece_rel_equal_expected": relative_error(of.mass_observed, of.mass_expected),
    }
    for index, (label, area) in enumerate(zip(LABELS, AREAS, strict=True)):
        share = float(of.hits[..., index].sum() / events) if events else float("nan")
        found[f"hit_{label}"] = share
        found[f"pai_{label}"] = share / (boxes_in(area, boxes) / boxes)
    return found


def type_figures(by_method: Mapping[str, Statistics], weeks: Weeks, boxes: int) -> dict[str, Any]:
    """Of one crime type: the model's figures with intervals, its rivals' beside them.

    ``…_best_simple`` is of the best rival *on the test itself*, in D² and in hits apart, which favours the rivals.
    """
    model, uniform = by_method[MODEL], by_method["uniform"]
    rivals = {name: method_figures(each, uniform, boxes) for name, each in by_method.items() if name != MODEL}
    simple = max(SIMPLE, key=lambda name: float(rivals[name]["d2"]))
    hitting = max(SIMPLE, key=lambda name: float(rivals[name]["hit_1pct"]))
    days = len(model.observed)
    return {
        "events": float(model.observed.sum()),
        "events_per_quarter": float(model.observed.sum() * QUARTER / days),
        **method_figures(model, uniform, boxes),
        "d2_interval": weeks.interval(d2, _daily(model.deviance), _daily(uniform.deviance)),
        "best_simple": simple,
        "d2_best_simple": rivals[simple]["d2"],
        "d2_over_best_simple": _d2_gain(weeks, model, by_method[simple], uniform),
        "best_simple_by_hits": hitting,
        "hit_1pct_best_simple": rivals[hitting]["hit_1pct"],
        "oe_top1pct_interval": _top_interval(weeks, model),
        "hit_1pct_interval": weeks.interval(lambda h, y: h / y, _daily(model.hits[..., TOP]), _daily(model.observed)),
        "hit_1pct_gain": {name: hit_gain(weeks, [model], [by_method[name]]) for name in rivals if name != "uniform"},
        "ece_rel_of_a_perfect_forecast": _perfect(model.rows_expected),
        "ece_rel_equal_expected_of_a_perfect_forecast": _perfect(model.mass_expected),
        "baselines": rivals,
    }


def hit_gain(weeks: Weeks, models: list[Statistics], rivals: list[Statistics]) -> dict[str, float]:
    """Hits at 1% of the models over the rivals' (each the same types), less 1: a fraction, paired by weeks."""
    ours, theirs = (sum(_daily(one.hits[..., TOP]) for one in each) for each in (models, rivals))
    return weeks.interval(lambda a, b: a / b - 1.0, np.asarray(ours), np.asarray(theirs))


def calibration(of: Statistics, shifts: list[str], months: list[str], districts: list[str]) -> dict[str, Any]:
    """Observed and expected by decile of the boxes, by 20 bins, and by shift, month and district."""
    return {
        "deciles": [
            {"observed": float(o), "expected": float(e), "oe": float(o / e)}
            for o, e in zip(of.decile_observed.sum((0, 1)), of.decile_expected.sum((0, 1)), strict=True)
        ],
        "bins": {"observed": of.rows_observed.tolist(), "expected": of.rows_expected.tolist()},
        "bins_equal_expected": {"observed": of.mass_observed.tolist(), "expected": of.mass_expected.tolist()},
        "by_shift": _groups(shifts, of.shift_observed, of.shift_expected),
        "by_month": _groups(months, of.month_observed, of.month_expected),
        "by_district": _groups(districts, of.district_observed, of.district_expected),
    }


def _groups(names: list[str], observed: Floats, expected: Floats) -> dict[str, Any]:
    each = {
        name: {
            "observed": float(o.sum()),
            "expected": float(e.sum()),
            "oe": float(o.sum() / e.sum()),
            "ece_rel": relative_error(o, e),
        }
        for name, o, e in zip(names, observed, expected, strict=True)
    }
    return {"error_rel": relative_error(observed.sum(axis=1), expected.sum(axis=1)), "groups": each}


def _d2_gain(weeks: Weeks, model: Statistics, rival: Statistics, uniform: Statistics) -> dict[str, float]:
    deviances = (_daily(one.deviance) for one in (model, rival, uniform))
    return weeks.interval(lambda a, b, u: (b - a) / u, *deviances)


def _top_interval(weeks: Weeks, model: Statistics) -> dict[str, float]:
    """The weekly interval, and the exact Poisson one (``poisson_low``, ``poisson_high``) that few incidents need."""
    hits, hoped = model.hits[..., TOP], model.hoped[..., TOP]
    low, high = ratio_interval(float(hits.sum()), float(hoped.sum()))
    return weeks.interval(lambda a, b: a / b, _daily(hits), _daily(hoped)) | {"poisson_low": low, "poisson_high": high}


def _perfect(expected: Floats) -> dict[str, float]:
    """The relative calibration error that chance alone gives a forecast that is exactly right."""
    drawn = np.random.default_rng(SEED).poisson(expected, size=(PERFECT_DRAWS, len(expected)))
    totals = np.maximum(drawn.sum(axis=1), 1)
    errors = np.abs(drawn - expected).sum(axis=1) / totals
    return {"mean": float(errors.mean()), "high": float(np.percentile(errors, 97.5))}


def _daily(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=1), dtype=np.float64)
