"""An analyst's ``plan.toml``: the directed patrols of one shift of a district or special unit, drawn or by hand.

Every mistake is reported at once, each with its key path (the first patrol is ``patrols.0``). What policy and
protections forbid is refused here: opt-out areas, crime types that may not be patrolled for, visits beyond the cap.
Must not read a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, ValidationInfo, model_validator

from edge.contract.agency import Agency
from edge.contract.fields import PartOne, text_of_date
from edge.domain.grid import Box, Cell, parse_box_id
from edge.domain.plan import DirectedPatrol, Plan, data_age
from edge.errors import UserError
from edge.text.mistakes import each_explained
from edge.text.names import AreaName
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml


@dataclass(slots=True)
class _Checks:
    """What a plan is checked against: the agency, and what was read of the plan so far.

    ``district``: the plan's, or a special unit's id; ``within``: the districts of its boxes, None where the agency has
    no such district or unit: then no box is blamed for it.
    """

    agency: Agency
    by_number: Mapping[int, Box]
    district: object
    within: frozenset[str] | None
    used: set[Cell] = field(default_factory=set)


def _checks(info: ValidationInfo) -> _Checks:
    checks = info.context
    if not isinstance(checks, _Checks):
        msg = "a plan file is checked against an agency; read it with load_plan_file"
        raise TypeError(msg)
    return checks


def _known_shift(shift: str, info: ValidationInfo) -> str:
    calendar = _checks(info).agency.calendar
    try:
        return calendar.shift(shift).id
    except ValueError as error:
        names = [rule.name for rule in calendar.rules]
        msg = f"{shift!r} is not a shift; write its date and one of {', '.join(names)}, such as 2026-11-22/{names[0]}"
        raise ValueError(msg) from error


def _known_district(district: str, info: ValidationInfo) -> str:
    known = _checks(info).agency.areas
    if district not in known:
        msg = f"{district!r} is not a district of this agency; it has {', '.join(known)}"
        raise ValueError(msg)
    return district


def _by_number(number: int, info: ValidationInfo) -> int:
    box = _checks(info).by_number.get(number)
    if box is None:
        msg = f"the agency has no box {number}; its boxes are 1 to {len(_checks(info).by_number)}"
        raise ValueError(msg)
    _allowed(box, f"box {number}", _checks(info))
    return number


def _by_id(text: str, info: ValidationInfo) -> str:
    checks = _checks(info)
    try:
        box = checks.agency.grid.boxes.get(parse_box_id(text))
    except ValueError:
        box = None
    if box is None or box.id != text:
        msg = f"the agency has no box {text!r}; a box id looks like 1784-18561"
        raise ValueError(msg)
    _allowed(box, f"box {text}", checks)
    return text


def _allowed(box: Box, called: str, checks: _Checks) -> None:
    """Raises ValueError for a box that may not be in this plan, or is in it already."""
    if box.opt_out:
        msg = f"{called} touches an opt-out area and is never patrolled; choose another box"
        raise ValueError(msg)
    if checks.within is not None and box.district not in checks.within:
        msg = f"{called} is in district {box.district}, not in {checks.district}; put it in that district's plan"
        raise ValueError(msg)
    if box.cell in checks.used:
        msg = f"{called} is already in the plan; list each box once"
        raise ValueError(msg)
    checks.used.add(box.cell)


def _before_the_shift(data_to: date | None, info: ValidationInfo) -> date | None:
    shift = info.data.get("shift")
    if data_to is not None and shift is not None and data_age(data_to, shift) < 1:
        msg = f"{data_to} is not before the shift's date; give the last day whose incidents the forecast counted"
        raise ValueError(msg)
    return data_to


def _known_tactic(tactic: str, info: ValidationInfo) -> str:
    known = [each.id for each in _checks(info).agency.tactics]
    if tactic not in known:
        msg = f"{tactic!r} is not in the agency's list of tactics; it has {', '.join(known) or 'none'}"
        raise ValueError(msg)
    return tactic


class PatrolDoc(BaseModel):
    """One ``[[patrols]]``: a box by its id or its number, crime types, and what differs from the agency's policy.

    ``suppressed``: the reason for which an analyst takes the box out, in a later version of the plan.
    ``why_by_model``: as a draft has it; an analyst who gives another reason takes it away.
    """

    model_config = WRITTEN
    box: Annotated[str, AfterValidator(_by_id)] | None = None
    number: Annotated[int, AfterValidator(_by_number)] | None = None
    crime_types: tuple[PartOne, ...] = Field(min_length=1)
    minutes: float | None = Field(None, ge=1, le=120)
    visits: int | None = Field(None, ge=1, le=24)
    why: str = Field("", max_length=200)
    why_by_model: bool = False
    tactics: tuple[Annotated[str, AfterValidator(_known_tactic)], ...] = ()
    suppressed: str | None = Field(None, min_length=3, max_length=200)

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Self:
        if (self.box is None) == (self.number is None):
            msg = 'give either box = "1784-18561" or number = 42'
            raise ValueError(msg)
        cap = _checks(info).agency.policy.prescription(self.crime_types).cap_shift
        if self.visits is not None and self.visits > cap:
            msg = f"visits = {self.visits} is more than the agency's cap of {cap} visits a shift for a box"
            raise ValueError(msg)
        return self

    def value(self, checks: _Checks) -> DirectedPatrol:
        """The domain's value: policy's prescription, with what the analyst wrote in its place."""
        cell = parse_box_id(self.box) if self.box is not None else checks.by_number[self.number or 0].cell
        policy = checks.agency.policy.prescription(self.crime_types)
        prescription = replace(
            policy,
            minutes=policy.minutes if self.minutes is None else self.minutes,
            visits=min(policy.visits, policy.cap_shift) if self.visits is None else self.visits,
        )
        return DirectedPatrol(
            cell, self.crime_types, prescription, self.why, self.tactics, self.suppressed, self.why_by_model
        )


class PlanFile(BaseModel):
    """``plan.toml``. ``data_to``: the last day whose incidents the forecast behind it counted, as the draft has it."""

    model_config = WRITTEN
    shift: Annotated[str, AfterValidator(_known_shift)]
    district: Annotated[AreaName, AfterValidator(_known_district)]
    version: int = Field(ge=1)
    data_to: Annotated[date | None, BeforeValidator(text_of_date), AfterValidator(_before_the_shift)] = None
    patrols: tuple[PatrolDoc, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _of_some_day(self) -> Self:
        """Cars that refuse the one refuse the other (`edge.headquarters.publish.older_cars`)."""
        if self.data_to is None and any(patrol.why_by_model for patrol in self.patrols):
            msg = "why_by_model: give data_to, too: the last day whose incidents the forecast counted"
            raise ValueError(msg)
        return self


def load_plan_file(path: Path, agency: Agency) -> Plan:
    """The plan an analyst wrote. Raises UserError with every mistake in it."""
    return read_plan(read_toml(path, "give the plan.toml of a district and shift"), agency, str(path))


def read_plan(document: Mapping[str, Any], agency: Agency, called: str) -> Plan:
    """A plan file's content. Raises UserError with every mistake in it, each after what it is ``called``."""
    by_number = {box.number: box for box in agency.grid.boxes.values()}
    named = document.get("district")
    within = agency.areas.get(named) if isinstance(named, str) else None
    checks = _Checks(agency, by_number, named, within)
    try:
        plan = PlanFile.model_validate(document, context=checks)
    except ValidationError as error:
        raise UserError("\n".join(f"{called}: {one}" for one in each_explained(error))) from error
    patrols = tuple(patrol.value(checks) for patrol in plan.patrols)
    return Plan(plan.shift, plan.district, plan.version, patrols, data_to=plan.data_to)
