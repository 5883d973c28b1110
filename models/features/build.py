"""An agency's ``features.toml`` to layers, days and events: every enabled source, in the order of the document.

A source that is switched off leaves the others' values as they are, and its file unread. Must not know a format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.risk.days import DATE_PARTS, Days
from edge.risk.events import EVENT_COLUMNS, Events
from edge.risk.feature_column import Column, Floats32
from edge.risk.layers import Layers
from models.sources.almanac import almanac_parts
from models.sources.calendar_file import read_happenings
from models.sources.document import EventsDoc, FeaturesDoc, OsmDoc, PlacesDoc, SpanDoc
from models.sources.event_rows import make_events, refuse_swapped
from models.sources.ground import Ground
from models.sources.housing import housing_parts
from models.sources.osm import default_categories, read_osm, refuse_elsewhere
from models.sources.place_columns import place_parts
from models.sources.points import read_points
from models.sources.provenance import Part, Provenance
from models.sources.terrain import TERRAIN_TAGS, terrain_parts
from models.sources.weather import weather_parts

_EMPTY: Final = "; none near the agency, as the card says"


@dataclass(frozen=True, slots=True)
class Built:
    """What was made, and notes on what was used and left out."""

    layers: Layers
    days: Days
    events: Events
    notes: tuple[str, ...]


def build_features(document: FeaturesDoc, folder: Path, agency: Agency) -> Built:
    """Every enabled source's columns; files are relative to ``folder``. Raises UserError for a mistake in any."""
    notes: list[str] = []
    ground = Ground.of(agency.grid)
    dates = _dates(document.days)
    layers = list(_layers(document, folder, ground, notes))
    days = list(_days(document, folder, agency, dates, notes))
    _refuse_twice(layers + days)
    events = _events(document.events, folder, agency, (dates[0], dates[-1]), notes)
    return Built(
        Layers(_columns(layers), _values(layers, len(ground.cells))),
        Days(dates[0].toordinal(), _columns(days), _values(days, len(dates))),
        events,
        tuple(notes),
    )


def _dates(span: SpanDoc) -> list[date]:
    return [span.first + timedelta(days=offset) for offset in range((span.last - span.first).days + 1)]


def _layers(document: FeaturesDoc, folder: Path, ground: Ground, notes: list[str]) -> Iterator[Part]:
    for place in (*document.places, *document.facilities):
        if place.enabled:
            yield from _places(place, folder, ground, notes)
    if document.osm is not None and document.osm.enabled:
        yield from _osm(document.osm, folder, ground, notes)
    if document.housing is not None and document.housing.enabled:
        yield from housing_parts(document.housing, folder, ground)


def _places(place: PlacesDoc, folder: Path, ground: Ground, notes: list[str]) -> list[Part]:
    points = read_points(place, folder)
    plane = ground.project(points.lat, points.lon)
    if not len(plane) and len(ground.project(points.lon, points.lat)):
        msg = f"{folder / place.file}: its positions are near the agency only if latitude and longitude change places; "
        raise UserError(f"{msg}correct the names of the columns, or the file")
    far = len(points.lat) - len(plane)
    notes.append(
        f"{place.name}: {len(plane)} points; excluded: {points.left_out} with no position, {far} too far away"
        f"{'' if len(plane) else _EMPTY}"
    )
    return place_parts(ground, place.name, plane, place.group, Provenance.of(place))


def _osm(document: OsmDoc, folder: Path, ground: Ground, notes: list[str]) -> Iterator[Part]:
    listed = default_categories() if document.categories is None else document.categories
    categories = listed if document.places else {}
    tags = {tag for tags in categories.values() for tag in tags} | set(TERRAIN_TAGS if document.terrain else ())
    path = folder / document.file
    shapes = read_osm(path, tags)
    if not shapes.any_of(ground.near):
        refuse_elsewhere(path, ground.holds)
    known = Provenance.of(document)
    for name, wanted in categories.items():
        lonlat = shapely.get_coordinates(shapes.spots(wanted))
        plane = ground.project(lonlat[:, 1], lonlat[:, 0])
        far = len(lonlat) - len(plane)
        notes.append(f"osm_{name}: {len(plane)} points; excluded: {far} too far away{'' if len(plane) else _EMPTY}")
        yield from place_parts(ground, f"osm_{name}", plane, document.places_group, known)
    if document.terrain:
        yield from terrain_parts(ground, shapes, document.terrain_group, known)


def _days(
    document: FeaturesDoc, folder: Path, agency: Agency, dates: Sequence[date], notes: list[str]
) -> Iterator[Part]:
    if document.calendar is not None and document.calendar.enabled:
        yield from almanac_parts(document.calendar, dates, agency.calendar.zone)
    if document.weather is not None and document.weather.enabled:
        yield from weather_parts(document.weather, folder, dates, notes)


def _events(
    document: EventsDoc | None, folder: Path, agency: Agency, window: tuple[date, date], notes: list[str]
) -> Events:
    if document is None or not document.enabled:
        return Events.none()
    reading = read_happenings(document, folder, agency.calendar.zone, window)
    refuse_swapped(folder / document.file, reading.happenings, agency.grid)
    events, outside = make_events(reading.happenings, agency, window, Provenance.of(document))
    inside = len(reading.happenings) - outside
    mend = "; give each a GEO, or name its LOCATION in a CSV of venues (events.places)" if reading.nowhere else ""
    notes.append(
        f"events: {inside} events; excluded: {outside} outside the agency, "
        f"{reading.nowhere} with no known place, {reading.cancelled} cancelled, {reading.repeated} repeated"
        f"{'' if inside else _EMPTY}{mend}"
    )
    return events


def _refuse_twice(parts: Sequence[Part]) -> None:
    """Raise UserError where two features have one name."""
    seen = {*DATE_PARTS, *EVENT_COLUMNS}
    for column, _ in parts:
        if column.name in seen:
            msg = f"two features are named {column.name!r}; rename one of their sources"
            raise UserError(msg)
        seen.add(column.name)


def _columns(parts: Sequence[Part]) -> tuple[Column, ...]:
    return tuple(column for column, _ in parts)


def _values(parts: Sequence[Part], rows: int) -> Floats32:
    return np.stack([values for _, values in parts], axis=-1) if parts else np.zeros((rows, 0), dtype=np.float32)
