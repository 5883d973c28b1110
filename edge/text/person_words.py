"""Which columns speak of a person: whatever names one is refused (protection 1: places, never people).

Judged by the words of the column's name, in any case and however they are joined. Must not look into a file.
"""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS: Final = _words("""
    address addr age ages arrest arrests arrested arrestee birth birthday birthdate citizenship complainant
    defendant descent disability dob driver education email employer employment ethnic ethnicity eye eyes facebook
    female forename gang gender hair handle height hispanic immigration incarcerated income instagram juvenile
    license licence male marital name names nationality occupation offender offenders owner parole parolee perp
    perpetrator perps person persons phone plate prisoner probation profile race races religion reporter resident
    salary school sex sexes skin snapchat social sos ssn subject surname surnames susp suspect suspects telephone
    twitter username vic vict victim victims vin wealth weight witness witnesses
""")
_INSIDE: Final = _words(
    "agegroup agerange arrest birthdate complainant defendant dobday dobmonth dobyear ethnic firstname fullname"
    " gender hispanic lastname maidenname middlename nationality offage offender offrace offsex parole perpetrator"
    " personid personname probation racecode racedesc religion socialmedia socialsecurity surname suspage suspect"
    " susprace suspsex telephone vicage vicrace vicsex victim witness"
)
"""Found in a name however its words run together."""
_NAMED_THINGS: Final = _words(
    "agency area beat category charge city class code county crime district event incident iucr neighborhood"
    " neighbourhood nibrs offence offense precinct sector state type ucr zone"
)
"""What has a name and is no person: ``OFFENSE_NAME`` is a crime type's."""
_PIECES: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def person_word(column: str) -> str | None:
    """The word by which a column's name speaks of a person; None where none does."""
    words: list[str] = [word.lower() for word in _PIECES.findall(column)]
    joined = "".join(words)
    for word in words:
        if word in ("name", "names") and not _NAMED_THINGS.isdisjoint(words):
            continue
        if word in _WORDS:
            return word
    return next((part for part in _INSIDE if part in joined), None)
