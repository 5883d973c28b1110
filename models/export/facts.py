"""What the card says beyond the model and its figures: what it is for, where its data are from, its groups and limits.

Must not compute a figure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from edge.risk.card import GroupCard, Tried
from edge.risk.feature_column import Column
from edge.risk.model import ModelMeta
from models.train.candidates import WORDS
from models.train.choose import Judged
from models.train.trained import Trained, holdings

PURPOSE: Final = (
    "Ranks the agency's 250 m (820 ft) boxes by the expected number of reported incidents of one type in a "
    "shift, to choose"
    " where presence is offered. It predicts nothing about any person, and does not measure the effect of patrols."
)
METHOD: Final = (
    "Expected count = the city's level of the shift × a mixture of count maps × one factor for each feature group, the"
    " exponential of a sum of LightGBM Poisson trees, each using the features of one group only."
)
BASE_METHOD: Final = "Expected count = the city's level of the shift × a mixture of count maps; there are no trees."
CHOSEN: Final = "Chosen on held-out weeks: {what}."
REFITTED: Final = (
    "{how} on the weeks of {first} to {last}, held out: {what}. Scale and power are of that fit; then the weights of"
    " its maps were fitted once more, to all weeks to {last}."
)
CHOSEN_AND_JUDGED: Final = "Chosen and judged"
ALONE: Final = "Judged, without a choice,"
BASE_ONLY: Final = "Trees were not better on the held-out weeks by more than their error (see what was tried)."
EXCLUSIONS: Final = (
    "Only the Part 1 types and gunfire are read; drugs, vandalism, prostitution, traffic and weapons stops never are.",
    "No personal data: importers read only allow-listed columns.",
    "Visits, presence and dosage are never labels or features.",
)
LIMITS: Final = (
    "It knows only reported incidents: where fewer are reported, it expects fewer.",
    "Coordinates are as published, often moved to the block; unknown times are spread over the shifts they could "
    "fall in.",
    "It is made for one agency's grid, calendar and recording practice; do not use it for another agency.",
    "A high rank is not grounds for a stop, a search or an arrest, and is not evidence of anything.",
)
PROTECTIONS: Final = (
    "Places, never people; Part 1 types and gunfire only, checked at import and at load.",
    "Officer-initiated events are left out unless the agency says otherwise; dosage is never used in training.",
    "Caps and opt-out areas are applied after the model, on the vehicle too; every forecast is logged with its inputs'"
    " hashes.",
)
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
_NOTHING: Final = "No source: missing values everywhere."
_BEFORE: Final = "the day before the forecast"


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Of the incidents: one sentence on their source; how many were used, and left out by reason; what is missing."""

    source: str
    rejected: dict[str, int] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = EXCLUSIONS
    officer_initiated_left_out: int | None = None


def group_cards(
    meta: ModelMeta, trees: Sequence[int], columns: Iterable[Column], evaluated: Collection[str]
) -> tuple[GroupCard, ...]:
    """A card of each group that holds anything; ``trees``: how many each of the file's groups has.

    ``columns``: what layers and days say of theirs.
    ``evaluated``: the groups whose data the figures were taken with.
    """
    known = {column.name: column for column in columns}
    grown = dict(zip(meta.group_names, trees, strict=True))
    return tuple(
        GroupCard(
            name=group,
            features=held,
            trees=grown.get(group, 0),
            sources=_sources(found := [known[name] for name in held if name in known])
            or (_OWN_SOURCES.get(group, _NOTHING),),
            as_of=max((column.as_of for column in found), default=_BEFORE),
            evaluated="evaluated" if group in evaluated else "not evaluated",
        )
        for group, held in holdings(meta.recipe).items()
    )


def chosen_by(trained: Trained) -> str:
    """What was chosen, by which weeks, and whether it was fitted to these as well afterwards."""
    what, last = WORDS[trained.chosen], trained.window[1]
    if trained.boosters:
        return CHOSEN.format(what=what)
    how = CHOSEN_AND_JUDGED if len(trained.judged) > 1 else ALONE
    first = last + 1 - int(trained.settings["held_out_days"])
    return REFITTED.format(how=how, what=what, first=date.fromordinal(first), last=date.fromordinal(last))


def candidates_tried(trained: Trained) -> tuple[Tried, ...]:
    """A line for each candidate: whether it was chosen, and how far its held-out D² is from the chosen one's."""
    return tuple(
        Tried(what=f"{WORDS[one.name]}, on held-out weeks.", gave=_gave(one, trained)) for one in trained.judged
    )


def _gave(one: Judged, trained: Trained) -> str:
    if one.name == trained.chosen:
        return f"Chosen: D² {one.d2:.4f}."
    side, error = ("above" if one.against_chosen > 0.0 else "below"), f"standard error {one.error:.4f}"
    return f"Refused: D² {one.d2:.4f}, {abs(one.against_chosen):.4f} {side} the chosen one's ({error})."


def absent_groups(present: Collection[str]) -> tuple[str, ...]:
    """A sentence for each feature group that a model does not have."""
    return tuple(f"Group {name}: not in this model, not evaluated." for name in _GROUPS if name not in present)


def _sources(columns: Sequence[Column]) -> tuple[str, ...]:
    """Each source once, with its terms."""
    return tuple(dict.fromkeys(f"{column.source} ({column.terms})" for column in columns))
