"""Times as exports write them: the right instants, whatever the form, and nothing that is silently another time."""

from datetime import date, time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import UserError
from models.ingest.times import Parsed, parse
from models.ingest.when import Times
from tests.models.town_export import HEADER, MAPPING, THEFT, imported

CHICAGO = "America/Chicago"
SUMMER = "2024-07-01T12:30"
"""Noon and a half on 1 July 2024, UTC; 07:30 in Chicago."""


def parsed(*texts: str | None, zone: str = CHICAGO, **written: object) -> Parsed:
    """Texts of one column, by the keys of ``[time]``."""
    times = Times.model_validate({"from": "When", **written})
    return parse(pa.table({"When": pa.array(texts, pa.string())}), times.begin, times, zone)


def joined(*pairs: tuple[object, object], zone: str = CHICAGO, **written: object) -> Parsed:
    """A date's and a time's column."""
    times = Times.model_validate({"from": ["Date", "Time"], **written})
    table = pa.table({"Date": pa.array([date for date, _ in pairs]), "Time": pa.array([time for _, time in pairs])})
    return parse(table, times.begin, times, zone)


def utc(times: np.ndarray[tuple[int], np.dtype[np.datetime64]]) -> list[str | None]:
    """Instants to the minute; None where there is none."""
    return [None if np.isnat(one) else str(one.astype("datetime64[m]")) for one in times]


@pytest.mark.parametrize(
    "text",
    [
        "2024-07-01T12:30:00Z", "2024-07-01t12:30:00z", "2024-07-01 12:30Z", "2024-07-01 12:30 Z", "20240701T1230Z",
        "20240701T123000Z", "20240701T123000.000Z", "2024-07-01T12:30:00.0000000Z", "2024-07-01 12:30:00+00",
        "2024-07-01 12:30:00 +0000", "2024-07-01 12:30:00+00:00", "2024-07-01T12:30:00,5+0000", "20240701123000Z",
        "2024-07-01 12:30:00 UTC", "2024-07-01 12:30:00 GMT", "2024-07-01T07:30:00-05:00", "2024-07-01T07:30-05",
        "2024-07-01T07:30:00-0500", "2024-07-01 07:30:00 -5", "2024-07-01T18:00+05:30", "20240701T0730-0500",
        "2024-07-01 07:30 CDT", "2024-07-01 06:30 CST", "2024-07-01 08:30 EDT", "2024-07-01 07:30:00 GMT-0500 (CDT)",
        "2024-07-01T07:30:00\u221205:00", "2024-07-01T07:30:00-05:00[America/Chicago]", "2024/07/01 12:30:00Z",
    ],
)  # fmt: skip
def test_an_offset_is_obeyed_in_every_form(text: str) -> None:
    """Whatever is written, it is the same moment."""
    found = parsed(text)
    assert utc(found.first) == utc(found.last) == [SUMMER]


@pytest.mark.parametrize(
    ("text", "hour"), [("T18Z", "18"), ("t18z", "18"), ("T18+00", "18"), ("T18", "23"), ("T18-0500", "23")]
)
def test_an_hour_alone_has_its_offset(text: str, hour: str) -> None:
    """ISO 8601 allows an hour without minutes."""
    assert utc(parsed("20240701" + text, "2024-07-01" + text).first) == [f"2024-07-01T{hour}:00"] * 2


@pytest.mark.parametrize(
    "text",
    ["2024-07-01 12:30 XYZT", "2024-07-01 12:30 A", "2024-07-01T12:30+99", "2024-07-01T12:30+05:99", "2024-07",
     "2024-07-01T25:00", "2024-07-01T12:60", "2024-02-30", "2024-13-01", "2024-07-01T24:01", "2024", "12:30", "",
     "2024-07-01T12:30:00Z garbage"],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    """A zone that nobody knows, a day that does not exist, half a date: not read, rather than read as another."""
    assert utc(parsed(text).first) == [None]


def test_offsets_of_winter_and_summer_and_none_in_one_column() -> None:
    """Each row is as it says; one that says nothing is local."""
    found = parsed("2024-03-01T18:30:00-06:00", "2024-07-01T18:30:00-05:00", "2024-07-01T18:30:00", None,
                   "2024-01-01T18:30:00")  # fmt: skip
    assert utc(found.first) == ["2024-03-02T00:30", "2024-07-01T23:30", "2024-07-01T23:30", None, "2024-01-02T00:30"]
    assert list(found.given) == [True, True, True, False, True]


@pytest.mark.parametrize(
    "text",
    ["2015-W23-4T07:30", "2015W234T0730", "2015-w23-4 07:30:00", "2015W234T123000Z", "2015-W23-4 12:30 +0000",
     "2015-155T07:30", "2015-155 07:30:00.0", "2015-155T12:30Z"],
)  # fmt: skip
def test_weeks_and_days_of_the_year_are_iso_dates(text: str) -> None:
    """ISO 8601's other two: the Thursday of week 23 of 2015 is its 155th day, 4 June."""
    assert utc(parsed(text).first) == ["2015-06-04T12:30"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2015-W01-1", "2014-12-29"), ("2015-W53-7", "2016-01-03"), ("2016-W01-1", "2016-01-04"),
     ("2020W537", "2021-01-03"), ("2016-366", "2016-12-31"), ("2015-001", "2015-01-01")],
)  # fmt: skip
def test_a_week_s_year_is_that_of_its_thursday(text: str, day: str) -> None:
    """Days of week 1 may lie in December, those of week 53 in January; a year may have 366 days."""
    found = parsed(text, zone="UTC")
    assert (utc(found.first), utc(found.last)) == ([f"{day}T00:00"], [f"{day}T23:59"])


@pytest.mark.parametrize(
    "text",
    ["2015-W23", "2015-W54-1", "2014-W53-1", "2015-W00-1", "2015-W23-8", "2015-W23-0", "2015-W234-1",
     "2015-366", "2015-000", "2015-3661", "2015164", "2015-23-4"],
)  # fmt: skip
def test_half_a_week_and_a_day_that_no_year_has_are_no_time(text: str) -> None:
    """Nor is a day of the year without its hyphen: 2012015 may be 1 February, or 15 January."""
    assert utc(parsed(text).first) == [None]


@settings(max_examples=100, deadline=None)
@given(st.dates(pd.Timestamp("1972-01-01").date(), pd.Timestamp("2199-12-30").date()))
def test_every_day_is_the_same_in_each_way_of_writing(day: date) -> None:
    """Month and day, week and day, day of the year; by ISO's name or by a format's directives."""
    formats = ["iso", "%G%V%u", "%Y%j"]
    written = (f"{day}", f"{day:%G-W%V-%u}", f"{day:%GW%V%u}", f"{day:%Y-%j}")
    assert utc(parsed(*written, zone="UTC").first) == [f"{day}T00:00"] * len(written)
    alone = [utc(parsed(f"{day:{form}}", zone="UTC", formats=[form]).first) for form in formats[1:]]
    assert alone == [[f"{day}T00:00"]] * 2


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%G-W%V-%u %H%M", "2024-W27-1 730"), ("%Y%j %H:%M", "2024183 07:30"), ("%Y%j%H%M", "20241830730"),
        ("%m/%d/%Y %H", "07/01/2024 7"), ("%m/%d/%Y %H", "07/01/2024 7.0"), ("%m/%d/%Y %H", "07/01/2024 07"),
    ],
)  # fmt: skip
def test_weeks_days_of_the_year_and_hours_alone_in_formats(form: str, text: str) -> None:
    """With their clock; an hour alone is the full hour, however its number was saved."""
    assert utc(parsed(text, formats=[form]).first) == [SUMMER if ":30" in text or "730" in text else "2024-07-01T12:00"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%m/%d/%Y %H:%M:%S%z", "07/01/2024 07:30:00-05"), ("%m/%d/%Y %H:%M:%S %z", "07/01/2024 07:30:00-05:00"),
        ("%m/%d/%Y %H:%M:%S%z", "07/01/2024 12:30:00 Z"), ("%m/%d/%Y %H:%M:%S %z", "07/01/2024 07:30:00"),
        ("%m/%d/%Y %I:%M %p %Z", "7/1/2024 7:30 AM CDT"), ("%Y-%m-%dT%H:%M:%SZ", "2024-07-01T12:30:00Z"),
        ("%Y-%m-%d %H:%M:%S+00:00", "2024-07-01 12:30:00+00:00"), ("%Y-%m-%d %H:%M:%S UTC", "2024-07-01 12:30:00 UTC"),
        ("%Y-%m-%dT%H:%M:%S.%fZ", "2024-07-01T12:30:00.1234567Z"), ("%Y%m%d%H%M", "202407010730"),
        ("%a %b %d %Y %H:%M:%S %z", "Mon Jul 01 2024 07:30:00 GMT-0500 (Central Daylight Time)"),
        ("%a %b %d %H:%M:%S %Z %Y", "Mon Jul  1 07:30:00 CDT 2024"), ("%d-%b-%Y %H:%M", "1-JUL-2024 7:30"),
        ("%B %d, %Y %I:%M %p", "July 1, 2024 7:30 a.m."), ("%m/%d/%Y %I:%M %p", "7/1/2024 7:30\u202fAM"),
        ("%Y-%j %H:%M", "2024-183 07:30"), ("%m/%d/%Y %H:%M", "7/1/2024  7:30"),
        ("%m/%d/%y %H:%M:%S", "7/1/24 7:30:00"),
        ("%m/%d/%Y %H%M", "07/01/2024 730"), ("%m/%d/%Y %H%M", "07/01/2024 730.0"),
        ("%m/%d/%Y %H%M%S", "07/01/2024 73000"), ("%H:%M %d.%m.%Y", "7:30 01.07.2024"),
        ("epoch_s", "1719837000"), ("epoch_ms", "1719837000000"), ("epoch_ms", "1.719837E+12"),
        ("epoch_ms", "1719837000000.0"), ("excel", "45474.3125"),
    ],
)  # fmt: skip
def test_a_format_reads_what_it_says(form: str, text: str) -> None:
    """Directives of strptime, with their offsets; numbers since an epoch; a spreadsheet's days."""
    assert utc(parsed(text, formats=[form]).first) == [SUMMER]


@pytest.mark.parametrize(
    ("form", "text"),
    [("%m/%d/%Y %I:%M %p", "07/01/2024 13:30 PM"), ("%m/%d/%Y %H:%M", "07/01/2024 07:30 PM"),
     ("%m/%d/%Y %H:%M", "2024-07-01 07:30"), ("%m/%d/%Y %H%M", "07/01/2024 1260"), ("%m/%d/%Y %H%M", "07/01/2024 9999"),
     ("epoch_ms", "1.71984E+12"), ("epoch_ms", "1709317800000000"), ("epoch_s", "soon"), ("epoch_s", "9" * 40),
     ("excel", "tomorrow"), ("%d-%b-%Y %H:%M", "1-XYZ-2024 7:30")],
)  # fmt: skip
def test_a_format_reads_nothing_else(form: str, text: str) -> None:
    """A text of another form, a clock that is none, a number that lost its digits in a spreadsheet."""
    assert utc(parsed(text, formats=[form]).first) == [None]


def test_am_and_pm_are_obeyed_beside_hours_of_24() -> None:
    """``%H`` with ``%p``: 01:30 PM is half past one in the afternoon."""
    found = parsed("7/1/2024 01:30 PM", "7/1/2024 12:30 AM", "7/1/2024 13:30 PM", formats=["%m/%d/%Y %H:%M %p"])
    assert utc(found.first) == ["2024-07-01T18:30", "2024-07-01T05:30", "2024-07-01T18:30"]


@pytest.mark.parametrize("kind", ["text", "whole", "float"])
def test_military_times_without_zeros(kind: str) -> None:
    """5 is 00:05, 45 is 00:45, 130 is 01:30, 0 is midnight, 2400 the next; as text, whole numbers or fractions."""
    written = {"text": str, "whole": int, "float": float}[kind]
    numbers = (5, 45, 130, 930, 1830, 0, 2400, 2401, 1299)
    found = joined(*(("2024-07-01", written(number)) for number in numbers), formats=["%Y-%m-%d %H%M"])
    assert utc(found.first) == [
        "2024-07-01T05:05", "2024-07-01T05:45", "2024-07-01T06:30", "2024-07-01T14:30", "2024-07-01T23:30",
        "2024-07-01T05:00", "2024-07-02T05:00", None, None,
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(1, 4)), min_size=1, max_size=20))
def test_every_military_time_is_its_hour_and_minute(clocks: list[tuple[int, int, int]]) -> None:
    """However many of its zeros are written."""
    texts = [f"07/01/2024 {str(hour * 100 + minute).zfill(width)}" for hour, minute, width in clocks]
    found = parsed(*texts, zone="UTC", formats=["%m/%d/%Y %H%M"])
    assert utc(found.first) == [f"2024-07-01T{hour:02}:{minute:02}" for hour, minute, _ in clocks]


@pytest.mark.parametrize(
    ("form", "text"),
    [("iso", "2024-06-30T24:00"), ("iso", "20240630T2400"), ("iso", "2024-06-30 24:00:00.000"),
     ("%m/%d/%Y %H:%M", "06/30/2024 24:00"), ("%m/%d/%Y %H%M", "06/30/2024 2400"),
     ("%Y%m%d%H%M%S", "20240630240000")],
)  # fmt: skip
def test_24_00_is_the_next_days_midnight(form: str, text: str) -> None:
    """In every format."""
    assert utc(parsed(text, formats=[form]).first) == ["2024-07-01T05:00"]


DAY = ("2024-07-01T05:00", "2024-07-02T04:59")
"""1 July in Chicago, first and last minute."""


@pytest.mark.parametrize("missing", [None, "", " ", "UNK", "unknown", "N/A", "NULL", "-", "nan"])
def test_a_date_without_its_time_is_known_to_the_day(missing: str | None) -> None:
    """An empty time, or a word that says that there is none: the row stays, spread over the day."""
    found = joined(("07/01/2024", missing), (None, "07:30"), ("07/01/2024", "07:30"), formats=["%m/%d/%Y %H:%M"])
    assert list(zip(utc(found.first), utc(found.last), strict=True)) == [DAY, (None, None), (SUMMER, SUMMER)]
    assert list(found.dated) == [True, False, False]


@pytest.mark.parametrize(
    ("form", "date"),
    [("iso", "2024-07-01"), ("iso", "2024-07-01T00:00:00.000"), ("iso", "2024-07-01T00:00:00.000Z"),
     ("%Y-%m-%dT00:00:00.000 %H:%M", "2024-07-01T00:00:00.000"),
     ("%m/%d/%Y 12:00:00 AM %H%M", "07/01/2024 12:00:00 AM"),
     ("%m/%d/%Y, %I:%M %p", "07/01/2024"), ("excel", "45474")],
)  # fmt: skip
def test_a_dates_own_midnight_is_no_time(form: str, date: str) -> None:
    """A date column that always says 00:00 and has an empty time beside it is a date."""
    found = joined((date, None), formats=[form])
    assert (utc(found.first), utc(found.last)) == ([DAY[0]], [DAY[1]])


@pytest.mark.parametrize(
    ("form", "date", "time"),
    [("iso", "2024-07-01T00:00:00.000", "07:30"), ("iso", "2024-07-01T00:00:00.000Z", "0730"),
     ("iso", "2024-07-01", "7:30"), ("iso", "20240701", "07:30:00"), ("excel", "45474", "0.3125"),
     ("%Y-%m-%dT00:00:00.000 %H:%M", "2024-07-01T00:00:00.000", "07:30")],
)  # fmt: skip
def test_a_date_with_its_midnight_and_a_time_beside_it(form: str, date: str, time: str) -> None:
    """The time's column counts."""
    assert utc(joined((date, time), formats=[form]).first) == [SUMMER]


def test_a_time_that_means_unknown_is_its_whole_day() -> None:
    """``unknown``: by the clock, however it is written, or by the word; 24:00 is no 00:00."""
    unknown = ["00:00", "00:01", "12:00", "9999"]
    found = joined(("07/01/2024", "0"), ("07/01/2024", "1200"), ("07/01/2024", "1"), ("07/01/2024", "730"),
                   ("07/01/2024", "9999"), ("06/30/2024", "2400"),
                   formats=["%m/%d/%Y %H%M"], unknown=unknown)  # fmt: skip
    midnight = (DAY[0], DAY[0])
    assert list(zip(utc(found.first), utc(found.last), strict=True)) == [DAY, DAY, DAY, (SUMMER, SUMMER), DAY, midnight]
    assert list(found.unknown) == [True, True, True, False, False, False]


def test_unknown_times_are_written_as_an_analyst_would() -> None:
    """One or several; text, a number, or a TOML time."""
    for written in ("00:00", ["0:00:00"], [time(0, 0)]):
        assert list(parsed("2024-07-01 00:00", unknown=written).unknown) == [True]
    assert Times.model_validate({"from": "When", "unknown": [9999, "unk"]}).unknown_words == ("9999", "UNK")


def test_a_time_that_means_unknown_is_of_the_local_clock() -> None:
    """Midnight in Chicago is 05:00 UTC in summer."""
    found = parsed("2024-07-01T05:00:00Z", "2024-07-01T00:00:00Z", unknown="00:00")
    assert (utc(found.first), utc(found.last)) == ([DAY[0], "2024-07-01T00:00"], [DAY[1], "2024-07-01T00:00"])


def test_local_times_falsely_marked_as_utc_are_local_where_the_mapping_says_so() -> None:
    """``offsets = "ignore"``: of texts, epochs and columns of times."""
    assert utc(parsed("2024-07-01T07:30:00.000Z", "2024-07-01 07:30+00", offsets="ignore").first) == [SUMMER] * 2
    assert utc(parsed("1719819000000", formats=["epoch_ms"], offsets="ignore").first) == [SUMMER]
    times = Times.model_validate({"from": "When", "offsets": "ignore"})
    marked = pa.table({"When": pa.array([pd.Timestamp("2024-07-01 07:30", tz="UTC")])})
    assert utc(parse(marked, times.begin, times, CHICAGO).first) == [SUMMER]


def test_columns_of_times_are_as_they_are() -> None:
    """Of Parquet: without a zone local, with one the moment, dates the day, missing none."""
    local, moment = pd.Timestamp("2024-07-01 07:30"), pd.Timestamp("2024-07-01 08:30", tz="America/New_York")
    for values, first in (([local, None], SUMMER), ([moment, None], SUMMER), ([local.date(), None], DAY[0])):
        times = Times.model_validate({"from": "When"})
        found = parse(pa.table({"When": pa.array(values)}), times.begin, times, CHICAGO)
        assert utc(found.first) == [first, None]


@pytest.mark.parametrize(
    ("form", "text"),
    [("epoch_ms", "0"), ("epoch_ms", "1709317800"), ("epoch_s", "0"), ("epoch_s", "45352.5208"),
     ("epoch_s", "-2208988800"), ("iso", "1900-01-01 00:00:00"), ("iso", "9999-12-31"), ("iso", "0001-01-01T00:00:00Z"),
     ("excel", "0"), ("iso", "1970-01-01T00:00:00Z")],
)  # fmt: skip
def test_a_placeholder_is_no_time(form: str, text: str) -> None:
    """Epoch 0, the years 1, 1900 and 9999, and numbers of another unit: told as what they are."""
    found = parsed(text, formats=[form])
    assert utc(found.first) == [None]
    assert list(found.placeholder) == [True]


def test_a_number_of_another_unit_is_left_to_the_next_format() -> None:
    """Seconds among milliseconds, and a spreadsheet's days among both."""
    formats = ["epoch_ms", "epoch_s", "excel"]
    found = parsed("1719837000000", "1719837000", "45474.3125", formats=formats)
    assert utc(found.first) == [SUMMER] * 3


@pytest.mark.parametrize(
    "formats",
    [["%m/%d/%y %H:%M", "%d/%m/%y %H:%M"], ["iso", "%m/%d/%Y", "%d/%m/%Y %H:%M"], ["%d/%m/%y", "%y/%m/%d"]],
)
def test_formats_that_read_a_text_as_different_days_are_refused(formats: list[str]) -> None:
    """Month first and day first can't both be right: 01/03 would be whichever stands first."""
    with pytest.raises(ValueError, match="read the same text as different days"):
        Times.model_validate({"from": "When", "formats": formats})


@pytest.mark.parametrize(
    ("form", "said"),
    [("%Q", "'%Q' is not a time format"), ("noon", "is not a time format"), ("%H:%M", "has no whole date"),
     ("%m/%d %H:%M", "has no whole date"), ("%m/%d/%Y %I:%M", "without AM or PM"), ("%c", "is not a time format"),
     ("%Y-%m-%d %H:%H", "the same part twice"), ("%Y-W%V-%u", "in place of %Y"), ("%G-W%V", "has no whole date"),
     ("%G-%m-%d", "has no whole date"), ("", "is not a time format"), ("%", "is not a time format")],
)  # fmt: skip
def test_a_format_that_is_none_is_refused_in_words(tmp_path: Path, form: str, said: str) -> None:
    """A mistake in a format is the mapping's, not each row's."""
    with pytest.raises(UserError, match=f"time.formats: .*{said}"):
        imported(tmp_path, THEFT, mapping=MAPPING.replace("%Y-%m-%d %H:%M", form))


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("%YymdHIMSfpzZbBaAj /:-T.Z+0"), max_size=14), st.text(max_size=20))
def test_any_format_is_refused_in_words_or_reads_any_text(form: str, text: str) -> None:
    """No format and no text ends in a library's sentence."""
    try:
        times = Times.model_validate({"from": "When", "formats": [form]})
    except ValueError:
        return  # in our words: see above
    found = parse(pa.table({"When": pa.array([text, None])}), times.begin, times, CHICAGO)
    assert (found.first <= found.last)[~np.isnat(found.first)].all()


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(pd.Timestamp("1971-02-01").to_pydatetime(), pd.Timestamp("2199-11-30").to_pydatetime()),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["{0:%Y-%m-%dT%H:%M:%S.%f}{1}{2:02}:{3:02}", "{0:%Y%m%dT%H%M%S.%f}{1}{2:02}{3:02}",
                     "{0:%Y-%m-%d %H:%M:%S.%f} {1}{2:02}{3:02}", "{0:%Y-%m-%d %H:%M:%S.%f} GMT{1}{2}:{3:02}"]),
)  # fmt: skip
def test_every_offset_is_subtracted(wall: pd.Timestamp, minutes: int, form: str) -> None:
    """To the microsecond, at any date."""
    text = form.format(wall, "-" if minutes < 0 else "+", *divmod(abs(minutes), 60))
    found = parsed(text)
    assert found.first[0] == np.datetime64(wall, "us") - np.timedelta64(minutes, "m")


def test_a_pile_at_midnight_is_noticed(tmp_path: Path) -> None:
    """More than a twentieth of all times at 00:00 is no chance; once the mapping says that they are unknown, it is."""
    rows = [f"{row},2026-01-05 {'00:00' if row < 25 else '12:07'},23F,40.01,-99" for row in range(100)]
    _, report = imported(tmp_path, *rows)
    assert ["25 of 100 times are at exactly 00:00" in one for one in report.warnings] == [True]
    assert any(line.startswith("warning: 25 of 100") for line in report.lines())
    said = MAPPING.replace("formats", 'unknown = ["00:00"]\nformats')
    _, report = imported(tmp_path, *rows, mapping=said)
    assert report.warnings == []
    assert report.notes == {"a time of day that means unknown (`time.unknown`): spread over the day": 25}


def test_numbers_of_another_kind_are_told(tmp_path: Path) -> None:
    """Days of the year, a spreadsheet's days, seconds and milliseconds: what they seem to be, and what to write."""
    kinds = {"%Y%j": "2026064", "excel": "46086.5", "epoch_s": "1772712000", "epoch_ms": "1772712000000"}
    for form, text in kinds.items():
        _, report = imported(tmp_path, THEFT, f"2,{text},23F,40.01,-99")
        assert [f'add "{form}" to time.formats' in one for one in report.warnings] == [True]
        assert sum(report.left_out.values()) == 1


def test_a_file_whose_day_comes_first_is_noticed(tmp_path: Path) -> None:
    """Rows that fit only with day and month exchanged: the others may be misread."""
    mapping = MAPPING.replace("%Y-%m-%d %H:%M", "%m/%d/%y %H:%M")
    rows = ("1,01/03/26 12:30,23F,40.01,-99", "2,25/03/26 12:30,23F,40.01,-99")
    _, report = imported(tmp_path, *rows, header=HEADER, mapping=mapping)
    assert report.left_out["no time, or not in the mapping's formats"] == 1
    assert "1 row can be read only with day and month exchanged" in " ".join(report.warnings)
