"""What was measured of a model, for its card; what nobody measured is named as such. Must not compute a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from edge.risk.card import Ablation, Additivity, Bin, Figure, Figures, Tried
from edge.risk.model import Window

NOT_TAKEN: Final = Figures(measured_on="No figures were computed when this model was trained.", days=None, each=())


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured on days that the model was not trained on, and what was tried on the way."""

    figures: Figures = NOT_TAKEN
    ablation: tuple[Ablation, ...] = ()
    additivity: Additivity | None = None
    calibration: tuple[Bin, ...] = ()
    tried: tuple[Tried, ...] = ()
    limits: tuple[str, ...] = ()

    def unmeasured(self) -> tuple[str, ...]:
        """A sentence for each part that is missing."""
        parts = {
            "Figures": self.figures.each,
            "Ablation by group": self.ablation,
            "The cost of one group a tree": self.additivity,
            "Calibration": self.calibration,
        }
        return tuple(f"{name}: not measured for this model." for name, part in parts.items() if not part)


def figures_of(measured: Mapping[str, Any], measured_on: str, days: Window | None) -> Figures:
    """The figures of one type's entry of the evaluation's JSON: a number, its interval beside it, or both in one.

    What is no finite number is left out, and so is an interval without both ends.
    """
    found = []
    for name, value in sorted(measured.items()):
        interval = value if isinstance(value, Mapping) else measured.get(f"{name}_interval", {})
        plain = interval.get("value") if isinstance(value, Mapping) else value
        if _is_finite(plain) and not name.endswith("_interval"):
            ends = [interval.get("low"), interval.get("high")]
            low, high = ends if all(map(_is_finite, ends)) else (None, None)
            found.append(Figure(name=name, value=plain, low=low, high=high))
    return Figures(measured_on=measured_on, days=days, each=tuple(found))


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value)
