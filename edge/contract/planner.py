"""What an agency decides about its plans: weights, boxes a shift, limits, special units; ``[planner]`` of agency.toml.

A weight says how much one expected crime of a type counts in a district, or for a special unit. Nobody's weight is
guessed: each row has its source, the role that approved it and the date, and a type that no row names is not planned
for. Must not name a person, and must not compute a plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from edge.contract.fields import PartOne, ShortName, text_of_date
from edge.text.coded import CodedError
from edge.text.names import AreaName, Label, twins
from edge.text.strictness import WRITTEN

_HUNDREDTH = Decimal("0.01")


def _to_hundredths(weight: float) -> float:
    if Decimal(repr(weight)) % _HUNDREDTH:
        msg = f"must have at most two decimals, such as 2.5, not {weight!r}"
        raise ValueError(msg)
    return weight


Boxes = Annotated[int, Field(ge=1, le=1000)]


class WeightDoc(BaseModel):
    """One ``[[planner.weights]]``: how much a crime type counts in a district or for a special unit.

    A row with neither holds wherever its source has no row of its own for the type. Where police and community both
    give a type a weight, the two are added.
    """

    model_config = WRITTEN
    crime_type: PartOne
    weight: Annotated[float, Field(ge=0, le=10), AfterValidator(_to_hundredths)]
    source: Literal["police", "community"]
    approver: Label = Field(min_length=3, max_length=80)
    approved: Annotated[date, BeforeValidator(text_of_date)]
    district: AreaName | None = None
    unit: ShortName | None = None

    @property
    def hundredths(self) -> int:
        """The weight as a whole number."""
        return round(self.weight * 100)

    @model_validator(mode="after")
    def _one_area(self) -> Self:
        if self.district is not None and self.unit is not None:
            msg = "give a district or a unit, not both"
            raise ValueError(msg)
        return self


class UnitDoc(BaseModel):
    """One ``[[planner.units]]``: a special unit and the districts it works in; none listed: all of them."""

    model_config = WRITTEN
    id: ShortName
    districts: tuple[AreaName, ...] = ()


class PlannerDoc(BaseModel):
    """``[planner]``. ``by_area``: boxes a shift of single districts and units.

    ``gamma``: a box is drawn with a probability in proportion to its score to this power; the higher, the closer is a
    plan to the boxes with the highest scores, and the less is learned of others.
    """

    model_config = WRITTEN
    boxes_per_shift: Boxes = 6
    by_area: dict[AreaName, Boxes] = {}
    max_per_beat: int = Field(3, ge=1, le=100)
    gamma: int = Field(12, ge=1, le=64)
    units: tuple[UnitDoc, ...] = ()
    weights: tuple[WeightDoc, ...] = ()

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        units = {unit.id for unit in self.units}
        if len(units) < len(self.units):
            msg = "units: two units have the same id"
            raise ValueError(msg)
        for (area, crime_type, source), times in Counter(map(_weighed, self.weights)).items():
            if times > 1:
                msg = (
                    f"weights: {source} gives {crime_type} a weight twice for {area or 'the whole agency'}; remove one"
                )
                raise ValueError(msg)
        return self

    def areas(self, districts: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Every district by itself, and every special unit, with the districts in which its plan's boxes lie."""
        every = frozenset(districts)
        alone = {district: frozenset((district,)) for district in sorted(every)}
        return alone | {unit.id: frozenset(unit.districts) or every for unit in self.units}

    def check(self, districts: Iterable[str]) -> None:
        """Raises CodedError where a row names a district or unit that the agency does not have."""
        every = set(districts)
        units = {unit.id for unit in self.units}
        named = {(f"units: {unit.id}", district) for unit in self.units for district in unit.districts}
        named |= {("weights", row.district) for row in self.weights if row.district is not None}
        wrong = [f"{where}: {what!r} is not a district" for where, what in sorted(named) if what not in every]
        wrong += [f"units: {unit!r} is a district's name; choose another" for unit in sorted(units & every)]
        if alike := twins(every | units):
            wrong.append(f"{alike[0]!r} and {alike[1]!r} differ only in upper and lower case; rename one")
        wrong += [f"weights: {row.unit!r} is not a unit" for row in self.weights if row.unit and row.unit not in units]
        wrong += [f"by_area: {area!r} is not a district or unit" for area in sorted(set(self.by_area) - units - every)]
        if wrong:
            raise CodedError("plan.no_areas", detail="; ".join(wrong), districts=sorted(every))


def _weighed(row: WeightDoc) -> tuple[str, str, str]:
    return row.district or row.unit or "", row.crime_type, row.source
