"""``features.toml`` to layers, days and events: deterministic, each source switched off by itself, mistakes told."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from edge.agency.fit import fit_grid
from edge.contract.agency import Agency
from edge.domain.grid import Box, cell_of
from edge.errors import UserError
from edge.risk.days import load_days, save_days
from edge.risk.events import Events, load_events, save_events
from edge.risk.feature_column import Column
from edge.risk.layers import Layers, load_layers, save_layers
from models.export.gaps import empty_sources
from models.features import commands
from models.features.build import Built, build_features
from models.sources.document import read_features
from models.sources.people import refused
from tests.agency.square import collection
from tests.models.osm_file import OsmFile, square
from tests.models.sources.test_calendar import PLACE, ical
from tests.models.sources.test_weather import year_of
from tests.models.town import HIGH, WIDE, points, polygon, town, write

SAID = 'source = "made by a test of sources"\nterms = "free"\nas_of = 2018-01-01\n'
SECTIONS = {
    "places": '[[places]]\nname = "bar"\nfile = "bars.geojson"\n' + SAID,
    "facilities": '[[facilities]]\nname = "station"\nfile = "stations.csv"\nlat = "Y"\nlon = "X"\n' + SAID,
    "osm": '[osm]\nfile = "town.osm.pbf"\n' + SAID,
    "housing": '[housing]\nfile = "acs.csv"\nkey = "GEOID"\ntracts = "tracts.geojson"\ntract_property = "geoid"\n'
    + 'columns = ["B25001_001E"]\n'
    + SAID,
    "weather": '[weather]\nfile = "ghcn.csv"\nstation = "USW00094846"\nnormal_years = [2015, 2016]\n' + SAID,
    "calendar": '[calendar]\ncountry = "US"\n',
    "events": '[events]\nfile = "town.ics"\n' + SAID,
}
COLUMNS = {
    "places": "bar_",
    "facilities": "station_",
    "osm": "osm_|road_|water_|green_",
    "housing": "housing_",
    "weather": "weather_",
    "calendar": "moon|.*holiday",
    "events": "nothing",
}
"""The names that each section's columns begin with."""
DAYS = "[days]\nfirst = 2018-01-01\nlast = 2018-12-31\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for every kind of source."""
    path = tmp_path_factory.mktemp("town")
    write(path / "bars.geojson", json.dumps(points([(1.5, 1.5), (1.6, 1.6), (5.5, 7.5)])))
    write(path / "stations.csv", "Y,X\n40.0,-99.0\n")
    file = OsmFile()
    file.node((1.5, 1.5), {"amenity": "bank"})
    file.way(square(0, 0, 2, 2), {"leisure": "park"})
    file.write(path / "town.osm.pbf")
    write(path / "acs.csv", "GEOID,B25001_001E\n1,120\n")
    write(path / "tracts.geojson", json.dumps(collection(({"geoid": 1}, polygon(0, 0, HIGH, WIDE)))))
    write(path / "ghcn.csv", year_of(2015) + year_of(2016))
    write(path / "town.ics", ical("DTSTART;VALUE=DATE:20180601", PLACE))
    return path


@pytest.fixture(scope="module")
def agency() -> Agency:
    """The town."""
    return town()


def build(folder: Path, agency: Agency, sections: dict[str, str]) -> Built:
    """The features of a document of these sections."""
    path = write(folder / "features.toml", DAYS + "\n".join(sections.values()))
    return build_features(read_features(path), folder, agency)


def values(built: Built) -> dict[str, bytes]:
    """Every column's values, and the events."""
    found = {name: built.layers.stacked((name,)).tobytes() for name in built.layers.names}
    columns = zip(built.days.names, built.days.values.T, strict=True)
    return {**found, **{name: column.tobytes() for name, column in columns}, "events": built.events.digest().encode()}


def test_all_sources_make_one_table_each(folder: Path, agency: Agency) -> None:
    """Layers for every box, days for every date, the events; every value finite float32."""
    built = build(folder, agency, SECTIONS)
    assert built.layers.values.shape[0] == WIDE * HIGH
    assert {"bar_3x3", "station_m", "osm_bank_here", "green_share", "housing_units"} <= set(built.layers.names)
    assert built.layers.stacked(("bar_here",))[:, 0].sum() == 3.0
    assert built.layers.stacked(("housing_units",)).sum() == pytest.approx(120.0, abs=1.0)
    assert built.days.first == date(2018, 1, 1).toordinal()
    assert len(built.days.values) == 365
    assert {"holiday", "moon", "weather_tmax"} <= set(built.days.names)
    assert len(built.events.rows()) == 1
    assert any("bar: 3 points" in note for note in built.notes)


def test_the_same_files_give_the_same_bytes(folder: Path, agency: Agency, tmp_path: Path) -> None:
    """Two builds, three files each, byte for byte."""
    for name in ("a", "b"):
        built = build(folder, agency, SECTIONS)
        save_layers(tmp_path / f"{name}.layers", built.layers)
        save_days(tmp_path / f"{name}.days", built.days)
        save_events(tmp_path / f"{name}.events", built.events)
    for kind in ("layers", "days", "events"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


@pytest.mark.parametrize("off", SECTIONS)
def test_each_source_is_switched_off_by_itself(folder: Path, agency: Agency, off: str) -> None:
    """Leave one out: its columns go, its file is not opened, and all others stay bit for bit."""
    whole = values(build(folder, agency, SECTIONS))
    text = SECTIONS[off].replace("]\n", "]\nenabled = false\n", 1)
    for name in ("bars.geojson", "stations.csv", "town.osm.pbf", "acs.csv", "ghcn.csv", "town.ics"):
        text = text.replace(name, "not-there." + name.partition(".")[2])
    kept = values(build(folder, agency, {**SECTIONS, off: text}))
    assert (kept.pop("events") != whole.pop("events")) == (off == "events")
    assert kept.items() <= whole.items()
    assert {name for name in whole if name not in kept} == {name for name in whole if re.match(COLUMNS[off], name)}


def test_nothing_but_dates_is_a_document_too(folder: Path, agency: Agency) -> None:
    """An agency without sources has layers of no column for its boxes, and days of no column."""
    built = build(folder, agency, {})
    assert built.layers.values.shape == (WIDE * HIGH, 0)
    assert built.days.values.shape == (365, 0)
    assert built.events.rows() == []


def test_every_column_says_where_it_is_from(folder: Path, agency: Agency) -> None:
    """Group, definition, unit, source, terms and an ISO date; none is about people; its group is one of DESIGN's."""
    built = build(folder, agency, SECTIONS)
    columns: tuple[Column, ...] = (*built.layers.columns, *built.days.columns, *built.events.about)
    for column in columns:
        assert column.group in ("places", "time", "weather", "events")
        assert min(map(len, (column.definition, column.unit, column.terms))) > 0
        assert len(column.source) >= 10
        assert date.fromisoformat(column.as_of)
        assert np.isfinite(column.missing)
        assert refused(column.name) is None


def test_a_group_can_be_set_apart(folder: Path, agency: Agency) -> None:
    """Housing, terrain and facilities belong to `places` unless the agency says otherwise; values stay."""
    apart = {
        **SECTIONS,
        "housing": SECTIONS["housing"] + 'group = "housing"\n',
        "osm": SECTIONS["osm"] + 'terrain_group = "terrain"\n',
    }
    built = build(folder, agency, apart)
    groups = {column.name: column.group for column in built.layers.columns}
    assert groups["housing_units"] == "housing"
    assert groups["water_share"] == "terrain"
    assert groups["osm_bank_here"] == groups["bar_here"] == "places"
    assert values(built) == values(build(folder, agency, SECTIONS))


def test_two_features_of_one_name_are_refused(folder: Path, agency: Agency) -> None:
    """One of them is named, with the mend."""
    twice = SECTIONS["places"].replace('"bar"', '"osm_bank"')
    with pytest.raises(UserError, match="two features are named 'osm_bank_here'"):
        build(folder, agency, {"places": twice, "osm": SECTIONS["osm"]})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "days: is missing"),
        (DAYS.replace("2018-12-31", "2017-12-31"), "days: first must come before last"),
        (DAYS.replace("2018-12-31", "9999-12-31"), "days: first must come before last, both from 1970-01-01"),
        (DAYS + "[crime]\n", "crime: unknown key"),
        (DAYS + SECTIONS["places"].replace('name = "bar"', 'name = "race"'), "places #1.name: 'race' is about people"),
        (DAYS + SECTIONS["weather"].replace("2015, 2016", "2016, 2015"), "weather: normal_years"),
        (DAYS + SECTIONS["osm"] + 'categories = { church = ["religion=any"] }\n', "is about people"),
        (DAYS + SECTIONS["osm"] + 'categories = { bar = ["bar"] }\n', "osm.categories.bar #1"),
        (DAYS + "[calendar]\ncountry = 1\n", "calendar.country: must be text in quotes"),
    ],
)
def test_a_mistake_in_the_document_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """Every mistake with its key path, in plain words."""
    path = write(tmp_path / "features.toml", text)
    with pytest.raises(UserError, match=sentence) as caught:
        read_features(path)
    assert "\n" not in str(caught.value)


def test_the_command_makes_chicago_s_files(shared_data: Path, tmp_path: Path, chicago_agency: Agency) -> None:
    """`roundsman models layers` with the shipped file: three files that load, and a line for each column."""
    shipped = Path(commands.__file__).parents[1] / "chicago" / "features.toml"
    directory = chicago_agency.map_path.parent
    ran = CliRunner().invoke(commands.layers, [str(shipped), "--agency", str(directory), "--out", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    found = load_layers(tmp_path / "layers.npz")
    assert found.values.shape == (len(chicago_agency.grid.boxes), 20)
    here = [name for name in found.names if name.endswith("_here")]
    sums = dict(zip(here, found.stacked(here).sum(axis=0).tolist(), strict=True))
    assert sums == expected_sums(shared_data, chicago_agency)
    days = load_days(tmp_path / "days.npz")
    assert (days.first, days.last) == (date(2012, 1, 1).toordinal(), date(2019, 12, 31).toordinal())
    assert load_events(tmp_path / "events.npz").rows() == []
    assert f"liquor_here: {int((found.stacked(('liquor_here',)) > 0).sum())} of" in ran.output


def expected_sums(data: Path, agency: Agency) -> dict[str, float]:
    """How many of each kind of place the grid itself, one by one, finds a box for."""
    files = {
        "liquor": "poi_liquor_retail_2017",
        "abandoned_building": "poi_abandoned_buildings_311_2017",
        "lights_out": "poi_street_lights_out_311_2017",
        "sanitation": "poi_sanitation_311_2017",
    }
    sums = {}
    for name, file in files.items():
        features = json.loads((data / "chicago" / f"{file}.geojson").read_bytes())["features"]
        places = [feature["geometry"]["coordinates"] for feature in features]
        sums[f"{name}_here"] = float(sum(agency.grid.box_of(lat, lon) is not None for lon, lat in places))
    lines = (data / "chicago" / "poi_cta_l_stops.csv").read_text(encoding="utf-8").splitlines()[1:]
    stations = {line.partition('"(')[2].removesuffix(')"') for line in lines}
    held = [agency.grid.box_of(*map(float, station.split(","))) for station in stations]
    return {**sums, "transit_here": float(sum(box is not None for box in held))}


def test_the_command_makes_no_directory_where_it_cannot(folder: Path, tmp_path: Path, chicago_agency: Agency) -> None:
    """Folders on the way are made; one sentence for an output that can't be."""
    path = write(folder / "features.toml", DAYS)
    words = [str(path), "--agency", str(chicago_agency.map_path.parent), "--out"]
    ran = CliRunner().invoke(commands.layers, [*words, str(tmp_path / "new" / "deeper")])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "new" / "deeper" / "days.npz").exists()
    (tmp_path / "file").touch()
    ran = CliRunner().invoke(commands.layers, [*words, str(tmp_path / "file" / "deeper")])
    assert isinstance(ran.exception, UserError)
    assert "give a directory that can be created" in str(ran.exception)


def test_what_a_source_has_none_of_is_told_here_and_on_the_card(folder: Path, agency: Agency) -> None:
    """A map without bars, and a calendar without events: noted, and a sentence among the card's gaps, by group."""
    write(folder / "none.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
    events = SECTIONS["events"].replace("town.ics", "none.ics")
    tags = 'terrain = false\ncategories = { bar = ["amenity=bar"], bank = ["amenity=bank"] }\n'
    built = build(folder, agency, {"osm": SECTIONS["osm"] + tags, "events": events})
    assert "osm_bar: 0 points; excluded: 0 too far away; none near the agency, as the card says" in built.notes
    assert "osm_bank: 1 points; excluded: 0 too far away" in built.notes
    assert empty_sources(built.layers, built.events) == (
        "Group places: its sources hold no osm_bar near the agency.",
        "Group events: its sources hold no events near the agency.",
    )
    full = build(folder, agency, {"places": SECTIONS["places"], "events": SECTIONS["events"]})
    assert empty_sources(full.layers, full.events) == ()
    assert empty_sources(Layers.none(120), Events.none()) == ()


@pytest.mark.parametrize("where", [None, (50.0, 10.0)])
def test_a_map_of_another_region_is_refused(
    folder: Path, agency: Agency, tmp_path: Path, where: tuple[float, float] | None
) -> None:
    """An empty extract, or one of another continent: its columns would say that there is nothing here."""
    file = OsmFile()
    if where is not None:
        file.node_at(where, {"amenity": "bank"})
    path = file.write(tmp_path / "far.osm.pbf")
    section = SECTIONS["osm"].replace("town.osm.pbf", str(path))
    with pytest.raises(UserError, match=r"far\.osm\.pbf: nothing in it lies near the agency; give the OpenStreetMap"):
        build(folder, agency, {"osm": section})


def test_a_map_of_the_region_without_the_tags_asked_for_is_none_elsewhere(
    folder: Path, agency: Agency, tmp_path: Path
) -> None:
    """A bench near the agency shows that the extract is of here, whatever is tagged far away."""
    file = OsmFile()
    file.node((1.5, 1.5), {"amenity": "bench"})
    file.node_at((50.0, 10.0), {"amenity": "bank"})
    path = file.write(tmp_path / "near.osm.pbf")
    built = build(folder, agency, {"osm": SECTIONS["osm"].replace("town.osm.pbf", str(path))})
    assert "osm_bank: 0 points; excluded: 1 too far away; none near the agency, as the card says" in built.notes


def test_places_with_latitude_and_longitude_in_each_other_s_place_are_told(agency: Agency, tmp_path: Path) -> None:
    """On the east coast all would lie in Antarctica; the sentence names the file."""
    grid = fit_grid((-73.02, 39.98, -72.98, 40.02), -73.0).grid
    middle = grid.project(40.0, -73.0)
    assert middle is not None
    there = replace(agency, grid=replace(grid, boxes={cell_of(*middle): Box(cell_of(*middle), 1, "1", "1")}))
    write(tmp_path / "stations.csv", "Y,X\n40.0,-73.0\n")
    swapped = SECTIONS["facilities"].replace('lat = "Y"\nlon = "X"', 'lat = "X"\nlon = "Y"')
    with pytest.raises(UserError, match=r"stations\.csv: its positions are near the agency only if latitude and long"):
        build(tmp_path, there, {"facilities": swapped})
    assert build(tmp_path, there, {"facilities": SECTIONS["facilities"]}).layers.stacked(("station_here",)).sum() == 1.0
