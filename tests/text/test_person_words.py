"""Column names as agencies write them: which speak of a person, and which of a place, a time or an offence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.text.person_words import person_word

PERSONS = (
    """
VICTIM NAME|Victim Address|SUSPECT ADDRESS|OFFICER NAME|Officer ID|OFFICER_BADGE_NO|HOME ADDRESS|home_addr|HomeAddress
Mailing Address|Email Address|Residence Address|Work Address|Reporting Officer|Assigned Detective|OFFICER
Mugshot|Sexual Orientation|Reporting Party Address|Reporting Person|REPORTING_PARTY
Name|NAME|Full Name|First Name|LAST_NAME|LastName|firstname|Middle Name|Surname|Nickname|Alias|Street Gang Name
Owner|Property Owner|Business Owner Name|Vehicle Owner Address|OWNERNAME|Driver|Driver License|License Plate
License No|Licence Number|Plate|PLATE_STATE|VIN|SSN|Social Security|DOB|Date of Birth|birthDate|Age|AGE_GROUP
Vict Age|Victim Sex|Vict Descent|SEX|Sex|Race|VIC_RACE|RACECODE|SUSPRACE|Officer Race|Ethnicity|Gender|Hispanic
Height|Weight|Hair Color|Eye Color|Skin Tone|Complainant|COMPLAINANT_NAME|Defendant|Arrest|Arrest Date|Arrestee Age
ARREST_FLAG|Person ID|PersonName|Persons Involved|OFFENSE_PERSON_NAME|Crime Person Age|Suspect|SUSP_AGE_GROUP|Vic
Offender|Sex Offender|Perpetrator|Witness Phone|Phone|Phone Number|Caller|Caller Location|Tenant|Resident|Occupation
Employer|Student Name|School Attended|Highest School Grade|Probation Officer|Parole Status|Gang Affiliation
Badge|Badge Number|Beat Officer Name|District Commander Name|Detective Name|Agency Employee ID|Dispatcher Initials
Handle|Profile|Subject|Subject Weight|Victim of Race Track Robbery|School Victim|Juvenile|Income|Education
vIcTiM|DOByear|VICNAME|officername|Complainant Premise Name
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

PLACES = (
    """
Address|ADDRESS|addr|Block Address|Incident Address|Full Address|Report Address|Street Address|HUNDRED_BLOCK
Street Name|STREET_NAME|Street Full Name|Road Name|Location|LOCATION_NAME|Location Name|Location Description
Place Name|Business Name|Store Name|Bar Name|Hotel Name|School|School Name|School District|SCHOOL_ZONE|Park Name
License Premise|Liquor License|Licensed Premises|Business License Type|Premise|PREMISE_NAME|Premise Description
Premises Name|Building Name|Facility Name|Site Name|Station Name|Stop Name|Apartment Name|Complex Name|Subdivision Name
Landmark Name|Intersection Name|Neighborhood Name|AREA NAME|Area Name|City Name|County Name|Ward Name|Zone Name
Community Area Name|Village Name|Borough Name|Municipality Name|Hospital Name|Agency Name|Agency|Unit Name|Beat Name
District Name|Precinct Name|Sector Name|Division Name|Reporting District|Reporting Area|Reporting Agency|Beat
Race Track|Racetrack|RACE_COURSE|Bar Restaurant|BAR_RESTAURANT|BarRestaurant|Party Store|Student Housing|Residence
Residential|Residence Type|House Number|Building Height|Fence Height|Weapon Height|Weapon Name|Building Age
Offense|OFFENSE_NAME|Crime Name1|Crime Type Name|Charge Name|Class Name|Person Crime|Crimes Against Persons
CRIME_AGAINST|Offense Against Person|Sex Offense|Sex Crimes|NIBRS Code Name|UCR_GENERAL|IUCR|LAW_CAT_CD|Method
Date|Month Name|Day Name|Weekday Name|Shift Name|Report Number|Case Number|CMPLNT_NUM|Latitude|average|Page|storage
Officer Involved|OFFICER_INITIATED_FLAG
Officer Initiated|officer_initiated|initiated_by|Call Source|Status Name|Off Agency|OFF_AGENCY|Service Agency|Weapon
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("column", PERSONS)
def test_a_column_about_persons_is_known_by_its_name(column: str) -> None:
    """Protection 1: whoever is named, and whatever is said of them."""
    assert person_word(column) is not None


@pytest.mark.parametrize("column", PLACES)
def test_a_column_about_places_times_and_offences_may_be_read(column: str) -> None:
    """A street has a name, a premise a license and a block an address; none of them is a person's."""
    assert person_word(column) is None


@given(st.sampled_from(PERSONS), st.sampled_from(" _-./"), st.booleans())
def test_a_persons_column_is_known_however_its_words_are_joined(column: str, sign: str, upper: bool) -> None:
    """Signs between words and capitals change no verdict."""
    written = column.replace(" ", sign)
    assert person_word(written.upper() if upper and " " in column else written) is not None


@given(st.sampled_from(["Victim", "Suspect", "Offender", "Arrestee", "Owner", "Driver"]), st.sampled_from(PLACES))
def test_a_person_beside_a_place_stays_a_person(person: str, place: str) -> None:
    """No word of a place makes up for one of a person."""
    assert person_word(f"{person} {place}") is not None
    assert person_word(f"{place}_{person.upper()}") is not None
