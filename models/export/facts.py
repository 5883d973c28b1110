"""What the card says beyond the model itself: where its data are from, how good it was, what was tried.

Training and evaluation fill it; what nobody measured is named as such. Must not compute a figure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from edge.risk.card import Ablation, Additivity, Bin, Figure, Figures, GroupCard, Tried
from edge.risk.feature_column import Column
from edge.risk.model import ModelMeta, Window

PURPOSE: Final = (
    "Ranks the agency's 250 m boxes by the expected number of reported incidents of one type in a shift, to choose"
    " where presence is offered. It says nothing about any person, and rates no effect of patrols."
)
METHOD: Final = (
    "Expected count = the city's level of the shift × a mixture of count maps × one factor for each feature group, the"
    " exponential of a sum of LightGBM Poisson trees of which every one uses the features of one group."
)
BASE_METHOD: Final = "Expected count = the city's level of the shift × a mixture of count maps; there are no trees."
BASE_ONLY: Final = "{events:,} incidents were too few to learn trees from; the base alone forecasts."
EXCLUSIONS: Final = (
    "Only the Part 1 types and gunfire are read; drugs, vandalism, prostitution, traffic and weapons stops never are.",
    "No person's data: importers read an allow-list of columns.",
    "Visits, presence and dosage are no label and no feature.",
)
LIMITS: Final = (
    "It knows reported incidents alone: where fewer are reported, it expects fewer.",
    "Coordinates are as published, often moved to the block; unknown times are spread over the shifts they may lie in.",
    "It is made for one agency's grid, calendar and recording practice, and for no other.",
    "A high rank is no ground for a stop, a search or an arrest, and evidence of nothing.",
)
PROTECTIONS: Final = (
    "Places, never people; Part 1 types and gunfire only, checked at import and at load.",
    "Officer-initiated events are left out unless the agency says otherwise; dosage never trains.",
    "Caps and opt-out areas are applied after the model, on the vehicle too; every forecast is logged with its inputs'"
    " hashes.",
)
NOT_TAKEN: Final = Figures(measured_on="No figures were taken when this model was trained.", days=None, each=())
_COUNTS: Final = "The agency's own incident counts."
_OWN_SOURCES: Final = {
    "own": _COUNTS,
    "nearby": _COUNTS,
    "other": _COUNTS,
    "gunfire": _COUNTS,
    "time": "The calendar.",
    "events": "Upcoming events that headquarters publishes.",
}
"""Of groups that need no column of layers or days."""

_GROUPS: Final = (*_OWN_SOURCES, "places", "weather", "facilities", "housing", "terrain")
_NOTHING: Final = "No source: its missing values stand everywhere."
_BEFORE: Final = "the day before the forecast"


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Of the incidents: one sentence on their source; how many were used, and left out by reason; what is missing."""

    source: str
    rejected: dict[str, int] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = EXCLUSIONS
    officer_initiated_left_out: int | None = None


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


def group_cards(
    meta: ModelMeta, trees: Sequence[int], columns: Iterable[Column], evaluated: Collection[str]
) -> tuple[GroupCard, ...]:
    """A card of each group; ``trees``: how many each has; ``columns``: what layers and days say of theirs.

    ``evaluated``: the groups whose data the figures were taken with.
    """
    known = {column.name: column for column in columns}
    return tuple(
        GroupCard(
            name=group.name,
            features=group.features,
            trees=count,
            sources=_sources(found := [known[name] for name in group.features if name in known])
            or (_OWN_SOURCES.get(group.name, _NOTHING),),
            as_of=max((column.as_of for column in found), default=_BEFORE),
            evaluated="evaluated" if group.name in evaluated else "not evaluated",
        )
        for group, count in zip(meta.groups, trees, strict=True)
    )


def absent_groups(present: Collection[str]) -> tuple[str, ...]:
    """A sentence for each feature group that a model does not have."""
    return tuple(f"Group {name}: not in this model, not evaluated." for name in _GROUPS if name not in present)


def _sources(columns: Sequence[Column]) -> tuple[str, ...]:
    """Each source once, with its terms."""
    return tuple(dict.fromkeys(f"{column.source} ({column.terms})" for column in columns))


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
