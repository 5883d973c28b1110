"""Which columns speak of a person: whatever names one is refused (protection 1: places, never people).

Judged by the words of the column's name, in any case and however they are joined. Some words are a person's in one
company and a place's in another: a license plate, a licensed premise; a home address, the address of a block. Must not
look into a file.
"""

import re
from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(rows: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {word: company for words, company in rows.items() for word in words.split()}


_ALWAYS: Final = _words("""
    alias aliases arrest arrested arrestee arrestees arrests badge birth birthdate birthday caller callers
    citizenship complainant complainants defendant defendants descent disability dob driver drivers education email
    emails employer employment ethnic ethnicity eye eyes facebook female fingerprint fingerprints forename gang
    gender guardian hair handle hispanic immigration incarcerated income informant inmate inmates instagram juvenile
    juveniles male marital moniker mugshot nationality nickname occupant occupants occupation offender offenders
    orientation owner owners parole parolee perp perpetrator perpetrators perps phone plate plates prisoner
    probation profile religion reporter resident residents salary skin snapchat social sos spouse ssn subject
    subjects surname surnames susp suspect suspects tattoo tattoos telephone tenant tenants twitter username vic
    vics vict victim victims vin wealth witness witnesses
""")
_INSIDE: Final = re.compile(
    r"agegroup|agerange|arrest(?!aur)|birthdate|complainant|defendant|dobday|dobmonth|dobyear|ethnic|firstname"
    r"|fullname|gender|hispanic|lastname|maidenname|middlename|nationality|offage|offender|offrace|offsex|parole"
    r"|perpetrator|personid|personname|probation|racecode|racedesc|religion|socialmedia|socialsecurity|surname"
    r"|suspage|suspect|susprace|suspsex|telephone|vicage|vicrace|vicsex|victim|witness|homeaddr"
    r"|^(?:vic|susp|perp|compl?|owner|driver|officer|emp(?:loyee)?)(?:name|dob|age|sex|race|addr(?:ess)?)$"
)
"""Found in a word whose parts run together."""

_THINGS: Final = _words("""
    agency area beat category charge city class code council county crime day department division district event
    file incident iucr layer line method month neighborhood neighbourhood nibrs offence offense precinct region
    sector service shift state station status stop type ucr unit ward weapon weekday zone address apartment avenue
    bar block borough bridge building business campus club college community complex corner development
    establishment facility highway hospital hotel house intersection landmark location locality lot mall market
    motel municipality park parking parish place plaza premise premises property restaurant road route school shop
    site store street subdivision suburb tavern town townland university venue village
""")
"""What has a name and is no person: ``OFFENSE_NAME`` is a crime type's, ``Location Name`` a place's."""
_CRIMES: Final = _words("against crime crimes offence offences offense offenses")
_BUILT: Final = _words("bridge building ceiling dwelling fence floor house housing structure vehicle wall weapon")

_UNLESS: Final = _table(
    {
        "name names": _THINGS,
        "license licenses licence licences": _words("alcohol bar business establishment liquor premise premises venue"),
        "height weight": _BUILT,
        "age ages": _BUILT,
        "race races": _words("course track tracks way"),
        "sex sexes": _CRIMES,
        "person persons": _CRIMES,
        "student students patient patients": _words("center centre clinic hall housing union"),
        "detective detectives investigator officer officers": _words(
            "activity assist flag generated initiated involved observed view"
        ),
        "party parties": _words("house loud store"),
    }
)
"""A person's, but with one of these words: ``Race Track``, ``Sex Offense``, ``Crimes Against Persons``."""

_STAFF: Final = (
    "captain chief clerk commander deputy detective dispatcher employee investigator lieutenant officer"
    " officers operator ranger sergeant supervisor trooper"
)
_WHO: Final = _words("age first id initials last name names no num number race rank serial sex")
_WITH: Final = _table(
    {
        "person persons": _WHO,
        "address addresses addr": _words(
            "billing contact home mail mailing office party personal private residence residential work"
        ),
        "school schools": _words("attended completed grade highest level years"),
        _STAFF: _WHO,
    }
)
"""A place's or an office's, but a person's with one of these words: ``Home Address``, ``Officer Name``."""

_PIECES: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SYLLABLE: Final = 3


def person_word(column: str) -> str | None:
    """The word by which a column's name speaks of a person; None where none does."""
    words: list[str] = [word.lower() for word in _PIECES.findall(column)]
    for word in words:
        if word in _ALWAYS or (word in _UNLESS and _UNLESS[word].isdisjoint(words)):
            return word
        if word in _WITH and not _WITH[word].isdisjoint(words):
            return word
    return next((found[0] for word in _runs(column, words) if (found := _INSIDE.search(word))), None)


def _runs(column: str, words: list[str]) -> list[str]:
    """The words, and what lies between signs as one word where its capitals part it oddly (``vIcTiM``)."""
    runs = re.findall(r"[A-Za-z]+", column)
    return [*words, *(run.lower() for run in runs if min(map(len, _PIECES.findall(run))) < _SYLLABLE)]
