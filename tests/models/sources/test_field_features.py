"""Every calendar, weather file and map of the field cases has its outcome; `models/FIELD_CASES.md` lists them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from edge.agency.fit import fit_grid
from edge.contract.agency import Agency
from edge.domain.grid import Box, cell_of
from edge.errors import UserError
from models.export.gaps import empty_sources
from models.features.build import Built, build_features
from models.sources.calendar_file import read_happenings
from models.sources.document import read_features
from tests.models.town import town

ONCE: Final = ("2024-06-02T00:00:00Z 3 h",)
"""19:00 to 22:00 in St. Louis."""

OCCASIONS: Final = {
    "01-plain": ONCE,
    "02-allday": ("2024-06-01 to 2024-06-01",),
    "03-nodtend": ("2024-06-02T00:00:00Z 0 h",),
    "04-tzid-windows": ONCE,
    "05-rrule-until-utc": tuple(f"2024-06-{day:02}T00:00:00Z 3 h" for day in (2, 9, 16, 23, 30)),
    "06-rrule-exdate": (*(f"2024-06-{day:02}T00:00:00Z 3 h" for day in (2, 16, 23, 30)),),
    "07-recurrence-id": (
        "2024-06-02T00:00:00Z 3 h",
        "2024-06-09T01:00:00Z 2 h",
        *(f"2024-06-{day:02}T00:00:00Z 3 h" for day in (16, 23, 30)),
    ),
    "08-folded": ONCE,
    "09-rdate": (*ONCE, "2024-06-06T00:00:00Z 3 h"),
    "10-allday-same-end": ("2024-06-01 to 2024-06-01",),
    "11-google-style": ONCE,
    "12-valarm": ONCE,
    "13-todo": ONCE,
    "14-lf-only": ONCE,
    "15-two-calendars": ONCE,
    "17-no-geo": (),
    "18-empty": (),
}
"""The occasions of each calendar."""

WEATHER: Final = {
    "30-ghcn-full": (),
    "31-ghcn-nosnow": ("no SNOW around January 1 in 2022–2023; ",),
    "32-ghcn-minus9999": ("of 365 dates through 2024-12-30 without a reading, where the normal stands: TMAX 1",),
    "33-ghcn-header": (),
    "35-ghcn-gap": ("where the normal stands: TMAX 31, TMIN 31, PRCP 31, SNOW 31",),
}
"""What is noted of each station."""

REFUSED: Final = {
    "16-geo-swapped": ".ics: an event has GEO:-90.2;38.615, longitude first; iCal has latitude first",
    "34-ghcn-wide": ".csv: does not say its units; add weather.units: 'standard' (°F and inches)",
    "41-osm-empty": ".osm.pbf: nothing in it lies near the agency; give the OpenStreetMap extract",
    "42-osm-elsewhere": ".osm.pbf: nothing in it lies near the agency; give the OpenStreetMap extract",
}
"""One sentence, with its file and the mend."""

MAPS: Final = {"40-osm-nobars": ("osm_big_shop", "osm_bar"), "43-osm": ("osm_bar", "osm_big_shop")}
"""What is in each map, and what is not."""


@pytest.fixture(scope="session")
def cases(shared_data: Path) -> Path:
    """The folder of the cases."""
    return shared_data / "field_cases/features"


@pytest.fixture(scope="session")
def agency() -> Agency:
    """A part of St. Louis: 12 by 12 boxes around the cases' place."""
    grid = fit_grid((-90.22, 38.6, -90.18, 38.63), -90.2).grid
    middle = grid.project(38.615, -90.2)
    assert middle is not None
    x, y = cell_of(*middle)
    cells = [(x - 6 + at % 12, y + 6 - at // 12) for at in range(144)]
    boxes = {cell: Box(cell, number, "1", "1") for number, cell in enumerate(cells, start=1)}
    return replace(town(), grid=replace(grid, boxes=boxes))


def built(cases: Path, case: str, agency: Agency) -> Built:
    """The features of a case."""
    return build_features(read_features(cases / f"{case}.toml"), cases, agency)


def test_no_file_of_the_field_cases_is_forgotten(cases: Path) -> None:
    """Each is in one of the tables above."""
    assert {path.stem for path in cases.glob("*.toml")} == {*OCCASIONS, *WEATHER, *REFUSED, *MAPS}


@pytest.mark.parametrize("case", OCCASIONS)
def test_a_field_calendar_gives_its_occasions(cases: Path, agency: Agency, case: str) -> None:
    """The instants, or the whole days; each is an event of the table."""
    document = read_features(cases / f"{case}.toml").events
    assert document is not None
    reading = read_happenings(document, cases, agency.calendar.zone, (date(2024, 1, 1), date(2024, 12, 31)))
    found = []
    for one in reading.happenings:
        if one.days is not None:
            found.append(f"{one.days[0]} to {one.days[1]}")
        elif one.span is not None:
            start = datetime.fromtimestamp(one.span[0], UTC)
            found.append(f"{start:%Y-%m-%dT%H:%M:%SZ} {(one.span[1] - one.span[0]) / 3600.0:g} h")
    assert tuple(sorted(found)) == OCCASIONS[case]
    assert (reading.nowhere, reading.repeated) == (int(case == "17-no-geo"), int(case == "15-two-calendars"))
    whole = built(cases, case, agency)
    assert len(whole.events.rows()) == len(OCCASIONS[case])
    if not OCCASIONS[case]:
        assert empty_sources(whole.layers, whole.events) == (
            "Group events: its sources hold no events near the agency.",
        )


@pytest.mark.parametrize("case", WEATHER)
def test_a_field_station_gives_its_weather(cases: Path, agency: Agency, case: str) -> None:
    """20 °C and 10 °C, no rain and no snow on every date, whatever is missing; what is missing is noted."""
    whole = built(cases, case, agency)
    weather = dict(zip(whole.days.names, whole.days.values.T, strict=True))
    assert set(weather["weather_tmin"].tolist()) == {10.0}
    assert weather["weather_tmax"].tolist() == weather["weather_tmax_normal"].tolist() == [20.0] * 366
    assert np.all(weather["weather_prcp"] == 0.0)
    assert ("weather_snow" in weather) == (case != "31-ghcn-nosnow")
    notes = [note for note in whole.notes if note.startswith("weather")]
    assert len(notes) == len(WEATHER[case])
    assert all(says in note for note, says in zip(notes, WEATHER[case], strict=True))


@pytest.mark.parametrize("case", REFUSED)
def test_a_field_source_is_refused(cases: Path, agency: Agency, case: str) -> None:
    """In one sentence that names the file."""
    with pytest.raises(UserError) as refused:
        built(cases, case, agency)
    assert str(refused.value).startswith(f"{cases / case}{REFUSED[case]}")
    assert "\n" not in str(refused.value)


def test_a_field_station_with_a_column_an_element_is_read_with_its_units(
    cases: Path, agency: Agency, tmp_path: Path
) -> None:
    """The same file with the key that the sentence asks for: 68 and 50 °F are 20 and 10 °C."""
    text = (cases / "34-ghcn-wide.toml").read_text().replace("[weather]\n", '[weather]\nunits = "standard"\n')
    (tmp_path / "features.toml").write_text(text, encoding="utf-8")
    whole = build_features(read_features(tmp_path / "features.toml"), cases, agency)
    assert whole.days.values[5][list(whole.days.names).index("weather_tmax")] == 20.0


@pytest.mark.parametrize("case", MAPS)
def test_a_field_map_says_what_it_lacks(cases: Path, agency: Agency, case: str) -> None:
    """One kind of place is there; the other is told, here and on the card."""
    whole = built(cases, case, agency)
    there, lacking = MAPS[case]
    assert whole.layers.stacked((f"{there}_here",)).sum() == 1.0
    assert f"{lacking}: 0 points; excluded: 0 too far away; none near the agency, as the card says" in whole.notes
    (sentence,) = empty_sources(whole.layers, whole.events)
    assert f"{lacking}, " in sentence
    assert f"{there}," not in sentence
