"""Protection 1 for places and the census: a column, property or tag that speaks of persons is refused by its name.

The words of `edge.text.person_words`, and what a census knows of people besides. Must not look
into a file.
"""

import re
from typing import Final

from edge.errors import UserError
from edge.text.person_words import person_word

_CENSUS: Final = re.compile(
    r"(?<![a-z])(racial|white|black|asian|hispanic|latino|ancestry|language|poverty|earnings|benefits?|attainment|faith"
    r"|denomination|cuisine|attendees?|organi[sz]er|contact|guests?)(?![a-z])"
)
_OF_PLACES: Final = re.compile(r"(?<![a-z])(schools?|licen[cs]es?)(?![a-z])")
"""In an export of crimes a person's; here a kind of place."""

PERSON_TABLES: Final = {
    "01": "age and sex",
    "02": "race",
    "03": "ethnicity",
    "04": "ancestry",
    "05": "citizenship",
    "06": "place of birth",
    "15": "education",
    "16": "language",
    "17": "poverty",
    "19": "income",
    "20": "earnings",
    "27": "health insurance",
}
"""Tables of the American Community Survey about people, by the first two digits of their number (B and C alike); a
letter after the number means the householder's race."""


def refused(name: str) -> str | None:
    """Why nothing of this name may be read: one clause; None where nothing speaks against it."""
    if table := re.match(r"[BC](\d\d)\d{3}([A-I]?)", name.upper()):
        about = "race" if table[2] else PERSON_TABLES.get(table[1])
        return f"{name!r} is census data on {about}; only places are used, never people" if about else None
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
    found = _CENSUS.search(words)
    word = found[1] if found else person_word(_OF_PLACES.sub(" ", words))
    return f"{name!r} is about people ({word}); only places are used, so remove it" if word else None


def refuse_person_data(name: str) -> None:
    """Raise UserError where a column, property or tag of this name speaks of persons."""
    if why := refused(name):
        raise UserError(why)
