"""Names that topics, files, addresses, certificates and screens can hold, and those that are refused where written."""

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from edge.contract.fields import UnitName
from edge.contract.signed_kinds import PLAN
from edge.contract.topics import Topics
from edge.text.names import area_name, beat_name, label, not_reserved, twins

REFUSED: Final = {
    "District #5": "contains '#'",
    "A+B": r"contains '\+'",
    "#": "contains '#'",
    "North/South": "contains '/'",
    "..": "begin with a letter or digit",
    ".hidden": "begin with a letter or digit",
    "../../etc": "contains '/'",
    "$SYS": r"contains '\$'",
    "a\0b": "contains the character",
    "a\tb": "contains the character",
    "a\nb": "contains the character",
    "a\u200bb": "contains the character ZERO WIDTH SPACE",
    "a\u202eb": "contains the character RIGHT-TO-LEFT OVERRIDE",
    "a\ud800b": "contains the character",
    "a\ufffeb": "contains the character",
    "C:": "contains ':'",
    "what?": r"contains '\?'",
    "back\\slash": "contains",
    "CON": "Windows",
    "nul.old": "Windows",
    "com1": "Windows",
    "North.": "Windows",
    "=1+1": "contains '='",
    "-5": "begin with a letter or digit",
    "": "begin with a letter or digit",
    " ": "begin with a letter or digit",
    "x" * 64: "longer than 63",
    "署" * 60: "longer than 63 characters or 120 bytes",
    "<b>": "contains '<'",
    "％23": "contains the character",
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_area_name_that_something_cannot_hold_is_refused_with_its_fault(name: str) -> None:
    """Wildcards, separators, what is not seen, what Windows reserves, what is too long: each by its own fault."""
    with pytest.raises(ValueError, match=REFUSED[name]) as refused:
        area_name(name)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "name", ["1", "01", "District 5", "St. Mary's", "North-West (2)", "Côte des Neiges", "A & B", "城北", "x" * 63]
)
def test_an_area_name_as_agencies_have_them_is_accepted_unchanged(name: str) -> None:
    """Letters of any script, digits, and the marks that stand in American districts' names."""
    assert area_name(name) == name


def test_an_area_name_is_one_however_it_was_typed() -> None:
    """An é of two characters, as Macs store it, is the é of one; spaces around it are not part of a name."""
    assert area_name("Cote\u0301 ") == area_name("Coté") == "Coté"


@given(st.text(max_size=70))
def test_what_is_accepted_fits_topic_slot_and_file(text: str) -> None:
    """Whatever anybody writes: an accepted name is one level of a topic, comes back from a slot, and names a file."""
    try:
        name = area_name(text)
    except ValueError:
        return
    topic = PLAN.topic_at(Topics("town"), {"district": name, "shift": "2026-11-22/night"})
    assert topic.split("/")[5:] == [name, "2026-11-22", "night"]
    assert not set(topic) & set("+#\0$")
    assert PLAN.values_of(f"2026-11-22/night {name}") == {"shift": "2026-11-22/night", "district": name}
    assert Path(f"/x/plan-{name}.toml").name == f"plan-{name}.toml"
    assert len(f"plan-{name}.toml".encode()) < 255
    assert area_name(name) == name


def test_twins_are_names_that_only_case_or_form_tells_apart() -> None:
    """They would be one file on a USB stick, and one district on the radio."""
    assert twins(["North", "South", "north"]) == ("North", "north")
    assert twins(["Straße", "STRASSE"]) is not None
    assert twins(["A1", "A\uff11"]) is not None
    assert twins(["North", "North", "South"]) is None


def test_a_label_has_only_what_is_seen() -> None:
    """A no-break space of a spreadsheet is a space; a character without a shape is refused, as it could hide a word."""
    assert label("\u00a0Foot\u00a0patrol ") == "Foot patrol"
    for hidden in ("ar\u200brest", "line\nline", "a\x1b[31m", "a\u2028b"):
        with pytest.raises(ValueError, match="is invisible"):
            label(hidden)


def test_a_beats_name_may_have_more_than_a_districts() -> None:
    """It stands in no topic or file name; but it begins with a letter or digit, and is short enough for the map."""
    assert beat_name("7/A #2") == "7/A #2"
    for name in ("=cmd", "", "b" * 64, "@x"):
        with pytest.raises(ValueError, match=re.escape("must begin with a letter or digit")):
            beat_name(name)


def test_a_short_name_is_none_that_windows_reserves() -> None:
    """Whatever follows the full stop."""
    for name in ("aux", "LPT9.txt", "con"):
        with pytest.raises(ValueError, match="Windows"):
            not_reserved(name)
    assert not_reserved("console") == "console"


@pytest.mark.parametrize(
    "name", ["publisher", "Console", "receiver-1", "receiver-x", "con", "car-1.", "-car", "a b", "x" * 64]
)
def test_a_vehicle_has_no_name_of_headquarters_and_none_that_a_certificate_cannot_hold(name: str) -> None:
    """The broker's access list goes by names: a car called ``receiver-1`` would be given what is headquarters'."""
    with pytest.raises(ValidationError):
        TypeAdapter(UnitName).validate_python(name)
    assert TypeAdapter(UnitName).validate_python("car-1.north") == "car-1.north"
