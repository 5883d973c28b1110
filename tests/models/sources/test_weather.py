"""Weather: one station's readings, its normals, and what stands where nothing is known."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.errors import UserError
from edge.risk.days import Days
from models.sources.document import WeatherDoc
from models.sources.station_file import read_station
from models.sources.weather import weather_parts
from tests.models.town import write

STATION = "USW00094846"


def line(on: date, element: str, value: int, quality: str = "", station: str = STATION) -> str:
    """One row of GHCN-Daily by year."""
    return f"{station},{on:%Y%m%d},{element},{value},,{quality},W,0700\n"


def year_of(year: int, tmax: int = 100) -> str:
    """Every element of every day of a year: the highest temperature is the month, and tenths more, in °C."""
    start = date(year, 1, 1)
    days = [start + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - start).days)]
    return "".join(
        line(on, "TMAX", tmax + 10 * on.month) + line(on, "TMIN", -50) + line(on, "PRCP", 24) + line(on, "SNOW", 3)
        for on in days
    )


def document(**fields: Any) -> WeatherDoc:
    """The station with normals of 2015 and 2016."""
    said = {"source": "NOAA GHCN-Daily, one station", "terms": "public domain", "as_of": "2018-01-01"}
    return WeatherDoc.model_validate(
        {**said, "file": "ghcn.csv", "station": STATION, "normal_years": [2015, 2016], **fields}
    )


def table(folder: Path, first: date, count: int) -> Days:
    """The columns of some dates."""
    dates = [first + timedelta(days=offset) for offset in range(count)]
    parts = weather_parts(document(), folder, dates, [])
    values = np.stack([values for _, values in parts], axis=-1)
    return Days(first.toordinal(), tuple(column for column, _ in parts), values)


def named(days: Days, on: date) -> dict[str, float]:
    """A date's values by column."""
    return {name: round(float(value), 3) for name, value in zip(days.names, days.of(on.toordinal()), strict=True)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two years for the normals and a day of 2018."""
    day = date(2018, 7, 15)
    extra = line(day, "TMAX", 356) + line(day, "TMIN", 211, "I") + line(day, "PRCP", 0) + line(day, "WT01", 1)
    other = line(day, "SNOW", 999, station="USW00000001")
    write(tmp_path / "ghcn.csv", year_of(2015) + year_of(2016, 120) + extra + other)
    return tmp_path


def test_a_reading_is_in_degrees_and_millimetres(folder: Path) -> None:
    """Tenths become whole units; snow is in millimetres already; a flagged row and another station's are left out."""
    found = named(table(folder, date(2018, 7, 14), 3), date(2018, 7, 15))
    normal = 10.0 + 1.0 + 7.0
    assert found == {
        "weather_tmax": 35.6,
        "weather_tmax_normal": normal,
        "weather_tmin": -5.0,
        "weather_prcp": 0.0,
        "weather_snow": 3.0,
    }


def test_a_date_without_a_reading_has_its_normal(folder: Path) -> None:
    """The mean of 15 days around that day of the year, over the years named; 29 February too."""
    days = table(folder, date(2018, 7, 14), 1000)
    assert named(days, date(2019, 3, 15))["weather_tmax"] == 14.0
    assert named(days, date(2020, 2, 15))["weather_tmax"] == 13.0
    # 22 to 29 February are 2 °C, 1 to 7 March 3 °C over 10; 29 February itself was a day of 2016 alone
    values = sorted([13.0 - 1.0] * 7 + [13.0 + 1.0] * 8 + [14.0 - 1.0] * 7 + [14.0 + 1.0] * 7)
    assert named(days, date(2020, 2, 29))["weather_tmax"] == round(sum(values) / len(values), 1)


def test_normals_know_nothing_of_other_years(folder: Path) -> None:
    """A hot 2018 changes its own dates, and no normal: what comes later must not leak into the past."""
    before = table(folder, date(2016, 1, 1), 366)
    with (folder / "ghcn.csv").open("a", encoding="utf-8") as file:
        file.write(year_of(2018, 400))
    after = table(folder, date(2016, 1, 1), 366)
    assert before.values.tobytes() == after.values.tobytes()


def test_a_date_outside_the_table_has_the_year_s_mean(folder: Path) -> None:
    """The missing value is the mean of the normals, as the column says."""
    found = named(table(folder, date(2018, 7, 14), 3), date(2031, 1, 1))
    assert found["weather_tmax"] == found["weather_tmax_normal"] == pytest.approx(11.0 + 6.5, abs=0.1)
    assert found["weather_prcp"] == 2.4


def test_a_column_says_that_readings_stand_for_forecasts(folder: Path) -> None:
    """Group, unit and the honest sentence; a forecast in the context replaces the value."""
    days = table(folder, date(2018, 7, 14), 3)
    assert {column.group for column in days.columns} == {"weather"}
    assert "observed value stands in for its forecast" in days.columns[0].definition
    forecast = days.with_values(date(2018, 7, 14).toordinal(), {"weather_tmax": 21.5})
    assert named(forecast, date(2018, 7, 14))["weather_tmax"] == 21.5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ID,DATE\n", "line 1 has 2 fields, but GHCN-Daily by year has 8"),
        (f"{STATION},2018-13-01,TMAX,1,,,W,\n", "line 1 does not have a date"),
        (f"{STATION},20180101,TMAX,warm,,,W,\n", "line 1 does not have a date such as 20180131, or a number"),
        (line(date(2018, 1, 1), "TMAX", 1, station="USW00000001"), f"no rows for station '{STATION}'"),
        ("", "empty; give GHCN-Daily's file by year"),
        (f"{STATION}20180101{' ' * 260}\n", r"line 1 has 1 fields.*this looks like its fixed-width \.dly"),
        ("ID,DATE,ELEMENT,AMOUNT\n", "line 1 names no ID or no DATA_VALUE"),
        (line(date(2018, 1, 1), "TMAX", 1) + "a,b\n", "line 2 has 2 fields, but the first has 8; correct it"),
        (line(date(2018, 1, 1), "TMAX", 999), "line 1: TMAX 999 is not possible; leave it empty where it is missing"),
        (line(date(2018, 1, 1), "PRCP", -1), "line 1: PRCP -1 is not possible"),
        (line(date(2015, 6, 1), "TMAX", 1), "no TMAX around January 1 in 2015–2016"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """Another form, no such station, too few years for a normal: named, with the mend."""
    write(tmp_path / "ghcn.csv", text)
    with pytest.raises(UserError, match=sentence):
        table(tmp_path, date(2018, 1, 1), 1)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    """Its path is named."""
    with pytest.raises(UserError, match=r"ghcn\.csv: No such file"):
        read_station(tmp_path / "ghcn.csv", STATION)


def test_what_noaa_marks_as_missing_is_no_reading(folder: Path) -> None:
    """-9999 in any element, or nothing at all: the normal stands, and it is told."""
    day = date(2018, 7, 15)
    with (folder / "ghcn.csv").open("a", encoding="utf-8") as file:
        file.write(line(day, "TMIN", -9999) + f"{STATION},20180716,TMAX,,,,W,0700\n")
        file.write(line(date(2018, 7, 16), "PRCP", -9999) + line(date(2018, 7, 17), "TMAX", 300))
    notes: list[str] = []
    dates = [day + timedelta(days=offset) for offset in range(4)]
    parts = {column.name: values.tolist() for column, values in weather_parts(document(), folder, dates, notes)}
    assert parts["weather_tmin"] == [-5.0, -5.0, -5.0, -5.0]
    assert np.allclose(parts["weather_tmax"], [35.6, 18.0, 30.0, 18.0], atol=0.051)
    assert notes == [
        "weather: of 3 dates through 2018-07-17 without a reading, where the normal stands: TMAX 1, TMIN 3, PRCP 2, "
        "SNOW 3"
    ]


@pytest.mark.parametrize("lacking", ["SNOW", "PRCP", "TMIN", "TMAX"])
def test_a_station_without_an_element_has_the_others(tmp_path: Path, lacking: str) -> None:
    """Many have no snow; some only in winter. Its column is left out, and that is told."""
    winter = year_of(2016).splitlines(keepends=True)[:40]
    rows = [row for row in year_of(2015).splitlines(keepends=True) + winter if f",{lacking}," not in row]
    write(tmp_path / "ghcn.csv", "".join(rows) + line(date(2015, 1, 1), lacking, 30))
    notes: list[str] = []
    parts = weather_parts(document(), tmp_path, [date(2015, 1, 1)], notes)
    assert not any(column.name.startswith(f"weather_{lacking.lower()}") for column, _ in parts)
    assert len(parts) == (3 if lacking == "TMAX" else 4)
    assert notes[0].startswith(f"weather: {tmp_path}/ghcn.csv: no {lacking} around January 9 in 2015–2016; ")
    assert notes[0].endswith("; its column is left out")


def test_a_heading_says_where_the_columns_are(folder: Path) -> None:
    """GHCN-Daily with its names in the first line, in their order or in another."""
    plain = read_station(folder / "ghcn.csv", STATION)
    text = (folder / "ghcn.csv").read_text()
    write(folder / "headed.csv", "ID,DATE,ELEMENT,DATA_VALUE,M_FLAG,Q_FLAG,S_FLAG,OBS_TIME\n" + text)
    assert read_station(folder / "headed.csv", STATION) == plain
    turned = [[row[at] for at in (5, 3, 2, 1, 0)] for row in (each.split(",") for each in text.splitlines())]
    body = "".join(f"{','.join(row)}\n" for row in turned)
    write(folder / "turned.csv", "Q_FLAG,VALUE,ELEMENT,DATE,STATION\n" + body)
    assert read_station(folder / "turned.csv", STATION) == plain


WIDE = {
    "standard": ("68", "50", "1.00", "2.0"),
    "metric": ("20.0", "10.0", "25.4", "50.8"),
    "tenths": ("  200", "  100", "  254", "   51"),
}


@pytest.mark.parametrize("units", WIDE)
def test_daily_summaries_are_read_in_the_units_that_are_given(tmp_path: Path, units: Any) -> None:
    """A row a date: °F and inches, °C and mm, or tenths; what is empty, -9999 or flagged is missing."""
    tmax, tmin, prcp, snow = WIDE[units]
    heading = '"STATION","NAME","DATE","PRCP","SNOW","TMAX","TMAX_ATTRIBUTES","TMIN"\n'
    row = f'"{STATION}","SOME TOWN, MO US","2022-01-01","{prcp}","{snow}","{tmax}",",,W","{tmin}"\n'
    flagged = f'"{STATION}","SOME TOWN, MO US","2022-01-02","","-9999","{tmax}",",I,W","{tmin}"\n'
    write(tmp_path / "wide.csv", heading + row + flagged)
    found = read_station(tmp_path / "wide.csv", STATION, units)
    one, other = date(2022, 1, 1), date(2022, 1, 2)
    assert {name: {day: round(value, 3) for day, value in each.items()} for name, each in found.items()} == {
        "TMAX": {one: 20.0},
        "TMIN": {one: 10.0, other: 10.0},
        "PRCP": {one: 25.4},
        "SNOW": {one: 51.0 if units == "tenths" else 50.8},
    }


def test_units_are_never_guessed(folder: Path) -> None:
    """A file that does not say them asks for them; wrong ones show where no weather is such; tenths need none."""
    write(folder / "wide.csv", f"STATION,DATE,TMAX\n{STATION},2022-01-01,200\n")
    with pytest.raises(UserError, match=r"wide\.csv: does not say its units; add weather\.units: 'standard' \(°F"):
        read_station(folder / "wide.csv", STATION)
    with pytest.raises(UserError, match=r"line 2: TMAX 200 is not possible; .* or correct weather\.units"):
        read_station(folder / "wide.csv", STATION, "metric")
    with pytest.raises(UserError, match=r"ghcn\.csv: GHCN-Daily by year is in tenths .* remove weather\.units"):
        read_station(folder / "ghcn.csv", STATION, "standard")
