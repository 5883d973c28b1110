"""What agencies call the seven types, and what only sounds like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.policy import CRIME_TYPES
from models.look.type_words import proposed

CALLED = {
    "homicide": ["HOMICIDE", "MURDER", "Homicide - Criminal", "MURDER & NON-NEGL. MANSLAUGHTER"],
    "robbery": [
        "ROBBERY",
        "Robbery No Firearm",
        "CARJACKING",
        "HOLD-UP",
        "ATTEMPTED ROBBERY",
        "ATT. ROBBERY",
        "ROBBERY OF A DRUG STORE",
        "ROBBERY - SERVICE STATION",
    ],
    "burglary": [
        "BURGLARY",
        "BURGLARY - FORCED ENTRY",
        "BURGLARY/BREAKING & ENTERING",
        "B&E",
        "Breaking and Entering",
        "Home Invasion",
    ],
    "motor_vehicle_theft": [
        "MOTOR VEHICLE THEFT",
        "AUTO THEFT",
        "VEHICLE - STOLEN",
        "GRAND LARCENY OF MOTOR VEHICLE",
        "THEFT OF MOTOR VEHICLE",
        "Stolen Vehicle",
        "GRAND THEFT AUTO",
        "Unauthorized Use of Motor Vehicle",
        "LARCENY OF VEHICLE",
        "VEHICLE - ATTEMPT STOLEN",
        "Motor Vehicle Theft Attempt",
    ],
    "theft": [
        "THEFT",
        "PETIT LARCENY",
        "THEFT F/AUTO",
        "THEFT/OTHER",
        "THEFT FROM AUTO",
        "LARCENY FROM MOTOR VEHICLE",
        "BURGLARY FROM VEHICLE",
        "BURGLARY OF VEHICLE",
        "BIKE - STOLEN",
        "SHOPLIFTING",
        "Larceny Theft",
        "Theft of Motor Vehicle Parts or Accessories",
        "Purse-Snatching",
        "Vehicle Break-In",
        "THEFT FROM MOTOR VEHICLE - ATTEMPT",
        "Theft of Tools",
    ],
    "aggravated_assault": [
        "AGG ASSAULT",
        "FELONY ASSAULT",
        "ASSAULT WITH DEADLY WEAPON, AGGRAVATED ASSAULT",
        "ASSAULT W/DANGEROUS WEAPON",
        "AGGRAVATED BATTERY",
        "ADW",
        "ATTEMPTED MURDER",
        "ATT HOMICIDE",
        "ASSAULT - AGGRAVATED",
        "SHOOTING",
    ],
    "gunfire": ["SHOTS FIRED", "RECKLESS FIREARM DISCHARGE", "DISCHARGE OF FIREARM"],
}
OTHERS = [
    "SIMPLE ASSAULT",
    "ASSAULT",
    "BATTERY",
    "VANDALISM",
    "IDENTITY THEFT",
    "FRAUD",
    "Recovered Stolen Motor Vehicle",
    "STOLEN PROPERTY RECEIVING",
    "RAPE",
    "AGGRAVATED SEXUAL ASSAULT",
    "NEGLIGENT MANSLAUGHTER",
    "TRESPASS",
    "ARSON",
    "POSSESSION OF BURGLARY TOOLS",
    "LOST PROPERTY",
    "THEFT OF SERVICES",
    "EMBEZZLEMENT",
    "KIDNAPPING",
    "Burglar Alarm",
    "DECEPTIVE PRACTICE",
]


@pytest.mark.parametrize(
    ("crime_type", "value"), [(kind, value) for kind, values in CALLED.items() for value in values]
)
def test_what_a_type_is_called_is_known(crime_type: str, value: str) -> None:
    """In words of several states: a theft from a vehicle is a theft, whatever it is called."""
    assert proposed(value) == crime_type
    assert proposed(value.lower()) == crime_type


@pytest.mark.parametrize("value", OTHERS)
def test_what_is_none_of_the_seven_is_left_to_the_analyst(value: str) -> None:
    """Simple assaults, frauds, found vehicles, alarms."""
    assert proposed(value) is None


@given(st.text(max_size=40))
def test_any_text_is_a_type_or_none(text: str) -> None:
    """No text makes it fail."""
    assert proposed(text) in (None, *CRIME_TYPES)
