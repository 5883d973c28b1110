"""A mapping file: what it may name, and how it is refused."""

from pathlib import Path

import pytest

from edge.errors import UserError
from edge.text.person_words import person_word
from models.ingest.codes import denied_word
from models.ingest.mapping import read_mapping, shipped
from tests.models.town_export import MAPPING, write_mapping


@pytest.mark.parametrize(
    "column",
    """race RACE VIC_RACE RACECODE SUSPRACE VICAGE PERSONID DOBYEAR HISPANIC GANG victimRace
    suspect_race SUSP_AGE_GROUP Vict_Age VictSex VICTIM_SEX offenderName arresteeAge
    Suspect perpetrator DOB date_of_birth birthDate SSN Phone phone_number income EDUCATION parole_status person_id
    HomeAddress victim_address LastName firstname GENDER ethnicity Arrest Vict_Descent complainant_name agegroup
    suspectrace SocialMedia license_plate""".split(),  # noqa: SIM905 - words, not a list of them
)
def test_a_column_about_persons_is_refused_by_name(tmp_path: Path, column: str) -> None:
    """Protection 1: however the name is written, the mapping that names it is refused with its key and its name."""
    path = write_mapping(tmp_path, MAPPING.replace('column = "code"', f'column = "{column}"'))
    with pytest.raises(UserError, match=rf"codes\.column: the column '{column}' is about people"):
        read_mapping(path)


@pytest.mark.parametrize(
    "column",
    ["Date", "Primary Type", "OFFENSE_NAME", "Crime Name1", "AREA NAME", "Latitude", "average", "Page", "LAW_CAT_CD",
     "UCR_GENERAL", "offense", "CMPLNT_NUM", "Case Number", "Beat", "Method", "PREMISE", "initiated_by", "storage"],
)  # fmt: skip
def test_a_column_about_places_and_times_may_be_named(column: str) -> None:
    """What happened, when and where is not about persons, though a word of it looks like one."""
    assert person_word(column) is None


@pytest.mark.parametrize(
    "crime_type", ["narcotics", "vandalism", "prostitution", "traffic", "weapons", "rape", "arson"]
)
def test_a_crime_type_that_is_not_forecast_is_refused_by_name(tmp_path: Path, crime_type: str) -> None:
    """Protection 2: a mapping can't bring in a type that is not one of the seven."""
    rule = f'[[crime_type]]\nis = "{crime_type}"\nwhen = [{{ column = "kind", equals = "X" }}]\n'
    with pytest.raises(UserError, match=rf"crime_type #1\.is: '{crime_type}' is not an allowed crime type"):
        read_mapping(write_mapping(tmp_path, MAPPING + rule))


@pytest.mark.parametrize("value", ["Narcotics", "DANGEROUS DRUGS", "PROSTITUTION", "Criminal Damage", "TRESPASS",
                                   "Vandalism", "WEAPONS VIOLATION", "Simple Assault", "TRAFFIC STOP",
                                   "Dangerous Weapons", "Possession of Marijuana", "DUI"])  # fmt: skip
def test_a_denied_type_under_an_allowed_name_is_refused(tmp_path: Path, value: str) -> None:
    """Protection 2: narcotics don't become theft by a mapping's word."""
    rule = f'[[crime_type]]\nis = "theft"\nwhen = [{{ column = "kind", equals = "{value}" }}]\n'
    with pytest.raises(UserError, match=f"{value.upper()}' may not be trained"):
        read_mapping(write_mapping(tmp_path, MAPPING + rule))


@pytest.mark.parametrize(
    "value",
    ["ASSAULT WITH DEADLY WEAPON, AGGRAVATED ASSAULT", "THEFT FROM MOTOR VEHICLE", "ROBBERY OF A DRUG STORE", "HOLD-UP",
     "BURGLARY - FORCED ENTRY", "GRAND LARCENY OF MOTOR VEHICLE", "RECKLESS FIREARM DISCHARGE", "SHOPLIFTING",
     "ASSAULT W/DANGEROUS WEAPON"],
)  # fmt: skip
def test_what_cities_call_the_seven_types_is_not_denied(value: str) -> None:
    """A word that only sounds like a denied type is none."""
    assert denied_word(value) is None


def test_a_type_of_all_that_something_is_not_is_refused(tmp_path: Path) -> None:
    """A rule that only excludes would take in every denied type that nobody thought of."""
    rule = '[[crime_type]]\nis = "theft"\nwhen = [{ column = "kind", not = "ROBBERY" }]\n'
    with pytest.raises(UserError, match="say what a theft row has"):
        read_mapping(write_mapping(tmp_path, MAPPING + rule))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("America/Chicago", "Chicago", "zone: 'Chicago' is not an IANA time zone"),
        ('lat = "lat"\n', "", "place: give lat and lon"),
        ('lat = "lat"\nlon = "lon"', 'x = "x"\ny = "y"', "place: give lat and lon"),
        ('lat = "lat"\nlon = "lon"', 'x = "x"\ny = "y"\nepsg = 99999', "not an EPSG code"),
        ('lat = "lat"\nlon = "lon"', 'x = "x"\ny = "y"\nepsg = 4269', "is not projected"),
        ('"lon"\n', '"lon"\nbounds = [1.0, 2.0, 0.0, 3.0]\n', "bounds: west, south, east, north"),
        ('[codes]\ncolumn = "code"\ntable = "nibrs"\n', "", "say how to get a row's crime type"),
        ('table = "nibrs"', 'table = "mine"', "codes.table"),
        ('name = "town"', 'name = "town"\nkind = "gunfire"', "are for incidents"),
        ('name = "town"', 'name = "town"\nrace = "RACE"', "race"),
        ('event_id = "id"\n', "", "event_id"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each mistake in a mapping is one sentence that names the key."""
    assert old in MAPPING
    with pytest.raises(UserError, match=said):
        read_mapping(write_mapping(tmp_path, MAPPING.replace(old, new)))


def test_a_shipped_mapping_is_found_by_its_name() -> None:
    """Every mapping that comes with Roundsman is one that it accepts."""
    assert {"chicago-portal", "chicago-parquet", "dc-shotspotter"} <= set(shipped())
    for name in shipped():
        read_mapping(Path(name))
    with pytest.raises(UserError, match="dc-shotspotter"):
        read_mapping(Path("nowhere"))


def test_only_named_columns_are_on_the_list(tmp_path: Path) -> None:
    """The allow-list is what the mapping names, each once."""
    mapping, _ = read_mapping(write_mapping(tmp_path))
    assert mapping.columns == ("id", "when", "code", "lat", "lon")
