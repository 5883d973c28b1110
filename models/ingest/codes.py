"""The FBI's own codes of offences, and what may never be forecast, whatever an export calls it (protection 2).

Sources: NIBRS User Manual, offence codes of group A; UCR Summary Reporting (Return A) with its sub-codes, as exports
write them (``3``, ``03``, ``300``). Rape, arson and the manslaughters by negligence are not forecast: their rows are
reported as unmapped. Must not look into a file.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

CodeTable: TypeAlias = Literal["nibrs", "ucr"]

_NIBRS: Final = {
    "homicide": "09A",
    "aggravated_assault": "13A",
    "robbery": "120",
    "burglary": "220",
    "motor_vehicle_theft": "240",
    "theft": "23A 23B 23C 23D 23E 23F 23G 23H",
}
_UCR: Final = {
    "homicide": "1 01 1A 01A 100",
    "aggravated_assault": "4 04 4A 4B 4C 4D 04A 04B 04C 04D 400",
    "robbery": "3 03 3A 3B 3C 3D 03A 03B 03C 03D 300",
    "burglary": "5 05 5A 5B 5C 05A 05B 05C 500",
    "motor_vehicle_theft": "7 07 7A 7B 7C 07A 07B 07C 700",
    "theft": "6 06 600",
}


def _by_code(table: Mapping[str, str]) -> dict[str, str]:
    return {code: crime_type for crime_type, codes in table.items() for code in codes.split()}


TABLES: Final[Mapping[CodeTable, Mapping[str, str]]] = {"nibrs": _by_code(_NIBRS), "ucr": _by_code(_UCR)}
"""Table: code to crime type. Codes that are not listed are not forecast."""

_DENIED: Final = re.compile(
    r"\b(narcotic|controlled substance|marijuana|cannabis|heroin|cocaine"
    r"|drugs?[ /-]+(narcotic|equip|viol|law|offen|abuse|poss|sale)|drugs?$"
    r"|prostitut|vandal|graffiti|criminal (damage|mischief|trespass)|trespass"
    r"|traffic|dui\b|dwi\b|driving under|under the influence|liquor law|public (peace|intox|drunk)|drunk"
    r"|gambling|loiter|vagran|curfew|disorderly|nuisance|panhandl|fare evasion"
    r"|weapons?[ /-]+(law )?(viol|offen|poss|stop)|^weapons?$|concealed carry|possess(ion|ing)\b"
    r"|carry\w*[\w /-]*weapon|^(poss\w*[ /-]+)?(a )?dangerous weapons?$"
    r"|simple (assault|battery)|stop and frisk|field (contact|interview|stop)|warrant)",
    re.IGNORECASE,
)


def denied_word(value: str) -> str | None:
    """The words by which a value speaks of a nuisance or enforcement-driven type; None where none does."""
    found = _DENIED.search(value)
    return None if found is None else found.group(0)
