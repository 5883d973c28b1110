"""All types together: pooled and macro figures, and the JSON document. Must not compute a forecast."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mode
from typing import Any, Final

import numpy as np

from edge.contract.agency import Agency
from edge.text.whole_file import write_whole
from models.evaluate.baselines import BOX_SHIFTS, NAMES, SIMPLE, Baseline
from models.evaluate.figures import MODEL, calibration, hit_gain, method_figures, type_figures
from models.evaluate.period import Period
from models.evaluate.statistics import TOP, Statistics
from models.train.bootstrap import DRAWS, SEED, Weeks
from models.train.metrics import BINS

POOLED: Final = ("theft", "robbery", "burglary", "motor_vehicle_theft", "aggravated_assault")
"""The types pooled: gunfire overlaps aggravated assault, homicide too."""
ByMethod = Mapping[str, Statistics]

DEFINITIONS: Final = {
    "chosen": "what the model most often was, of the candidates that each fit judged on weeks held out from it",
    "d2": "1 - Poisson deviance / that of the uniform forecast (the model's level of the shift, the same in every box)",
    "d2_best_simple": f"the highest D2 of {', '.join(SIMPLE)} on the test itself",
    "hit_1pct_best_simple": "the highest hit_1pct of these on the test itself",
    "hit_1pct": "share of the incidents that fell in the 1% of boxes ranked highest for their shift; ties by a hash",
    "pai_1pct": "hit_1pct over the share of the boxes",
    "oe_top1pct": "observed over expected incidents in those boxes; intervals: weekly bootstrap, exact Poisson",
    "ece_rel": f"sum over {BINS} bins of equally many box-shifts, by expected count, of |observed - expected| / total",
    "ece_rel_equal_expected": "the same with bins of equal expected counts; chance alone gives more",
    "brier": "mean over box-shifts of (1 - exp(-expected) - whether there was an incident) squared",
    "gain_over_best_simple": "hits at 1% of the pooled types over those of the rival that has the most on the test",
    "gain_over_each_types_best": "the same over each type's own best rival on the test, added up",
    "gain_over_box_shift": "hits at 1% of the pooled types over those of the baseline, minus 1 (a fraction)",
    "interval": f"paired bootstrap of whole weeks, {DRAWS} draws, seed {SEED}, 2.5 and 97.5 percentiles",
}


def choose_rival(tuned: Mapping[str, Mapping[str, float]]) -> tuple[str, dict[str, float]]:
    """The stronger box × shift count and both's pooled hits at 1% on the tuning period.

    ``tuned``: of each type and method the tuning period's hits at 1%, and its ``events``.
    """
    types = [name for name in POOLED if name in tuned] or list(tuned)
    events = sum(tuned[name]["events"] for name in types)
    pooled = {rival: sum(tuned[name][rival] for name in types) / max(events, 1.0) for rival in BOX_SHIFTS}
    return max(pooled, key=lambda rival: pooled[rival]), pooled


def summarise(
    agency: Agency,
    period: Period,
    baselines: Mapping[str, Mapping[str, Baseline]],
    tuned: Mapping[str, Mapping[str, float]],
    by_lag: Mapping[int, Mapping[str, ByMethod]],
    chosen: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """The JSON document. ``by_lag``: statistics by data lag, type and method; lag 0 has every method.

    ``chosen``: of each type, the candidate that each fit in turn was.
    """
    weeks, boxes = Weeks(len(period.days)), len(agency.grid.boxes)
    rival, by_hits = choose_rival(tuned)
    shifts = [rule.name for rule in agency.calendar.rules]
    types: dict[str, Any] = {}
    for name, methods in by_lag[0].items():
        types[name] = {"chosen": mode(chosen[name]), "chosen_by_fit": list(chosen[name])}
        types[name] |= type_figures(methods, weeks, boxes)
        types[name]["calibration"] = calibration(methods[MODEL], shifts, period.months, districts_of(agency))
        types[name]["tuned"] = {each: asdict(baselines[name][each]) for each in NAMES}
        types[name]["lags"] = _lags(name, by_lag, weeks, boxes, rival)
    return {
        "agency": agency.id,
        "boxes": boxes,
        "shifts": shifts,
        "tested_on": {"from": period.first, "to": period.last, "days": len(period.days)},
        "tuned_on": {"from": period.tune_first, "to": period.tune_last},
        "refit_days": period.refit_days,
        "definitions": DEFINITIONS,
        "rival": {"name": rival, "chosen_by_pooled_hit_1pct_on_the_tuning_period": by_hits},
        "types": types,
        "macro": _macro(types),
        "pooled": _pooled(by_lag, weeks, rival, {name: of["best_simple_by_hits"] for name, of in types.items()}),
    }


def districts_of(agency: Agency) -> list[str]:
    """The districts' names, sorted."""
    return sorted({box.district for box in agency.grid.boxes.values()})


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write the document; what is not a number (a type without incidents) becomes null, figures have 7 digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(_plain(document), indent=1, allow_nan=False) + "\n")


def _lags(name: str, by_lag: Mapping[int, Mapping[str, ByMethod]], weeks: Weeks, boxes: int, rival: str) -> Any:
    """The model and the rival with older data: both see as many days less."""
    found = {}
    for lag, types in by_lag.items():
        if lag and name in types:
            methods = types[name]
            found[str(lag)] = {
                "model": method_figures(methods[MODEL], methods["uniform"], boxes),
                "box_shift": method_figures(methods[rival], methods["uniform"], boxes),
                "hit_1pct_gain_over_box_shift": hit_gain(weeks, [methods[MODEL]], [methods[rival]]),
                "hit_1pct_against_lag_0": hit_gain(weeks, [methods[MODEL]], [by_lag[0][name][MODEL]]),
            }
    return found


def _macro(types: Mapping[str, Any]) -> dict[str, Any]:
    """Means over the pooled types, and over all."""
    pooled = [name for name in types if name in POOLED]
    keys = ("d2", "d2_best_simple", "hit_1pct", "hit_1pct_best_simple", "pai_1pct", "brier", "ece_rel")
    return {
        which: {key: float(np.mean([types[name][key] for name in names])) for key in keys}
        for which, names in (("pooled_types", pooled), ("all_types", list(types)))
        if names
    }


def _pooled(
    by_lag: Mapping[int, Mapping[str, ByMethod]], weeks: Weeks, rival: str, best_of: Mapping[str, str]
) -> dict[str, Any]:
    """Hits at 1% of each type's own ranking, added up over the pooled types; ``best_of``: each type's best rival."""
    types = {name: methods for name, methods in by_lag[0].items() if name in POOLED} or dict(by_lag[0])
    events = sum(float(methods[MODEL].observed.sum()) for methods in types.values())

    def share(method: str) -> float:
        return sum(float(methods[method].hits[..., TOP].sum()) for methods in types.values()) / max(events, 1.0)

    def gain(lag: int, over: str) -> dict[str, float]:
        each = [by_lag[lag][name] for name in types]
        return hit_gain(weeks, [methods[MODEL] for methods in each], [methods[over] for methods in each])

    best = max(SIMPLE, key=share)
    models, theirs = [of[MODEL] for of in types.values()], [of[best_of[name]] for name, of in types.items()]
    lags = [lag for lag in by_lag if lag and all(name in by_lag[lag] for name in types)]
    return {
        "types": list(types),
        "events": events,
        "hit_1pct": {
            "model": share(MODEL),
            "baselines": {name: share(name) for name in NAMES},
            "gain_over_best_simple": gain(0, best) | {"rival": best},
            "gain_over_each_types_best": hit_gain(weeks, models, theirs),
            "gain_over_box_shift": gain(0, rival) | {"rival": rival},
            "gain_over": {name: gain(0, name) for name in NAMES if name != "uniform"},
            "gain_over_box_shift_by_lag": {str(lag): gain(lag, rival) for lag in lags},
        },
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.7g}") if math.isfinite(value) else None
    return value
