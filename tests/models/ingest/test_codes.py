"""The FBI's codes, however exports write them, and conditions on codes: prefixes, ranges of numbers, patterns."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from models.ingest.codes import by_code, plain
from models.ingest.mapping import read_mapping
from tests.models.town_export import HEADER, MAPPING, imported, write_mapping

WORDS = MAPPING.replace('[codes]\ncolumn = "code"\ntable = "nibrs"\n', "")
NIBRS = {
    "homicide": ["09A", "9A", "9a", "09a", " 09A ", "9-A", "09A Murder"],
    "aggravated_assault": ["13A", "13a", "013A", "13 A", "NIBRS 13A", "13A - Aggravated Assault"],
    "robbery": ["120", "120.0", "0120", "120 Robbery", "NIBRS-120", "120: ROBBERY"],
    "burglary": ["220", "220.00", "NIBRS-220", "220/BURGLARY"],
    "motor_vehicle_theft": ["240", "240.0", "FBI CODE 240"],
    "theft": ["23A", "23h", " 23H ", "23*", "23D Theft", "23F - Theft From Motor Vehicle"],
}
UCR = {
    "homicide": ["1", "01A", "1A", "100", "110", "0110", "01", "100.0", "1.0"],
    "robbery": ["3", "03", "3A", "03d", "300", "0300", "312", "0312", "300.0", "0310", "0310 ROBBERY-FIREARM"],
    "aggravated_assault": ["04A", "4B", "04", "400", "0430", "410", "UCR 04A"],
    "burglary": ["5", "05A", "520", "0511", "5.0"],
    "theft": ["6", "06", "610", "614", "6G", "0600"],
    "motor_vehicle_theft": ["7", "07", "710", "07A"],
}
NO_NIBRS = [
    "26A",
    "13B",
    "13C",
    "09B",
    "09C",
    "35A",
    "290",
    "200",
    "11A",
    "1200",
    "120.5",
    "9",
    "",
    "ROBBERY",
    "23",
    "90Z",
]
NO_UCR = ["01B", "1B", "120", "0120", "02", "200", "04E", "450", "0460", "8", "08A", "10", "11", "17", "18", "3000",
          "31112", "26", "ROBBERY", "300A", "3E", "35A", "3.5"]  # fmt: skip


@pytest.mark.parametrize(("crime_type", "code"), [(kind, code) for kind, codes in NIBRS.items() for code in codes])
def test_a_nibrs_code_is_known_however_it_is_written(crime_type: str, code: str) -> None:
    """Zeros that a spreadsheet took, decimals that it gave, capitals, spaces, a word before or behind."""
    assert by_code("nibrs", code) == crime_type


@pytest.mark.parametrize(("crime_type", "code"), [(kind, code) for kind, codes in UCR.items() for code in codes])
def test_a_ucr_code_is_known_however_it_is_written(crime_type: str, code: str) -> None:
    """One digit, two, three or four; with the letters of Return A; as a number with decimals."""
    assert by_code("ucr", code) == crime_type


@pytest.mark.parametrize("code", NO_NIBRS)
def test_a_nibrs_code_that_is_not_forecast_is_none(code: str) -> None:
    """Fraud, simple assault, drugs, arson, rape; and what only looks like a code of ours."""
    assert by_code("nibrs", code) is None


@pytest.mark.parametrize("code", NO_UCR)
def test_a_ucr_code_that_is_not_forecast_is_none(code: str) -> None:
    """Manslaughter by negligence, rape, simple assault, Part 2; and numbers that only begin like one of ours."""
    assert by_code("ucr", code) is None


@given(st.text(max_size=12))
def test_any_text_is_a_type_of_ours_or_none(text: str) -> None:
    """No text is refused, and none gives a type that is not forecast; what is plain stays so."""
    assert by_code("nibrs", text) in (None, *CRIME_TYPES)
    assert by_code("ucr", text) in (None, *CRIME_TYPES)
    assert plain(plain(text)) == plain(text)


CODES = ["0511", "511.0", "599", "600", "05", "0510A", "459 PC", "PC 459.5", "burglary-1", "BURGLARY TOOLS, POSSESSION",
         "", "18.2-91", "abc"]  # fmt: skip


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ("starts = \"05\"", ["0511", "05", "0510A"]),
        ('starts = ["05", "burg"]', ["0511", "05", "0510A", "burglary-1"]),
        ("starts = 5", ["511.0", "599"]),
        ("between = [511, 599]", ["0511", "511.0", "599"]),
        ("between = [[1, 10], [590, 600]]", ["599", "600", "05"]),
        ('like = "*459*"', ["459 PC", "PC 459.5"]),
        ('like = ["05??", "18.2-9?"]', ["0511", "18.2-91"]),
        ("in = [511, 600]", ["511.0", "600"]),
        ("equals = 599", ["599"]),
    ],
)  # fmt: skip
def test_codes_are_taken_by_prefix_range_and_pattern(tmp_path: Path, test: str, kept: list[str]) -> None:
    """192 codes need not be written out; what may never be forecast is not taken by a wide pattern."""
    rows = [f"{place},2026-01-05 12:00,{code!r},40.01,-99.0".replace("'", '"') for place, code in enumerate(CODES)]
    rule = f'[[crime_type]]\nis = "burglary"\nwhen = [{{ column = "code", {test} }}]\n'
    found, report = imported(tmp_path, *rows, mapping=WORDS + rule)
    assert [CODES[int(place)] for place in sorted(found["event_id"], key=int)] == kept
    assert report.kept + sum(report.left_out.values()) == report.rows == len(CODES)


def test_a_denied_value_is_not_taken_by_its_beginning(tmp_path: Path) -> None:
    """Protection 2: what starts like a theft and is narcotics stays out, and is counted as never forecast."""
    rule = '[[crime_type]]\nis = "theft"\nwhen = [{ column = "code", starts = "N" }]\n'
    found, report = imported(tmp_path, "1,2026-01-05 12:00,NARCOTICS,40.01,-99.0", "2,2026-01-05 12:00,N1,40.01,-99.0",
                             mapping=WORDS + rule)  # fmt: skip
    assert list(found["event_id"]) == ["2"]
    assert report.denied == {"code": {"NARCOTICS": 1}}


def test_what_a_condition_excludes_may_be_missing(tmp_path: Path) -> None:
    """`not` keeps rows whose value is empty; every other condition leaves them out."""
    rule = (
        '[[crime_type]]\nis = "theft"\n'
        'when = [{ column = "code", starts = "T" }, { column = "status", not = ["UNFOUNDED", "9"] }]\n'
    )
    rows = [
        f"{place},2026-01-05 12:00,{code},40.01,-99.0,{status}"
        for place, (code, status) in enumerate([("T1", ""), ("T2", "unfounded"), ("T3", "9.0"), ("", ""), ("T4", "OK")])
    ]
    found, _ = imported(tmp_path, *rows, header=HEADER + ",status", mapping=WORDS + rule)
    assert sorted(found["event_id"]) == ["0", "4"]


def rules(*tests: str) -> str:
    """A burglary's and a theft's rule, each with a condition on the code."""
    return WORDS + "".join(
        f'[[crime_type]]\nis = "{kind}"\nwhen = [{{ column = "code", {test} }}]\n'
        for kind, test in zip(("burglary", "theft"), tests, strict=False)
    )


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (("starts = []",), r"crime_type #1\.when #1\.starts: must list 1 entry or more"),
        (("in = []",), r"when #1\.in: must list 1 entry or more"),
        (("between = []",), r"when #1\.between: must list 1 entry or more"),
        (('starts = ""',), r"when #1\.starts #1: is empty; give the value"),
        (('equals = "  "',), r"when #1\.equals: is empty"),
        (('like = "*"',), "would take every value; give it letters or digits"),
        (("between = [599, 511]",), "from 599 to 511 is not a range; write the lower number first"),
        (("between = [511]",), r"when #1\.between #1"),
        (('between = ["a", "b"]',), r"when #1\.between #1 #1: must be a number"),
        (('starts = "05", in = ["1"]',), "give exactly one of equals, in, starts, between, like and not"),
        (('starts = "NARCOTIC"',), "'NARCOTIC' may not be trained, as burglary"),
        (('like = "*vandalism*"',), "may not be trained"),
        (("between = [511, 599]", "between = [590, 650]"),
         r"crime_type: #2 \(theft\): 590 to 599 of 'code' belongs to #1 \(burglary\) already"),
        (("between = [511, 599]", "in = [520, 610]"), "#2 .theft.: '520' of 'code' belongs to #1"),
        (('starts = "05"', 'starts = ["06", "051"]'), "what starts with '051' of 'code' belongs to #1"),
        (('starts = "05"', 'equals = "0520"'), "'0520' of 'code' belongs to #1"),
        (('like = "5*A"', 'in = ["5XA"]'), "'5XA' of 'code' belongs to #1"),
        (('equals = "X"', 'equals = "x "'), "'X' of 'code' belongs to #1"),
    ],
)  # fmt: skip
def test_a_condition_that_is_empty_or_overlaps_is_refused(tmp_path: Path, tests: tuple[str, ...], said: str) -> None:
    """One sentence with the key, and which of two rules has the value already."""
    with pytest.raises(UserError, match=said):
        read_mapping(write_mapping(tmp_path, rules(*tests)))


@pytest.mark.parametrize(
    "tests",
    [('starts = "051"', 'starts = "05"'), ('equals = "0520"', "between = [500, 599]"), ('in = ["A"]', 'like = "A*"')],
)  # fmt: skip
def test_an_exception_stands_before_its_rule(tmp_path: Path, tests: tuple[str, ...]) -> None:
    """A narrow rule first, then the wide one: nothing is asked for in vain."""
    assert len(read_mapping(write_mapping(tmp_path, rules(*tests)))[0].crime_type) == 2
