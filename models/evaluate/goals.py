"""What the project asks of its models, and whether a document's figures give it. Must not round before it compares.

The goals were set for Chicago 2018 before it was looked at; they are shown for any city.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from models.evaluate.plots import label
from models.evaluate.tables import between, number, percent, percent_between

POOLED_GAIN: Final = 0.08
POOLED_LOW: Final = 0.05
D2_GAINS: Final = {
    "theft": 0.012,
    "robbery": 0.012,
    "motor_vehicle_theft": 0.010,
    "burglary": 0.008,
    "aggravated_assault": 0.008,
    "gunfire": 0.0,
}
TOP_LOW: Final = 0.9
TOP_HIGH: Final = 1.1
ERROR: Final = 0.05
ERROR_EVENTS: Final = 2000
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """One line: what, what was asked, what was found, and whether that is enough."""

    what: str
    asked: str
    found: str
    met: bool


def goals(document: Figures) -> Iterator[Goal]:
    """Each goal in turn."""
    gain = document["pooled"]["hit_1pct"]["gain_over_box_shift"]
    asked = f"≥ {percent(POOLED_GAIN, 0)}, lower end ≥ {percent(POOLED_LOW, 0)}"
    met = gain["value"] >= POOLED_GAIN and gain["low"] >= POOLED_LOW
    yield Goal("pooled hits at 1% over the baseline", asked, percent_between(gain), met)
    for name, of in document["types"].items():
        yield from _of_type(name, of, document["rival"]["name"])


def _of_type(name: str, of: Figures, rival: str) -> Iterator[Goal]:
    what = label(name)
    if name in D2_GAINS:
        more = of["hit_1pct_gain"][rival]
        yield Goal(f"{what}: hits at 1% over the baseline", "≥ 0", percent_between(more), more["value"] >= 0)
        d2, least = of["d2_over_best_simple"], D2_GAINS[name]
        asked = f"≥ {number(least, 3, sign=True)}" if least else "> 0"
        met = d2["value"] >= least if least else d2["value"] > 0
        yield Goal(f"{what}: D² over the best simple", asked, between(d2), met)
    top = of["oe_top1pct_interval"]
    met = TOP_LOW <= top["value"] <= TOP_HIGH or top["low"] <= 1 <= top["high"]
    yield Goal(f"{what}: O/E in the top 1%", "0.9 to 1.1, or 1 covered", between(top, 2, sign=False), met)
    if of["events"] >= ERROR_EVENTS:
        error = of["ece_rel"]
        other = f"equal expected: {number(of['ece_rel_equal_expected'], 3)}"
        chance = f"chance alone: {number(of['ece_rel_equal_expected_of_a_perfect_forecast']['mean'], 3)}"
        found = f"{number(error, 3)} ({other}, {chance})"
        yield Goal(f"{what}: calibration error", f"≤ {ERROR}", found, error <= ERROR)
