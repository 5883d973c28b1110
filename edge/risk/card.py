"""The model card: what a model was made from, how good it is, what it may not be used for. No card, no load.

A card belongs to one model file, by its SHA-256. Its JSON is what programs check (schema: ``card.schema.json``, written
by ``python -m edge.risk.card``); the Markdown beside it is for people. Must not praise: a figure without data says so.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from edge.contract.fields import PartOne, ShortName
from edge.risk.model import GroupName, Hash, Name, Window
from edge.text.coded import CodedError
from edge.text.mistakes import explain
from edge.text.strictness import WRITTEN

FORMAT: Final = 1
SCHEMA: Final = Path(__file__).with_name("card.schema.json")

Sentence = Annotated[str, Field(min_length=1, max_length=1000)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class DataCard(BaseModel):
    """The incidents a model learnt from. ``rejected``: how many were left out, by reason; ``gaps``: what is missing."""

    model_config = WRITTEN
    source: Sentence
    window: Window
    incidents: Amount
    rejected: dict[str, Count]
    gaps: tuple[Sentence, ...]
    exclusions: tuple[Sentence, ...] = Field(min_length=1)
    officer_initiated_left_out: Count | None
    counts_sha256: Hash
    grid_sha256: Hash
    layers_sha256: Hash


class GroupCard(BaseModel):
    """A feature group: how many columns and trees, where its data are from, by when they were known.

    ``evaluated``: whether the figures were taken with data of this group; one built on fixtures alone is not.
    """

    model_config = WRITTEN
    name: GroupName
    features: tuple[Name, ...] = Field(min_length=1)
    trees: Count
    sources: tuple[Sentence, ...]
    as_of: Sentence
    evaluated: Literal["evaluated", "not evaluated"]


class Figure(BaseModel):
    """A figure; ``low`` and ``high``: its 95 % interval, where one was taken."""

    model_config = WRITTEN
    name: Name
    value: Finite
    low: Finite | None = None
    high: Finite | None = None

    @model_validator(mode="after")
    def _has_both_ends(self) -> Self:
        if (self.low is None) != (self.high is None):
            msg = "has one end of an interval; give both or neither"
            raise ValueError(msg)
        return self


class Figures(BaseModel):
    """What was measured, and on which days, none of which the model was trained on."""

    model_config = WRITTEN
    measured_on: Sentence
    days: Window | None
    each: tuple[Figure, ...]


class Ablation(BaseModel):
    """What the model loses in D² when it is trained without one group."""

    model_config = WRITTEN
    group: GroupName
    d2: Finite
    lost: Finite


class Additivity(BaseModel):
    """What one group a tree costs: D² on held-out days beside the same trees without that rule.

    ``lost``: the share of the twin's D² that is lost; negative where the rule helps.
    """

    model_config = WRITTEN
    d2: Finite
    d2_twin: Finite
    lost: Finite
    measured_on: Sentence


class Bin(BaseModel):
    """One of the calibration's bins, by rising risk: incidents expected and observed."""

    model_config = WRITTEN
    expected: Amount
    observed: Amount


class Tried(BaseModel):
    """What was tried, and what it gave."""

    model_config = WRITTEN
    what: Sentence
    gave: Sentence


class Card(BaseModel):
    """A model's card. ``base_only``: why there are no trees (too few incidents, say); None where there are."""

    model_config = WRITTEN
    format: Literal[1] = FORMAT
    crime_type: PartOne
    agency: ShortName
    model_sha256: Hash
    created: date
    expires: date
    seed: int
    settings: dict[str, bool | int | float | str]
    software: dict[str, str]
    purpose: Sentence
    method: Sentence
    base_only: Sentence | None
    data: DataCard
    groups: tuple[GroupCard, ...]
    figures: Figures
    ablation: tuple[Ablation, ...]
    additivity: Additivity | None
    calibration: tuple[Bin, ...]
    not_measured: tuple[Sentence, ...]
    limits: tuple[Sentence, ...] = Field(min_length=1)
    tried: tuple[Tried, ...]
    protections: tuple[Sentence, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _leaves_nothing_unsaid(self) -> Self:
        if self.expires <= self.created:
            msg = f"expires on {self.expires}, which is not after its creation on {self.created}"
            raise ValueError(msg)
        trees = sum(group.trees for group in self.groups)
        if (self.base_only is None) != (trees > 0):
            msg = "has trees and also base_only; base_only is only for a model without trees"
            raise ValueError(msg)
        silent = not (self.figures.each and self.ablation and self.additivity and self.calibration)
        if silent and not self.not_measured:
            msg = "figures, ablation, additivity or calibration missing; give them, or the reason in not_measured"
            raise ValueError(msg)
        return self


def encode_card(card: Card) -> bytes:
    """The card as its file holds it."""
    return (json.dumps(card.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def check_card(card: bytes, model: bytes, name: str) -> Card:
    """The card of a model file (its bytes); ``name``: what the sentence calls the card's file.

    Raises CodedError, one sentence, where the card does not hold or is another file's.
    """
    try:
        found = Card.model_validate_json(card)
    except ValidationError as error:
        raise CodedError("model.no_card", file=name, detail=explain(error)) from error
    if found.model_sha256 != hashlib.sha256(model).hexdigest():
        raise CodedError("model.other_card", file=name)
    return found


def schema() -> dict[str, Any]:
    """The card's JSON Schema (2020-12)."""
    made = Card.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def schema_text() -> str:
    """The schema as it is kept."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
