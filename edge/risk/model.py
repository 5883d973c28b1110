"""What a model file says of itself: its metadata, canonical JSON inside the ONNX file.

The car makes features and maps by it, in this order, and refuses a file whose metadata does not hold. There is no wall
clock in it: the same data and seed give the same file. Must not load a model.
"""

import math
from collections import Counter
from datetime import date
from typing import Annotated, Final, Literal, Self

import rfc8785
from pydantic import BaseModel, Field, ValidationError, model_validator

from edge.contract.fields import PartOne, ShortName
from edge.domain.policy import CRIME_TYPES
from edge.risk.features import Recipe
from edge.text.coded import CodedError
from edge.text.mistakes import explain
from edge.text.strictness import WRITTEN

KEY: Final = "roundsman"
"""The key of the ONNX file's ``metadata_props``."""

FORMAT: Final = 1
SUM_SLACK: Final = 1e-9

GroupName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Group(BaseModel):
    """A feature group and its columns, in the order in which the graph reads them."""

    model_config = WRITTEN
    name: GroupName
    features: tuple[Name, ...] = Field(min_length=1)


class Window(BaseModel):
    """The dates of the incidents a model was trained on, both ends in it."""

    model_config = WRITTEN
    first: date
    last: date

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.last < self.first:
            msg = f"ends on {self.last}, before it starts on {self.first}"
            raise ValueError(msg)
        return self


class ModelMeta(BaseModel):
    """One crime type's model of one agency.

    ``mixture``: a row for each shift, a weight for each map; each row sums to 1. Calibration is multiplicative, so the
    shares stay exact: a ``scale`` for each shift, and a ``power`` of mixture and factors. ``created``: the first day it
    may forecast, after its data ends; ``expires``: the first day on which it is too old.
    """

    model_config = WRITTEN
    format: Literal[1] = FORMAT
    crime_type: PartOne
    agency: ShortName
    groups: tuple[Group, ...]
    maps: tuple[Name, ...] = Field(min_length=1)
    shifts: tuple[Name, ...] = Field(min_length=1)
    mixture: tuple[tuple[Weight, ...], ...]
    scale: tuple[Positive, ...]
    power: Positive
    grid_hash: Hash
    data_hash: Hash
    layers_hash: Hash
    window: Window
    seed: int
    software: dict[str, str]
    created: date
    expires: date

    @property
    def group_names(self) -> tuple[str, ...]:
        """The groups' names, in the order of the factors."""
        return tuple(group.name for group in self.groups)

    @property
    def recipe(self) -> Recipe:
        """What `edge.risk.features.rows` makes its input by."""
        return Recipe(self.maps, {group.name: group.features for group in self.groups})

    @property
    def owners(self) -> tuple[int, ...]:
        """Of every column of the input: the index of the group it belongs to."""
        return tuple(index for index, group in enumerate(self.groups) for _ in group.features)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        lists = [("group", self.group_names), ("map", self.maps)]
        for what, names in [*lists, *(("feature", group.features) for group in self.groups)]:
            if twice := [name for name, count in Counter(names).items() if count > 1]:
                msg = f"{what} {twice[0]!r} is listed twice"
                raise ValueError(msg)
        rows = {len(row) for row in self.mixture}
        if len(self.scale) != len(self.shifts):
            msg = f"the scale needs {len(self.shifts)} numbers, one for each shift"
            raise ValueError(msg)
        if len(self.mixture) != len(self.shifts) or rows != {len(self.maps)}:
            msg = f"the mixture needs {len(self.shifts)} shifts of {len(self.maps)} weights each"
            raise ValueError(msg)
        if any(abs(math.fsum(row) - 1.0) > SUM_SLACK for row in self.mixture):
            msg = "the mixture's weights of a shift do not sum to 1"
            raise ValueError(msg)
        if not self.window.last < self.created < self.expires:
            msg = "its data must end before it is created, and it must be created before it expires"
            raise ValueError(msg)
        return self


def encode_meta(meta: ModelMeta) -> str:
    """Canonical JSON (RFC 8785): the same metadata give the same text."""
    return rfc8785.dumps(meta.model_dump(mode="json")).decode()


def decode_meta(text: str, name: str) -> ModelMeta:
    """Read what `encode_meta` wrote; ``name``: the file it is from. Raises CodedError, for denied types first.

    A model of another crime type than the Part 1 types and gunfire is refused by its name, whatever else it says.
    """
    try:
        return ModelMeta.model_validate_json(text)
    except ValidationError as error:
        if any(one["loc"] == ("crime_type",) and one["type"] == "value_error" for one in error.errors()):
            denied = next(one["input"] for one in error.errors() if one["loc"] == ("crime_type",))
            raise CodedError("model.no_type", file=name, found=str(denied)[:60], allowed=CRIME_TYPES) from error
        raise CodedError("model.bad_metadata", file=name, detail=explain(error)) from error
