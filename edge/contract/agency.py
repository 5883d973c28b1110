"""The agency directory: what a vehicle and headquarters need to know of an agency, offline.

Three JSON files and a manifest of their SHA-256: ``agency.json`` (name, zone, shifts, policy, tactics, the public key
plans are signed for), ``grid.json`` (polynomials and boxes) and ``map.json`` (lines to draw); and ``places.json``
(street names), where the streets have names. `edge.agency` writes it; the form of each file is a module's of this
folder, this one reads them; that it is signed, and by whom, is `edge.contract.bundle`'s.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from edge.contract.agency_file import AgencyDoc
from edge.contract.grid_file import GridDoc
from edge.contract.keys import DAILY_KEYS, DailyKey, Keyring
from edge.contract.places import PLACES, PlacesDoc
from edge.contract.plain_file import read_plain
from edge.contract.planner import PlannerDoc
from edge.domain.grid import Cell, Grid
from edge.domain.policy import Policy
from edge.domain.shift import Calendar, ShiftRule
from edge.domain.tactics import Tactic
from edge.text.coded import CodedError
from edge.text.mistakes import explain
from edge.text.words import os_error

ModelT = TypeVar("ModelT", bound=BaseModel)
FILES = ("agency.json", "grid.json", "map.json")


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
