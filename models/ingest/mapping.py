"""A mapping file: how one city's export says what happened, when and where. TOML, checked whole before a row is read.

The columns it names are the only ones that are ever read (an allow-list). A column about persons (protection 1) and a
crime type that is not forecast (protection 2) are refused by name. Must not open an export.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from edge.contract.agency_file import NO_PLACES
from edge.contract.fields import ShortName
from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml
from models.ingest.conditions import Codes, Column, Condition, Conditions, TypeRules, Values
from models.ingest.when import Times
from models.ingest.where import Place

ROW: Final = "row"
"""As ``event_id``: the number of the row in its file, where an export has no id."""
SHIPPED: Final = Path(__file__).parent / "mappings"


@cache
def _zones() -> frozenset[str]:
    """The names of the time zones, of which the system has a file each."""
    return frozenset(available_timezones() - NO_PLACES)


def _zone(name: str) -> str:
    if name not in _zones():
        msg = f"{name!r} is not an IANA time zone, such as America/Chicago (or UTC)"
        raise ValueError(msg)
    return name


def _id_columns(value: object) -> object:
    """A column or several; none for ``"row"``."""
    if value == ROW:
        return ()
    if value in ([], ()):
        msg = f'give the column that holds each incident\'s id, several columns, or "{ROW}" where there is none'
        raise ValueError(msg)
    return value if isinstance(value, list | tuple) else [value]


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError as error:
        msg = f"{name!r} is not a text encoding; use utf-8, cp1252 (Windows), utf-16 or latin-1"
        raise ValueError(msg) from error
    return name


def _delimiter(sign: str) -> str:
    if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in '"\r\n\0 .-':
        msg = f"{sign!r} does not separate columns; use one sign, such as , ; | or \\t"
        raise ValueError(msg)
    return sign


class InitiatedBy(BaseModel):
    """Who brought a row up: a column, and which of its values mean an officer's own activity, or the community."""

    model_config = WRITTEN
    column: Column
    officer: Values
    community: Values | None = None


class Rounds(BaseModel):
    """Of gunfire detections: the column that says how many shots, and its values. Rows of others are left out."""

    model_config = WRITTEN
    column: Column
    single: Values
    multiple: Values


class Mapping(BaseModel):
    """A mapping file. ``kind = "gunfire"``: every row is a detection; else each row's crime type is looked up.

    ``event_id``: no column for ``"row"``. ``count``: a column of 1 and −1; a negative one takes a row back.
    """

    model_config = WRITTEN
    name: ShortName
    kind: Literal["incidents", "gunfire"] = "incidents"
    zone: Annotated[str, AfterValidator(_zone)]
    event_id: Annotated[tuple[Column, ...], BeforeValidator(_id_columns), Field(max_length=6)]
    count: Column | None = None
    time: Times
    place: Place = Place()
    rows: tuple[Condition, ...] = ()
    crime_type: TypeRules = ()
    codes: Codes | None = None
    gunfire: Conditions | None = None
    rounds: Rounds | None = None
    initiated_by: InitiatedBy | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    delimiter: Annotated[str, AfterValidator(_delimiter)] = ","

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        if self.count and not self.event_id:
            msg = f'count needs an event_id of the export: by "{ROW}" no row can be taken back'
            raise ValueError(msg)
        if self.kind == "gunfire" and (self.crime_type or self.codes or self.gunfire):
            msg = "crime_type, codes and gunfire are for incidents; with detections every row is gunfire (see rounds)"
            raise ValueError(msg)
        if self.kind == "incidents" and not (self.crime_type or self.codes):
            msg = "say how to get a row's crime type: [[crime_type]] rules, or codes"
            raise ValueError(msg)
        if self.kind == "incidents" and self.rounds:
            msg = 'rounds is for detections: kind = "gunfire"'
            raise ValueError(msg)
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition of the file."""
        return (*self.rows, *(one for rule in self.crime_type for one in rule.when), *(self.gunfire or ()))

    @property
    def type_columns(self) -> tuple[str, ...]:
        """The columns that say a row's crime type."""
        found = [condition.column for rule in self.crime_type for condition in rule.when]
        found += [one.column for one in (self.codes, self.rounds) if one]
        return tuple(dict.fromkeys(found))

    @property
    def columns(self) -> tuple[str, ...]:
        """The allow-list: every column that is read, once."""
        return tuple(dict.fromkeys((*self.columns_but_place, *self.place.columns)))

    @property
    def columns_but_place(self) -> tuple[str, ...]:
        """The columns that every file must have, whether its place is in columns or a geometry."""
        named = [*self.event_id, *self.time.columns, *self.type_columns]
        named += [condition.column for condition in self.conditions]
        named += [self.initiated_by.column] if self.initiated_by else []
        named += [self.count] if self.count else []
        return tuple(dict.fromkeys(named))


def read_mapping(path: Path) -> tuple[Mapping, str]:
    """A mapping file, or a shipped one by its name, and its SHA-256. Raises UserError with every mistake in it."""
    if not path.suffix and not path.exists():
        path = _shipped(path.name)
    document = read_toml(path, "give a mapping file, or the name of a built-in one: " + ", ".join(shipped()))
    try:
        return Mapping.model_validate(document, context=path.parent), hashlib.sha256(path.read_bytes()).hexdigest()
    except ValidationError as error:
        msg = f"{path}: {explain(error)}"
        raise UserError(msg) from error


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with Roundsman."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def _shipped(name: str) -> Path:
    return SHIPPED / f"{name}.toml"
