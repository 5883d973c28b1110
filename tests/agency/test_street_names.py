"""Street names as an officer says them, of what map files really have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.agency.street_names import short_names, street_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("North Main Street", "N Main St"),
        ("N. Main St.", "N Main St"),
        ("N MAIN ST", "N Main St"),
        ("4TH AVE", "4th Ave"),
        ("MLK BLVD", "MLK Blvd"),
        ("M Street Northwest", "M St NW"),
        ("Park Avenue South", "Park Ave S"),
        ("North Avenue", "North Ave"),
        ("West Street", "West St"),
        ("Avenue A", "Avenue A"),
        ("Broadway", "Broadway"),
        ("  Saint   Paul\tPlace ", "Saint Paul Pl"),
        ("O'Donnell Street", "O'Donnell St"),
        ("Rue de l’Église", "Rue de l’Église"),
        (4, "4"),
        (4.0, "4"),
    ],
)
def test_a_name_is_abbreviated(written: object, name: str) -> None:
    """Types and directions as the postal service has them; capitals as one writes; the name itself stays."""
    assert street_name(written) == name


@pytest.mark.parametrize("written", [None, float("nan"), "", "  ", "---", True, "a\u202eb", "x" * 90, ["Main"]])
def test_what_is_no_name_is_none(written: object) -> None:
    """Nothing, a number that is none, what nobody can see, and what no screen can hold."""
    assert street_name(written) is None


def test_a_type_is_said_only_where_it_is_needed() -> None:
    """Main is one street, in both directions; Park Avenue and Park Place are two; so are a bare Hill and Hill Road."""
    names = ["N Main St", "S Main St", "Park Ave", "Park Pl", "E 14th St", "W 14th St", "Hill", "Hill Rd", "M St NW"]
    assert list(short_names(names).values()) == [
        "Main", "Main", "Park Ave", "Park Pl", "14th", "14th", "Hill", "Hill Rd", "M St NW",
    ]  # fmt: skip


@given(st.text(max_size=70))
def test_any_text_gives_a_name_or_none(text: str) -> None:
    """A name has its short form, which is neither empty nor longer; what is abbreviated stays as it is."""
    name = street_name(text)
    if name is not None:
        short = short_names([name])[name]
        assert 0 < len(short) <= len(name)
        assert street_name(name) is not None
