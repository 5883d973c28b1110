"""``features.toml``: which files of a city become features, each with its provenance. Must not read those files."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml
from models.sources.people import refused

EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2100, 12, 31)

LayerGroup: TypeAlias = Literal["places", "facilities", "housing", "terrain"]
"""Groups a layer may belong to; all are part of ``places`` unless the agency sets them apart."""


def _no_person(name: str) -> str:
    if why := refused(name):
        raise ValueError(why)
    return name


FeatureName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$"), AfterValidator(_no_person)]
FieldName = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_no_person)]
"""A column's or property's name in a file."""
Tag = Annotated[str, Field(pattern=r"^[^=\s]+=[^=\s]+$"), AfterValidator(_no_person)]
"""An OpenStreetMap tag, ``key=value``."""


class SourceDoc(BaseModel):
    """What every source says of itself; ``enabled = false`` leaves its columns out, and its file unread."""

    model_config = WRITTEN
    enabled: bool = True
    source: str = Field(min_length=10, max_length=400)
    terms: str = Field(min_length=2, max_length=400)
    as_of: date


class PlacesDoc(SourceDoc):
    """Points of one kind from a CSV (``lat`` and ``lon``, or ``point`` holding both) or a layer of a map.

    ``where``: only rows whose column is one of these values. ``distinct``: points at one position count once.
    """

    name: FeatureName
    file: Path
    lat: FieldName | None = None
    lon: FieldName | None = None
    point: FieldName | None = None
    where: dict[FieldName, tuple[str, ...]] = {}
    distinct: bool = False
    group: LayerGroup = "places"

    @model_validator(mode="after")
    def _position(self) -> Self:
        table = ".csv" in self.file.suffixes
        given = (self.lat is not None, self.lon is not None, self.point is not None)
        if table and given not in ((True, True, False), (False, False, True)):
            msg = "a CSV needs lat and lon, or point: the names of the columns that hold the position"
            raise ValueError(msg)
        if not table and any(given):
            msg = "lat, lon and point are only for a CSV; a feature of a map has its own position"
            raise ValueError(msg)
        return self


class OsmDoc(SourceDoc):
    """An OpenStreetMap extract (``.osm.pbf``): places by tag, and terrain.

    ``categories``: a feature's name, which ``osm_`` goes before, to the tags that make it; None takes those of
    ``osm_places.toml``.
    """

    file: Path
    categories: dict[FeatureName, tuple[Tag, ...]] | None = None
    places: bool = True
    terrain: bool = True
    places_group: LayerGroup = "places"
    terrain_group: LayerGroup = "places"


class HousingDoc(SourceDoc):
    """American Community Survey columns by tract (CSV), and the tracts' outlines (GeoJSON)."""

    file: Path
    key: FieldName
    tracts: Path
    tract_property: FieldName
    columns: tuple[str, ...] = Field(min_length=1)
    group: LayerGroup = "places"


WeatherUnits: TypeAlias = Literal["standard", "metric", "tenths"]
"""°F and inches; °C and mm; tenths of °C and of mm (snow in mm), as GHCN-Daily keeps them."""


class WeatherDoc(SourceDoc):
    """One station of NOAA's GHCN-Daily; ``normal_years``: the first and last year that its normals are made of.

    ``units``: of NCEI's daily summaries, which do not say theirs.
    """

    file: Path
    station: str = Field(pattern=r"^[A-Z0-9_-]{11}$")
    normal_years: tuple[int, int]
    units: WeatherUnits | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.normal_years[0] > self.normal_years[1]:
            msg = "normal_years: the first year must come before the last"
            raise ValueError(msg)
        return self


class CalendarDoc(BaseModel):
    """Public holidays of a country and its part (codes of the `holidays` package), and the moon."""

    model_config = WRITTEN
    enabled: bool = True
    country: str = Field(pattern=r"^[A-Z]{2}$")
    subdivision: str | None = Field(None, pattern=r"^[A-Z0-9]{1,6}$")


class EventsDoc(SourceDoc):
    """Upcoming events (iCal). A position is GEO's, or LOCATION's in ``places`` (a CSV of ``name,lat,lon``).

    ``size_property``: the property that holds small, medium, large or huge.
    """

    file: Path
    places: Path | None = None
    size_property: str = Field("X-SIZE", pattern=r"^X-[A-Z0-9-]{1,40}$")

    @model_validator(mode="after")
    def _no_guests(self) -> Self:
        if why := refused(self.size_property):
            raise ValueError(why)
        return self


class SpanDoc(BaseModel):
    """The dates that the table of days covers: from the first to train on to the bundle's expiry and after."""

    model_config = WRITTEN
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last or self.first < EARLIEST or self.last > LATEST:
            msg = f"first must come before last, both from {EARLIEST} to {LATEST}"
            raise ValueError(msg)
        return self


class FeaturesDoc(BaseModel):
    """``features.toml``. Every section may be left out."""

    model_config = WRITTEN
    days: SpanDoc
    places: tuple[PlacesDoc, ...] = ()
    facilities: tuple[PlacesDoc, ...] = ()
    osm: OsmDoc | None = None
    housing: HousingDoc | None = None
    weather: WeatherDoc | None = None
    calendar: CalendarDoc | None = None
    events: EventsDoc | None = None


def read_features(path: Path) -> FeaturesDoc:
    """Read ``features.toml``. Raises UserError with every mistake and its key path."""
    document: dict[str, Any] = read_toml(path, "give the agency's features.toml")
    try:
        return FeaturesDoc.model_validate(document)
    except ValidationError as error:
        msg = f"{path}: {explain(error)}"
        raise UserError(msg) from error
