"""A mapping file: how one city's export says what happened, when and where. TOML, checked whole before a row is read.

The columns it names are the only ones that are ever read (an allow-list). A column about persons (protection 1) and a
crime type that is not forecast (protection 2) are refused by name. Must not open an export.
"""

import hashlib
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from edge.contract.agency import NO_PLACES, Slug
from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml
from models.ingest.conditions import Codes, Column, Columns, Condition, Conditions, TypeRules, Values
from models.ingest.when import Times

SHIPPED: Final = Path(__file__).parent / "mappings"


def _zone(name: str) -> str:
    if name not in available_timezones() - NO_PLACES:
        msg = f"{name!r} is not an IANA time zone, such as America/Chicago (or UTC)"
        raise ValueError(msg)
    return name


class Place(BaseModel):
    """Where: degrees WGS 84 (``lat``, ``lon``), or ``x`` and ``y`` in the units of a projected system, by EPSG code.

    ``bounds``: west, south, east, north in degrees; a row outside is no place of this city.
    """

    model_config = WRITTEN
    lat: Column | None = None
    lon: Column | None = None
    x: Column | None = None
    y: Column | None = None
    epsg: int | None = None
    bounds: tuple[float, float, float, float] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        degrees, plane = (self.lat, self.lon), (self.x, self.y, self.epsg)
        if (None in degrees) == (None in plane) or not (set(degrees) == {None} or set(plane) == {None}):
            msg = "give lat and lon (degrees), or x, y and epsg (a projected system such as 3435)"
            raise ValueError(msg)
        if self.bounds is not None and not (self.bounds[0] < self.bounds[2] and self.bounds[1] < self.bounds[3]):
            msg = "bounds: west, south, east, north in degrees, in this order"
            raise ValueError(msg)
        if self.epsg is not None:
            _projected(self.epsg)
        return self


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
    """A mapping file. ``kind = "gunfire"``: every row is a detection; else each row's crime type is looked up."""

    model_config = WRITTEN
    name: Slug
    kind: Literal["incidents", "gunfire"] = "incidents"
    zone: Annotated[str, AfterValidator(_zone)]
    event_id: Columns
    time: Times
    place: Place
    rows: tuple[Condition, ...] = ()
    crime_type: TypeRules = ()
    codes: Codes | None = None
    gunfire: Conditions | None = None
    rounds: Rounds | None = None
    initiated_by: InitiatedBy | None = None
    encoding: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1)

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
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
        place = self.place
        named = [*self.event_id, *self.time.columns, *self.type_columns]
        named += [column for column in (place.lat, place.lon, place.x, place.y) if column]
        named += [condition.column for condition in self.conditions]
        named += [self.initiated_by.column] if self.initiated_by else []
        return tuple(dict.fromkeys(named))


def read_mapping(path: Path) -> tuple[Mapping, str]:
    """A mapping file, or a shipped one by its name, and its SHA-256. Raises UserError with every mistake in it."""
    if not path.suffix and not path.exists():
        path = _shipped(path.name)
    document = read_toml(path, "give a mapping file, or the name of a built-in one: " + ", ".join(shipped()))
    try:
        return Mapping.model_validate(document), hashlib.sha256(path.read_bytes()).hexdigest()
    except ValidationError as error:
        msg = f"{path}: {explain(error)}"
        raise UserError(msg) from error


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with Roundsman."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def _shipped(name: str) -> Path:
    return SHIPPED / f"{name}.toml"


def _projected(epsg: int) -> None:
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError as error:
        msg = f"epsg: {epsg} is not an EPSG code"
        raise ValueError(msg) from error
    if not crs.is_projected:
        msg = f"epsg: {epsg} ({crs.name}) is not projected; for columns in degrees use lat and lon"
        raise ValueError(msg)
