"""The form of ``agency.json``, and of what an agency's ``agency.toml`` says. Must not read a file."""

from datetime import date, time
from typing import Annotated, Final
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from edge.contract.fields import PartOne, ShortName, text_of_date
from edge.contract.planner import PlannerDoc
from edge.contract.tactics import TacticDoc
from edge.domain.policy import Metering, Policy, Prescription
from edge.text.names import Label
from edge.text.strictness import WRITTEN

NO_PLACES: Final = {"localtime", "Factory"}
"""In the IANA database, and no zone of an agency's."""


def _known_zone(name: str) -> str:
    if name not in available_timezones() - NO_PLACES:
        msg = f"{name!r} is not an IANA time zone, such as America/Chicago"
        raise ValueError(msg)
    return name


def _time_of_day(given: object) -> object:
    if isinstance(given, int | float):
        msg = "must be a time of day such as 22:00:00"
        raise ValueError(msg)
    return given


def _local(starts: time) -> time:
    if starts.tzinfo is not None:
        msg = "must be a local time in the agency's zone; leave out Z or +00:00"
        raise ValueError(msg)
    return starts


Day = Annotated[date, BeforeValidator(text_of_date)]


class PrescriptionDoc(BaseModel):
    """`edge.domain.policy.Prescription` as an agency writes it."""

    model_config = WRITTEN
    minutes: float = Field(15.0, ge=1, le=120)
    visits: int = Field(1, ge=1, le=24)
    spacing_hours: float = Field(2.0, ge=0, le=24)
    cap_shift: int = Field(3, ge=1, le=24)
    cap_7_days: int = Field(7, ge=1, le=168)

    def value(self) -> Prescription:
        """The domain's value."""
        return Prescription(self.minutes, self.visits, self.spacing_hours * 3600.0, self.cap_shift, self.cap_7_days)


class PolicyDoc(BaseModel):
    """`edge.domain.policy.Policy` as an agency writes it."""

    model_config = WRITTEN
    metering: Metering = Metering()
    default: PrescriptionDoc = PrescriptionDoc()
    by_type: dict[PartOne, PrescriptionDoc] = {}
    own_plans: bool = True
    any_id: bool = Field(True, exclude_if=bool)  # absent where true: software of before does not know it

    def value(self) -> Policy:
        """The domain's value."""
        by_type = {key: doc.value() for key, doc in self.by_type.items()}
        return Policy(self.metering, self.default.value(), by_type, self.own_plans, self.any_id)


class ShiftDoc(BaseModel):
    """One shift: a name and its local start; it lasts until the next one starts."""

    model_config = WRITTEN
    name: ShortName
    starts: Annotated[time, BeforeValidator(_time_of_day), AfterValidator(_local)]


class AgencyDoc(BaseModel):
    """``agency.json``, and, but for the public key, what an agency's ``agency.toml`` says.

    ``tactics_approver``: the role that approved the list of tactics, when, and by when it is to be reviewed.
    """

    model_config = WRITTEN
    id: ShortName
    name: Label = Field(min_length=2, max_length=80)
    zone: Annotated[str, AfterValidator(_known_zone)]
    shifts: tuple[ShiftDoc, ...] = Field(min_length=1)
    policy: PolicyDoc = PolicyDoc()
    planner: PlannerDoc = PlannerDoc()
    tactics_version: Label = Field("1", max_length=40)
    tactics_approver: Label | None = Field(None, min_length=3, max_length=80, exclude_if=lambda name: name is None)
    tactics_approved: Day | None = Field(None, exclude_if=lambda day: day is None)
    tactics_review: Day | None = Field(None, exclude_if=lambda day: day is None)
    tactics: tuple[TacticDoc, ...] = ()
    public_key: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")

    @model_validator(mode="after")
    def _in_order(self) -> "AgencyDoc":
        starts = [shift.starts for shift in self.shifts]
        if starts != sorted(set(starts)):
            msg = "shifts: list them by start time, no start time twice; each lasts until the next one starts"
            raise ValueError(msg)
        if len({shift.name for shift in self.shifts}) < len(self.shifts):
            msg = "shifts: two shifts have the same name"
            raise ValueError(msg)
        if self.tactics_approved and self.tactics_review and self.tactics_review <= self.tactics_approved:
            msg = "tactics_review: must be after tactics_approved"
            raise ValueError(msg)
        if len({tactic.id for tactic in self.tactics}) < len(self.tactics):
            msg = "tactics: two tactics have the same id"
            raise ValueError(msg)
        return self
