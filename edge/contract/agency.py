"""The agency directory: what a vehicle and headquarters need to know of an agency, offline.

Three JSON files and a manifest of their SHA-256: ``agency.json`` (name, zone, shifts, policy, tactics, the public key
plans are signed for), ``grid.json`` (polynomials and boxes) and ``map.json`` (lines to draw); and ``places.json``
(street names), where the streets have names. `edge.agency` writes it; this module defines its form and reads it; that
it is signed, and by whom, is `edge.contract.bundle`'s. Must not import pyproj or shapely.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, TypeVar, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from edge.contract.fields import PartOne, ShortName, text_of_date
from edge.contract.keys import DAILY_KEYS, DailyKey, Keyring
from edge.contract.places import PLACES, PlacesDoc
from edge.contract.plain_file import read_plain
from edge.contract.planner import PlannerDoc
from edge.contract.tactics import TacticDoc
from edge.domain.events import Unknown
from edge.domain.grid import CUBIC, QUINTIC, Box, Cell, Grid
from edge.domain.policy import Metering, Policy, Prescription
from edge.domain.shift import Calendar, ShiftRule
from edge.domain.tactics import Tactic
from edge.text.coded import CodedError
from edge.text.mistakes import explain
from edge.text.names import Label, area_name
from edge.text.strictness import SENT, WRITTEN
from edge.text.words import os_error

ModelT = TypeVar("ModelT", bound=BaseModel)
FILES = ("agency.json", "grid.json", "map.json")

LARGE_GRID: Final = "large_grid"
"""What the manifest of a large agency says must be understood: see `GridDoc`."""


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


CrimeType = PartOne
Day = Annotated[date, BeforeValidator(text_of_date)]
Slug = ShortName


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
    by_type: dict[CrimeType, PrescriptionDoc] = {}
    own_plans: bool = True
    any_id: bool = Field(True, exclude_if=bool)  # absent where true: software of before does not know it

    def value(self) -> Policy:
        """The domain's value."""
        by_type = {key: doc.value() for key, doc in self.by_type.items()}
        return Policy(self.metering, self.default.value(), by_type, self.own_plans, self.any_id)


class ShiftDoc(BaseModel):
    """One shift: a name and its local start; it lasts until the next one starts."""

    model_config = WRITTEN
    name: Slug
    starts: Annotated[time, BeforeValidator(_time_of_day), AfterValidator(_local)]


class AgencyDoc(BaseModel):
    """``agency.json``, and, but for the public key, what an agency's ``agency.toml`` says.

    ``tactics_approver``: the role that approved the list of tactics, when, and by when it is to be reviewed.
    """

    model_config = WRITTEN
    id: Slug
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


def _cubic_or_quintic(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    if len(coefficients) not in (CUBIC, QUINTIC):
        msg = f"must have {CUBIC} or {QUINTIC} coefficients; update the software"
        raise ValueError(msg)
    return coefficients


Coefficients = Annotated[tuple[float, ...], AfterValidator(_cubic_or_quintic)]


class BoxDoc(BaseModel):
    """One box of ``grid.json``."""

    model_config = SENT
    cell: tuple[int, int]
    number: int = Field(ge=1)
    district: str
    beat: str
    opt_out: bool = False


class RunDoc(BoxDoc):
    """Boxes side by side, eastward from ``cell``, alike but for their numbers, which begin with ``number``."""

    count: int = Field(ge=1, le=10_000)


class GridDoc(BaseModel):
    """``grid.json``; see `edge.domain.grid.Grid` for the polynomials.

    A city has ``boxes`` and 10 coefficients each; a large agency ``runs`` of boxes and 21, and its manifest says that
    `LARGE_GRID` must be understood. Software of before it knows neither, and refuses the file.
    """

    model_config = SENT
    epsg: int
    lat0: float
    lon0: float
    scale: float
    reach: float
    east: Coefficients
    north: Coefficients
    boxes: tuple[BoxDoc, ...] = Field((), exclude_if=lambda boxes: not boxes)
    runs: tuple[RunDoc, ...] = Field((), exclude_if=lambda runs: not runs)

    @model_validator(mode="after")
    def _of_one_form(self) -> Self:
        if len(self.east) != len(self.north) or bool(self.boxes) == bool(self.runs):
            msg = "must have as many coefficients east as north, and either boxes or runs"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _districts_named(self) -> Self:
        """A district whose name a topic cannot hold would end every car's daemon as it subscribes."""
        for name in {box.district for box in (*self.boxes, *self.runs)}:
            area_name(name)
        return self

    @property
    def rules(self) -> tuple[str, ...]:
        """What the manifest must say is to be understood."""
        return (LARGE_GRID,) if self.runs or len(self.east) > CUBIC else ()

    def value(self) -> Grid:
        """The domain's value."""
        boxes = {doc.cell: Box(doc.cell, doc.number, doc.district, doc.beat, doc.opt_out) for doc in self.boxes}
        for run in self.runs:
            for east in range(run.count):
                cell = run.cell[0] + east, run.cell[1]
                boxes[cell] = Box(cell, run.number + east, run.district, run.beat, run.opt_out)
        return Grid(self.epsg, self.lat0, self.lon0, self.scale, self.reach, self.east, self.north, boxes)


LayerKind: TypeAlias = Literal["boundary", "district", "beat", "main_street", "street", "water", "opt_out"]


class MapLayer(BaseModel):
    """Lines to draw: each a list of [lon, lat] rounded to 1e-5°. ``labels``: [lon, lat, text]."""

    model_config = SENT
    kind: LayerKind | Unknown
    lines: tuple[tuple[tuple[float, float], ...], ...]
    labels: tuple[tuple[float, float, str], ...] = ()


class MapDoc(BaseModel):
    """``map.json``: layers, from the bottom up."""

    model_config = SENT
    layers: tuple[MapLayer, ...]

    @property
    def known(self) -> tuple[MapLayer, ...]:
        """The layers that this software can draw."""
        return tuple(layer for layer in self.layers if layer.kind in get_args(LayerKind))


@dataclass(frozen=True, slots=True)
class Approval:
    """Of the list of tactics: the role that approved it, when, and by when it is to be reviewed; None: not said."""

    approver: str | None = None
    approved: date | None = None
    review: date | None = None

    def overdue(self, today: date) -> bool:
        """Whether its review is."""
        return self.review is not None and self.review < today


@dataclass(frozen=True, slots=True)
class Agency:
    """A loaded agency directory."""

    id: str
    name: str
    calendar: Calendar
    policy: Policy
    grid: Grid
    tactics: tuple[Tactic, ...]
    tactics_version: str
    public_key: str | None
    map_path: Path
    hash: str
    planner: PlannerDoc = field(default_factory=PlannerDoc)
    daily_keys: Mapping[str, tuple[DailyKey, ...]] = field(default_factory=dict)
    places: PlacesDoc | None = None
    tactics_approval: Approval = Approval()

    @property
    def keys(self) -> Keyring:
        """Which key may sign what."""
        return Keyring(self.public_key, self.daily_keys)

    @property
    def areas(self) -> Mapping[str, frozenset[str]]:
        """What plans are made for: every district and special unit, with the districts in which its boxes lie."""
        return self.planner.areas({box.district for box in self.grid.boxes.values()})

    def place(self, cell: Cell | None) -> str | None:
        """Where a box is, in an officer's words: ``Main / 4th``; None where no street is known."""
        box = self.grid.boxes.get(cell) if cell is not None else None
        return None if box is None or self.places is None else self.places.of(box.number)


def load_agency(directory: Path) -> Agency:
    """Read and verify an agency directory. Raises CodedError where a file is missing, malformed or changed."""
    parts = {name: _read(directory, name) for name in (*FILES, "manifest.json")}
    manifest = _json(directory / "manifest.json", parts["manifest.json"])
    listed = manifest.get("files")
    for name in FILES:
        if not isinstance(listed, dict) or listed.get(name) != hashlib.sha256(parts[name]).hexdigest():
            raise CodedError("agency_file.other_hash", path=str(directory / name))
    doc = _validated(AgencyDoc, directory / "agency.json", parts["agency.json"])
    grid = _validated(GridDoc, directory / "grid.json", parts["grid.json"])
    return Agency(
        id=doc.id,
        name=doc.name,
        calendar=Calendar(ZoneInfo(doc.zone), tuple(ShiftRule(one.name, one.starts) for one in doc.shifts)),
        policy=doc.policy.value(),
        grid=grid.value(),
        tactics=tuple(one.value() for one in doc.tactics),
        tactics_version=doc.tactics_version,
        tactics_approval=Approval(doc.tactics_approver, doc.tactics_approved, doc.tactics_review),
        public_key=doc.public_key,
        map_path=directory / "map.json",
        hash=hashlib.sha256(parts["manifest.json"]).hexdigest(),
        planner=doc.planner,
        daily_keys=_daily_keys(directory / "manifest.json", manifest),
        places=_places(directory, manifest.get("optional")),
    )


def _places(directory: Path, optional: object) -> PlacesDoc | None:
    """The names of places, where the manifest lists them and they are there."""
    listed = optional.get(PLACES) if isinstance(optional, dict) else None
    if listed is None or not (directory / PLACES).exists():
        return None
    text = _read(directory, PLACES)
    if not isinstance(listed, dict) or listed.get("sha256") != hashlib.sha256(text).hexdigest():
        raise CodedError("agency_file.other_hash", path=str(directory / PLACES))
    return _validated(PlacesDoc, directory / PLACES, text)


def _daily_keys(path: Path, manifest: dict[str, Any]) -> Mapping[str, tuple[DailyKey, ...]]:
    try:
        return DAILY_KEYS.validate_json(json.dumps(manifest.get("keys", {})))
    except ValidationError as error:
        raise CodedError("agency_file.malformed", path=str(path), detail=f"keys.{explain(error)}") from error


def _validated(model: type[ModelT], path: Path, text: bytes) -> ModelT:
    try:
        return model.model_validate_json(text, extra="ignore")  # a newer program may have built it
    except ValidationError as error:
        raise CodedError("file.malformed", path=str(path), detail=explain(error)) from error


def _read(directory: Path, name: str) -> bytes:
    try:
        return read_plain(directory, name)
    except OSError as error:
        raise CodedError("bundle_file.no_manifest", path=str(directory / name), error=os_error(error)) from error


def _json(path: Path, text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CodedError("agency_file.malformed", path=str(path), detail=f"not JSON ({error})") from error
    return document if isinstance(document, dict) else {}
