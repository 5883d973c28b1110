"""Holidays and the moon by date, and upcoming events from an iCal file: occasions, boxes and shifts, never people."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ephem
import pytest
from pydantic import ValidationError

from edge.errors import UserError
from edge.risk.events import ALL_SHIFTS, Events
from models.sources.almanac import almanac_parts
from models.sources.calendar_file import only_allowed, read_happenings
from models.sources.document import CalendarDoc, EventsDoc
from models.sources.event_rows import make_events, refuse_swapped
from models.sources.provenance import Provenance
from tests.models.town import WIDE, degrees, town, write

ZONE = ZoneInfo("America/Chicago")
WINDOW = (date(2018, 1, 1), date(2018, 12, 31))
KNOWN = Provenance("the city's calendar of events", "free", "2018-01-01")
PLACE = "GEO:{};{}".format(*degrees(2.5, 3.5))
BOX = 2 * WIDE + 3


def almanac(first: date, count: int, **fields: Any) -> dict[str, list[float]]:
    """The columns of some dates."""
    document = CalendarDoc.model_validate({"country": "US", "subdivision": "IL", **fields})
    dates = [first + timedelta(days=offset) for offset in range(count)]
    return {column.name: values.tolist() for column, values in almanac_parts(document, dates, ZONE)}


def test_a_holiday_and_the_days_beside_it() -> None:
    """4 July 2018; a holiday's eve counts across the year's end, where the table stops."""
    july = almanac(date(2018, 7, 3), 3)
    assert july["holiday"] == [0.0, 1.0, 0.0]
    assert july["before_holiday"] == [1.0, 0.0, 0.0]
    assert july["after_holiday"] == [0.0, 0.0, 1.0]
    assert almanac(date(2018, 12, 31), 1)["before_holiday"] == [1.0]
    assert almanac(date(2019, 1, 2), 1)["after_holiday"] == [1.0]


def test_a_state_has_holidays_of_its_own() -> None:
    """Lincoln's birthday is one in Illinois, and none of the country's."""
    assert almanac(date(2018, 2, 12), 1)["holiday"] == [1.0]
    assert almanac(date(2018, 2, 12), 1, subdivision=None)["holiday"] == [0.0]


def test_the_moon_is_full_and_new_when_it_was() -> None:
    """Full on 31 January 2018 (an eclipse), new on 15 February; a fraction of its disc to a thousandth."""
    moon = almanac(date(2018, 1, 31), 17)["moon"]
    assert moon[0] > 0.985
    assert min(moon) == min(moon[15:]) < 0.01
    assert all(0.0 <= value <= 1.0 and value == pytest.approx(round(value, 3), abs=1e-7) for value in moon)


def test_the_moon_is_that_of_the_local_midnight() -> None:
    """In Chicago's winter that is 06:00 UTC, where a waxing moon is some percent larger than 6 h before."""
    expected = ephem.Moon("2018/1/24 06:00:00").phase / 100.0
    assert almanac(date(2018, 1, 24), 1)["moon"] == [pytest.approx(expected, abs=6e-4)]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"country": "ZZ"}, "'ZZ' is not a country"),
        ({"subdivision": "XX"}, "US has no subdivision 'XX'; use one of AK"),
        ({"country": "NL", "subdivision": "IL"}, "NL has no subdivision 'IL'"),
    ],
)
def test_an_unknown_country_is_one_sentence(fields: dict[str, str], sentence: str) -> None:
    """The codes that could be used are told."""
    with pytest.raises(UserError, match=sentence):
        almanac(date(2018, 1, 1), 1, **fields)


def ical(*lines: str) -> str:
    """A calendar of one event."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])


def document(**fields: Any) -> EventsDoc:
    """The town's calendar."""
    said = {"source": KNOWN.source, "terms": KNOWN.terms, "as_of": KNOWN.as_of, "file": "town.ics"}
    return EventsDoc.model_validate({**said, **fields})


def rows(folder: Path, *lines: str, **fields: Any) -> list[tuple[str, str, int, int, int]]:
    """The events of a calendar with one event, dates as text."""
    write(folder / "town.ics", ical(*lines))
    reading = read_happenings(document(**fields), folder, ZONE, WINDOW)
    events, _ = make_events(reading.happenings, town(), WINDOW, KNOWN)
    return [
        (date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat(), shift, box, size)
        for first, last, shift, box, size in events.rows()
    ]


def test_an_evening_event_is_in_its_box_and_shift(tmp_path: Path) -> None:
    """19:00 to 22:00 is in the evening shift (16:00) of its date; nothing said of its size is small."""
    lines = ("DTSTART;TZID=America/Chicago:20180301T190000", "DTEND;TZID=America/Chicago:20180301T220000", PLACE)
    assert rows(tmp_path, *lines) == [("2018-03-01", "2018-03-01", 2, BOX, 0)]


def test_an_event_over_midnight_is_in_two_shifts(tmp_path: Path) -> None:
    """In UTC, as some calendars write: 23:00 to 01:00 local is the evening's and the next date's night's."""
    lines = ("DTSTART:20180302T050000Z", "DURATION:PT2H", PLACE, "X-SIZE:huge")
    assert rows(tmp_path, *lines) == [("2018-03-01", "2018-03-01", 2, BOX, 3), ("2018-03-02", "2018-03-02", 0, BOX, 3)]


def test_an_event_that_ends_with_the_shift_is_not_in_the_next(tmp_path: Path) -> None:
    """19:00 to midnight is the evening's alone."""
    lines = ("DTSTART;TZID=America/Chicago:20180301T190000", "DURATION:PT5H", PLACE)
    assert rows(tmp_path, *lines) == [("2018-03-01", "2018-03-01", 2, BOX, 0)]


def test_a_long_line_may_be_folded(tmp_path: Path) -> None:
    """As RFC 5545 folds lines: a line break and a space anywhere."""
    assert len(rows(tmp_path, "DTSTART;VALUE=DATE:2018\r\n 0601", PLACE[:9] + "\r\n " + PLACE[9:])) == 1


def test_a_whole_day_event_is_in_all_shifts(tmp_path: Path) -> None:
    """DTEND of dates is the day after the last; without it the event is one day."""
    fair = ("DTSTART;VALUE=DATE:20180601", "DTEND;VALUE=DATE:20180604", PLACE, "X-SIZE:Medium")
    assert rows(tmp_path, *fair) == [("2018-06-01", "2018-06-03", ALL_SHIFTS, BOX, 1)]
    assert rows(tmp_path, "DTSTART;VALUE=DATE:20180601", PLACE) == [("2018-06-01", "2018-06-01", ALL_SHIFTS, BOX, 0)]


def test_a_time_without_a_zone_is_the_agency_s(tmp_path: Path) -> None:
    """Floating time, as RFC 5545 has it; a moment without an end is in one shift."""
    assert rows(tmp_path, "DTSTART:20180301T090000", PLACE) == [("2018-03-01", "2018-03-01", 1, BOX, 0)]


def test_a_recurring_event_is_each_of_its_occasions(tmp_path: Path) -> None:
    """Weekly at 09:00 local over the change of clocks, one date taken out."""
    lines = (
        "DTSTART;TZID=America/Chicago:20180301T090000",
        "DURATION:PT2H",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=America/Chicago:20180308T090000",
        PLACE,
    )
    assert [row[0] for row in rows(tmp_path, *lines)] == ["2018-03-01", "2018-03-15", "2018-03-22"]
    assert {row[2] for row in rows(tmp_path, *lines)} == {1}


def test_a_rule_without_an_end_stops_at_the_window(tmp_path: Path) -> None:
    """Every first of a month since 1990, all day: twelve in 2018."""
    found = rows(tmp_path, "DTSTART;VALUE=DATE:19900101", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1", PLACE)
    assert [row[0] for row in found if row[0].startswith("2018")] == [f"2018-{month:02}-01" for month in range(1, 13)]


def test_a_place_known_by_name_needs_no_geo(tmp_path: Path) -> None:
    """LOCATION is looked up in a CSV of venues; another name is counted as nowhere, and goes no further."""
    lat, lon = degrees(2.5, 3.5)
    write(tmp_path / "venues.csv", f"name,lat,lon\nTown Hall,{lat},{lon}\n")
    lines = ("DTSTART;VALUE=DATE:20180601", "LOCATION:Town Hall")
    assert len(rows(tmp_path, *lines, places="venues.csv")) == 1
    assert rows(tmp_path, *lines) == []
    write(tmp_path / "town.ics", ical("DTSTART;VALUE=DATE:20180601", "LOCATION:12 Private Road"))
    assert read_happenings(document(places="venues.csv"), tmp_path, ZONE, WINDOW).nowhere == 1


def test_an_event_outside_the_town_and_a_cancelled_one_are_counted(tmp_path: Path) -> None:
    """Neither makes a row; both are told."""
    write(tmp_path / "town.ics", ical("DTSTART;VALUE=DATE:20180601", "GEO:41.0;-99.0"))
    reading = read_happenings(document(), tmp_path, ZONE, WINDOW)
    assert make_events(reading.happenings, town(), WINDOW, KNOWN)[1] == 1
    write(tmp_path / "town.ics", ical("DTSTART;VALUE=DATE:20180601", PLACE, "STATUS:CANCELLED"))
    assert read_happenings(document(), tmp_path, ZONE, WINDOW).cancelled == 1


def test_an_event_is_not_known_before_it_was_entered(tmp_path: Path) -> None:
    """Entered during the fair's second day: used from the third, since only then was it known at 00:00. No leak."""
    fair = ("DTSTART;VALUE=DATE:20180601", "DTEND;VALUE=DATE:20180604", PLACE)
    assert [row[:2] for row in rows(tmp_path, *fair, "CREATED:20180602T150000Z")] == [("2018-06-03", "2018-06-03")]
    assert [row[:2] for row in rows(tmp_path, *fair, "CREATED:20180504T150000Z")] == [("2018-06-01", "2018-06-03")]
    assert rows(tmp_path, "DTSTART:20180301T090000", PLACE, "CREATED:20180301T120000Z") == []


PEOPLE = (
    'ATTENDEE;CN="Somebody Named";ROLE=REQ-PARTICIPANT:mailto:somebody@example.org',
    "ORGANIZER;CN=Another Named:mailto:another@example.org",
    "CONTACT:Somebody Named\\, +1 555 0100",
    "SUMMARY:Birthday of Somebody",
    "DESCRIPTION:Bring a cake\r\n for Somebody",
    "X-ALT-DESC:Somebody",
    "UID:somebody@example.org",
)


def test_people_are_dropped_before_anything_is_parsed(tmp_path: Path) -> None:
    """Protection 1: attendees, organisers, contacts, titles and texts change no event and reach no value."""
    lines = ("DTSTART;VALUE=DATE:20180601", PLACE)
    assert rows(tmp_path, *lines, *PEOPLE) == rows(tmp_path, *lines) != []
    kept = only_allowed(ical(*lines, *PEOPLE), "X-SIZE")
    assert "ody" not in kept
    assert "Named" not in kept
    assert [line for line in kept.splitlines() if not re.fullmatch("UID:[0-9a-f]{32}", line)] == ical(
        *lines
    ).splitlines()
    write(tmp_path / "town.ics", ical(*lines, *PEOPLE))
    assert "ody" not in repr(read_happenings(document(), tmp_path, ZONE, WINDOW))


@pytest.mark.parametrize("name", ["X-ATTENDEE", "X-ORGANIZER-NAME", "X-CONTACT", "ATTENDEE"])
def test_the_size_may_not_be_read_from_what_names_people(name: str) -> None:
    """The one property that an agency may choose is none of theirs."""
    with pytest.raises(ValidationError):
        document(size_property=name)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("GEO:1;1",), "event 1 has no usable DTSTART"),
        (("DTSTART:nonsense", PLACE), "event 1 has no usable DTSTART"),
        (("DTSTART;VALUE=DATE:20180602", "DTEND;VALUE=DATE:20180601", PLACE), "event 1"),
        (("DTSTART;VALUE=DATE:20180602", "DTEND:20180603T100000Z", PLACE), "event 1"),
        (("DTSTART;VALUE=DATE:20180602", "X-SIZE:enormous", PLACE), "use one of small, medium, large, huge"),
        (("DTSTART;VALUE=DATE:20180602", "RDATE:20180702T100000Z", PLACE), "mixes a date and a time in RDATE"),
        (("DTSTART;VALUE=DATE:20180602", "RECURRENCE-ID;VALUE=DATE:20180602", PLACE), "has RECURRENCE-ID, but no UID"),
        (
            ("UID:1", "DTSTART;VALUE=DATE:20180602", "RECURRENCE-ID;RANGE=THISANDFUTURE:20180602T100000Z", PLACE),
            "changes an occasion and all that follow",
        ),
        (("UID:1", "DTSTART:20180602T100000Z", "RECURRENCE-ID:", PLACE), "has no usable RECURRENCE-ID"),
        (("UID:1", "DTSTART:20180602T100000Z", *["RECURRENCE-ID:20180602T100000Z"] * 2, PLACE), "usable RECURRENCE-ID"),
        (("DTSTART:20180602T100000Z", "RDATE:soon", PLACE), "has no usable RDATE"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=DAILY", "EXDATE:never", PLACE), "has no usable EXDATE"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=DAILY;INTERVAL=0", PLACE), "has a recurrence rule that is not supp"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY;COUNT=1", PLACE), "that is not supported"),
        (("DTSTART;TZID=Narnia:20180602T100000", PLACE), "has a time in 'Narnia', a zone that neither the file nor"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=DAILY", "EXDATE;TZID=Narnia:20180603T100000", PLACE), "'Narnia'"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=SECONDLY", PLACE), "has a recurrence rule that is not supported"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=WEEKLY;BYDAY=9XX", PLACE), "has a recurrence rule that is not supp"),
        (("DTSTART:20180602T100000Z", "RRULE:FREQ=SOMETIMES", PLACE), "has a recurrence rule that is not supported"),
    ],
)
def test_what_cannot_be_read_surely_is_one_sentence(tmp_path: Path, lines: tuple[str, ...], sentence: str) -> None:
    """The event's number and the mend; nothing is guessed."""
    with pytest.raises(UserError, match=sentence) as caught:
        rows(tmp_path, *lines)
    assert "town.ics: event 1" in str(caught.value)


@pytest.mark.parametrize("text", ["hello", "BEGIN:VEVENT", ""])
def test_a_file_that_is_no_calendar_is_one_sentence(tmp_path: Path, text: str) -> None:
    """Its path and the mend."""
    write(tmp_path / "town.ics", text)
    with pytest.raises(UserError, match=r"town\.ics: not an iCal file"):
        read_happenings(document(), tmp_path, ZONE, WINDOW)


def test_events_say_what_they_are(tmp_path: Path) -> None:
    """Three columns with their provenance, whatever the calendar holds."""
    write(tmp_path / "town.ics", ical("DTSTART;VALUE=DATE:20180601", PLACE))
    events, _ = make_events(read_happenings(document(), tmp_path, ZONE, WINDOW).happenings, town(), WINDOW, KNOWN)
    assert [column.name for column in events.about] == ["events_here", "events_500m", "events_1km"]
    assert {column.source for column in events.plus(Events.none()).about} == {KNOWN.source}


def several(*events: tuple[str, ...]) -> str:
    """A calendar of events, each of these lines."""
    inner = [line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *inner, "END:VCALENDAR", ""])


def spans(folder: Path, text: str) -> list[str]:
    """The local start of each occasion, and its length in hours."""
    write(folder / "town.ics", text)
    found = []
    for each in read_happenings(document(), folder, ZONE, WINDOW).happenings:
        assert each.span is not None
        start = datetime.fromtimestamp(each.span[0], ZONE)
        found.append(f"{start:%m-%d %H:%M} {(each.span[1] - each.span[0]) / 3600.0:g} h")
    return sorted(found)


WEEKLY = (
    "UID:series@example.org", "DTSTART;TZID=America/Chicago:20180601T190000", "DURATION:PT3H",
    "RRULE:FREQ=WEEKLY;COUNT=4", PLACE,
)  # fmt: skip


def changed(*lines: str, which: str = "RECURRENCE-ID;TZID=America/Chicago:20180608T190000") -> tuple[str, ...]:
    """One occasion of the series, as it is now."""
    return ("UID:series@example.org", which, PLACE, *lines)


def test_a_changed_occasion_stands_for_its_own(tmp_path: Path) -> None:
    """Moved by an hour and shorter; the others stay, whichever of the two comes first in the file."""
    moved = changed("DTSTART;TZID=America/Chicago:20180608T200000", "DURATION:PT2H")
    expected = ["06-01 19:00 3 h", "06-08 20:00 2 h", "06-15 19:00 3 h", "06-22 19:00 3 h"]
    assert spans(tmp_path, several(WEEKLY, moved)) == expected
    assert spans(tmp_path, several(moved, WEEKLY)) == expected


@pytest.mark.parametrize(
    "which", ["RECURRENCE-ID:20180609T000000Z", "RECURRENCE-ID;VALUE=DATE:20180608", "RECURRENCE-ID:20180608T190000"]
)
def test_the_occasion_is_known_in_any_zone_or_by_its_date(tmp_path: Path, which: str) -> None:
    """In UTC, by the date alone, or in the agency's own time: it is the same occasion."""
    moved = changed("DTSTART;TZID=America/Chicago:20180609T120000", "DURATION:PT1H", which=which)
    assert spans(tmp_path, several(WEEKLY, moved))[1] == "06-09 12:00 1 h"
    assert len(spans(tmp_path, several(WEEKLY, moved))) == 4


def test_a_cancelled_occasion_is_none(tmp_path: Path) -> None:
    """It is counted, and its place in the series stays empty."""
    gone = changed("DTSTART;TZID=America/Chicago:20180608T190000", "STATUS:CANCELLED")
    assert spans(tmp_path, several(WEEKLY, gone)) == ["06-01 19:00 3 h", "06-15 19:00 3 h", "06-22 19:00 3 h"]
    assert read_happenings(document(), tmp_path, ZONE, WINDOW).cancelled == 1


def test_the_newest_version_of_an_event_counts(tmp_path: Path) -> None:
    """By SEQUENCE, else the later in the file; the older ones are told as repeated."""
    old = ("UID:9", "SEQUENCE:1", "DTSTART:20180601T120000", PLACE)
    new = ("UID:9", "SEQUENCE:2", "DTSTART:20180602T120000", PLACE)
    other = ("DTSTART:20180603T120000", PLACE)
    for order in ((old, new), (new, old)):
        assert spans(tmp_path, several(*order, other, other)) == ["06-02 12:00 0 h", *["06-03 12:00 0 h"] * 2]
        assert read_happenings(document(), tmp_path, ZONE, WINDOW).repeated == 1


def test_added_dates_are_occasions(tmp_path: Path) -> None:
    """RDATE, in several lines; a period has its own length; one that the rule gives, too, counts once."""
    lines = (
        "DTSTART;TZID=America/Chicago:20180601T190000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY;COUNT=2",
        "RDATE;TZID=America/Chicago:20180605T190000,20180608T190000", "RDATE:20180606T190000",
        "RDATE;VALUE=PERIOD:20180607T150000Z/PT1H,20180607T180000Z/20180607T203000Z",
        "EXDATE;TZID=America/Chicago:20180605T190000", PLACE,
    )  # fmt: skip
    assert spans(tmp_path, several(lines)) == [
        "06-01 19:00 3 h", "06-06 19:00 3 h", "06-07 10:00 1 h", "06-07 13:00 2.5 h", "06-08 19:00 3 h"
    ]  # fmt: skip


def test_whole_days_may_be_added_and_taken_out(tmp_path: Path) -> None:
    """Dates, as DTSTART is one; a date takes an evening's occasion out, too."""
    fair = ("DTSTART;VALUE=DATE:20180601", "RRULE:FREQ=DAILY;COUNT=3", "RDATE;VALUE=DATE:20180610", PLACE)
    out = "EXDATE;VALUE=DATE:20180602"
    assert [row[0][-5:] for row in rows(tmp_path, *fair, out)] == ["06-01", "06-03", "06-10"]
    assert spans(tmp_path, several((*WEEKLY, "EXDATE;VALUE=DATE:20180608"))) == [
        "06-01 19:00 3 h", "06-15 19:00 3 h", "06-22 19:00 3 h"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "until", "last"),
    [
        ("DTSTART:20180601T190000", "20180615T190000", "06-15"),
        ("DTSTART:20180601T190000", "20180615", "06-15"),
        ("DTSTART;TZID=America/Chicago:20180601T190000", "20180616T000000Z", "06-15"),
        ("DTSTART;TZID=America/Chicago:20180601T190000", "20180615T235959Z", "06-08"),
        ("DTSTART:20180602T000000Z", "20180615", "06-08"),
    ],
)
def test_a_rule_ends_where_its_until_says(tmp_path: Path, start: str, until: str, last: str) -> None:
    """In UTC, in the event's own time, or by a date, as calendars write it: the last occasion is not beyond."""
    lines = (start, "DURATION:PT1H", f"RRULE:FREQ=WEEKLY;UNTIL={until}", PLACE)
    assert spans(tmp_path, several(lines))[-1][:5] == last


def test_calendars_that_were_put_together_are_all_read(tmp_path: Path) -> None:
    """Two calendars in one file; an event that both have counts once."""
    one, other = ("UID:1", "DTSTART:20180601T120000", PLACE), ("UID:2", "DTSTART:20180602T120000", PLACE)
    assert len(spans(tmp_path, several(one) + several(other))) == 2
    assert len(spans(tmp_path, several(one) + several(one))) == 1


def test_a_position_with_longitude_first_is_told(tmp_path: Path) -> None:
    """The swapped place lies in the agency, the one that is written in Antarctica."""
    lat, lon = degrees(2.5, 3.5)
    write(tmp_path / "town.ics", ical("DTSTART:20180601T120000", f"GEO:{lon};{lat}"))
    found = read_happenings(document(), tmp_path, ZONE, WINDOW).happenings
    with pytest.raises(UserError, match=r"town\.ics: an event has GEO:.* longitude first; iCal has latitude first"):
        refuse_swapped(tmp_path / "town.ics", found, town().grid)


def test_a_line_separator_in_a_text_begins_no_property(tmp_path: Path) -> None:
    """Only line breaks end a line: what stands behind another sign belongs to the text that is dropped."""
    sly = "DESCRIPTION:party\N{LINE SEPARATOR}DTSTART:20180701T120000"
    assert spans(tmp_path, several(("DTSTART:20180601T120000", sly, PLACE))) == ["06-01 12:00 0 h"]


def test_a_date_of_entry_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """As where the calendar does not say when an event was entered."""
    assert rows(tmp_path, "DTSTART;VALUE=DATE:20180601", "CREATED:once", PLACE) != []
