"""What agencies call the seven crime types, in plain words. A proposal to an analyst, never a rule.

Sources: the FBI's definitions of Part 1 offences (UCR Handbook, 2004), by which a theft from a vehicle is a theft,
whatever a state calls it, an attempted murder an aggravated assault, and a negligent manslaughter or a theft of an
identity none of these. Must not look into a file.
"""

import re
from typing import Final

_VEHICLE: Final = (
    r"(?:m(?:otor|tr|\.)?[ /]*v(?:eh(?:icle)?s?|\b)\.?|veh(?:icle)?s?\b\.?|autos?\b|automobiles?|cars?\b|trucks?\b"
    r"|motorcycles?)"
)
_FROM: Final = r"(?:theft|larceny|stolen|steal\w*|burg\w*|break\w*|b ?[&/] ?e)\W+(?:\w+\W+)?(?:from|f/|fr\b|out of)"
_ASSAULT: Final = r"\b(?:assault|aslt|asslt|battery|batt)\b"
_NOT: Final = re.compile(
    r"\b(?:negligent|vehicular|justifi\w+|excus\w+|accident\w*|recover\w*|receiv\w*|possess\w*|identity|fraud\w*"
    r"|embezzle\w*|unfounded|deception|false pretens\w*|of services?|counterfeit\w*|forge\w*|lost|found|threat\w*"
    r"|intimidat\w*|simple|sex\w*|rapes?|sodomy|kidnap\w*|arson|trespass\w*|alarms?|(?:burg|rob)\w* tools?"
    r"|information)\b|(?<!other )\bcheck\b|bad checks|non[ -]?agg",
    re.IGNORECASE,
)
_BUT: Final = re.compile(r"non[ -]?negl\w*", re.IGNORECASE)
"""What makes a word of `_NOT` none: murder and non-negligent manslaughter."""
_ATTEMPT: Final = re.compile(r"\batt(?:empt\w*\b|\b\.?)\W*", re.IGNORECASE)

_RULES: Final = tuple(
    (crime_type, re.compile("|".join(patterns), re.IGNORECASE))
    for crime_type, *patterns in (
        ("aggravated_assault", r"\batt(?:empt\w*|\b\.?)[ -]*(?:to )?(?:murder|homicide|kill)",
         r"(?:murder|homicide)\W+attempt"),
        ("homicide", r"homicide|murder|non[ -]?negl\w*|\bmanslaughter\b"),
        ("gunfire", r"shots? fired|shotspotter|gun ?shots?\b", r"discharg\w* (?:of )?(?:a )?(?:firearm|gun|weapon)",
         r"(?:firearm|gun|weapon)s?\W+(?:\w+ )?discharg"),
        ("robbery", r"robber|\brob\b|car ?jack|hold[ -]?up|mugging"),
        ("theft", rf"{_FROM}\W*(?:a )?{_VEHICLE}", r"(?:theft|larceny)\W*\(?(?:from|f/)",
         rf"burg\w*\W+(?:of )?(?:a )?{_VEHICLE}", rf"{_VEHICLE}\W+(?:burg|break|prowl)",
         rf"{_VEHICLE}\W*(?:parts|accessor)", rf"(?:parts|accessor\w+)\b.*{_VEHICLE}"),
        ("motor_vehicle_theft", rf"{_VEHICLE}\W+(?:theft|stolen|larceny)|\bgta\b|\buumv\b|\bmvt\b",
         rf"(?:theft|larceny|stolen|stealing)\W+(?:of )?(?:an? )?{_VEHICLE}",
         rf"unauthori[sz]ed use of (?:a )?{_VEHICLE}"),
        ("burglary", r"burgl?ar|\bburg\b|break\w*\W+(?:and|&|or)\W+ent\w*", r"\bb ?& ?e\b|break[ -]?in\b",
         r"unlawful entry|home invasion"),
        ("aggravated_assault", r"\bagg\w*\.?\W+(?:\w+\W+)?(?:assault|aslt|asslt|battery|batt)\b",
         rf"{_ASSAULT}.*(?:\bagg|deadly|dangerous|weapon|firearm|\bgun\b|knife|felon|great bodily|\bkill\b|\b1st\b)",
         rf"{_ASSAULT}.*(?:first degree|serious (?:bodily )?injury)", r"felon\w*\W+assault|\badw\b|malicious wounding",
         r"non[ -]?fatal shooting|^shooting$|stabbing"),
        ("theft", r"theft|larceny|shop ?lift|pick[ -]?pocket|purse[ -]?snatch|steal|\bstolen\b"),
    )
)  # fmt: skip
"""Crime type and words, the first that fits counts."""


def proposed(value: str) -> str | None:
    """The crime type that an offence's name seems to mean; None where it seems to mean none of the seven."""
    if _NOT.search(_BUT.sub("", value)):
        return None
    done = _ATTEMPT.sub("", value)  # an attempt counts as the offence (UCR Handbook), but for murder, the first rule
    return next((kind for kind, words in _RULES if words.search(value) or words.search(done)), None)
