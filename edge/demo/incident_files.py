"""The demo city's incidents as its police would hand them in: an export, its mapping, and the places that go with it.

`roundsman models` makes the demo's models from these files, as a real agency's from its own. Must not train.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
from pyproj import Transformer

from edge.contract.agency import Agency
from edge.demo.city import City
from edge.demo.incidents import FIRST, LAST, Incident, incidents
from edge.demo.layout import EPSG
from edge.demo.venues import Venue, make_venues
from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import Counts
from models.count.units import Incidents, boxes_of, counts_of

TYPES: Final = {
    "THEFT": "theft",
    "BURGLARY": "burglary",
    "MOTOR VEHICLE THEFT": "motor_vehicle_theft",
    "ASSAULT, AGGRAVATED": "aggravated_assault",
    "ROBBERY": "robbery",
    "SHOTS FIRED": "gunfire",
    "HOMICIDE": "homicide",
}
"""What the invented police call the types that are forecast."""

SHOT: Final = "FIREARM DISCHARGED"
OFFICER: Final = "OFFICER"
TIME: Final = "%m/%d/%Y %I:%M %p"
COLUMNS: Final = ("Report Number", "Offense", "From", "To", "Weapon", "Reported By", "Latitude", "Longitude")

_RULE: Final = """
[[crime_type]]
is = "{crime_type}"
when = [{{ column = "Offense", equals = "{offence}" }}]
"""

MAPPING: Final = f"""\
# Riverton's export: `roundsman models ingest incidents.toml incidents.csv --out incidents.parquet`.
name = "riverton"
zone = "America/Chicago"
event_id = "Report Number"

[time]
from = "From"
to = "To"
formats = ["{TIME}"]

[place]
lat = "Latitude"
lon = "Longitude"

[[gunfire]]
column = "Weapon"
equals = "{SHOT}"

[initiated_by]
column = "Reported By"
officer = "{OFFICER}"
community = "CALL"
""" + "".join(_RULE.format(crime_type=crime_type, offence=offence) for offence, crime_type in TYPES.items())

_PLACES: Final = """
[[places]]
name = "{name}"
file = "{name}.geojson"
source = "Invented, like the city"
terms = "Apache-2.0, as the project"
as_of = {as_of}
"""

FEATURES: Final = f"""\
# Riverton's features but the incident counts: `roundsman models layers features.toml --agency agency --out layers`.
[days]
first = {FIRST.isoformat()}
last = {LAST.replace(year=LAST.year + 2).isoformat()}

[calendar]
country = "US"
""" + "".join(_PLACES.format(name=name, as_of=FIRST.isoformat()) for name in ("bars", "shops", "stops"))


def write_export(city: City, directory: Path, last: date = LAST) -> None:
    """Write ``incidents.csv`` and its mapping ``incidents.toml``, the places, and ``features.toml``."""
    rows = list(incidents(city, last))
    with (directory / "incidents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(_row, rows, _degrees(rows)))
    (directory / "incidents.toml").write_text(MAPPING, encoding="utf-8")
    (directory / "features.toml").write_text(FEATURES, encoding="utf-8")
    venues = make_venues(city)
    for name in ("bars", "shops", "stops"):
        (directory / f"{name}.geojson").write_text(json.dumps(_points(venues[name])), encoding="utf-8")


def counts_until(city: City, agency: Agency, last: date) -> Counts:
    """What was known of the city's incidents at the end of a day: as the importer and its counting give them.

    So a demo of any day has counts up to the day before, though its models were trained on the first three years.
    """
    known = [
        one for one in incidents(city, last) if one.last.date() <= last and one.offence in TYPES and not one.officer
    ]
    places = [(one, where) for one, where in zip(known, _degrees(known), strict=True) if where is not None]
    box = boxes_of(agency.grid, *(np.array([where[axis] for _, where in places]) for axis in (0, 1)))
    inside = box >= 0
    found = [one for (one, _), here in zip(places, inside, strict=True) if here]
    counts = counts_of(
        Incidents(
            kind=np.array([CRIME_TYPES.index(TYPES[one.offence]) for one in found], np.int64),
            box=box[inside],
            gunfire=np.array([one.shot for one in found], bool),
            first=_instants((one.first for one in found), agency),
            last=_instants((one.last for one in found), agency),
        ),
        agency.calendar,
    )
    return replace(counts, last=last.toordinal())


def _row(incident: Incident, where: tuple[float, float] | None) -> tuple[str, ...]:
    return (
        incident.number,
        incident.offence,
        incident.first.strftime(TIME),
        incident.last.strftime(TIME),
        SHOT if incident.shot else "",
        OFFICER if incident.officer else "CALL",
        *(("", "") if where is None else (f"{where[0]:.6f}", f"{where[1]:.6f}")),
    )


def _degrees(rows: list[Incident]) -> list[tuple[float, float] | None]:
    """Latitude and longitude of each, to the six decimals that the export has."""
    nowhere = (float("nan"), float("nan"))
    east, north = np.array([nowhere if one.at is None else one.at for one in rows]).T
    lon, lat = Transformer.from_crs(EPSG, 4326, always_xy=True).transform(east, north)
    return [
        None if one.at is None else (round(float(y), 6), round(float(x), 6))
        for one, y, x in zip(rows, lat, lon, strict=True)
    ]


def _instants(times: Iterable[datetime], agency: Agency) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    zone = agency.calendar.zone
    return np.array([round(one.replace(tzinfo=zone).timestamp()) * 1_000_000 for one in times], np.int64)


def _points(venue: Venue) -> dict[str, object]:
    to_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
    spots = [[round(axis, 6) for axis in to_degrees.transform(spot.x, spot.y)] for spot in venue.spots]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": spot}} for spot in spots
    ]
    return {"type": "FeatureCollection", "features": features}
