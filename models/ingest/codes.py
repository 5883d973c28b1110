"""The FBI's own codes of offences, and what may never be forecast, whatever an export calls it (protection 2).

Sources: NIBRS User Manual, offence codes of group A (``23*``: a larceny that is not specified); UCR Summary Reporting
(Return A) with its letters (``3A``, ``04B``) and as numbers of three digits, the first of them the offence's (``310``,
``0312``). Rape, arson, manslaughter by negligence (1B, 12x) and simple assault (4E, 45x and on) are not forecast: their
rows are reported as unmapped. Must not look into a file.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

CodeTable: TypeAlias = Literal["nibrs", "ucr"]

_NIBRS: Final = {
    "homicide": r"09A",
    "aggravated_assault": r"13A",
    "robbery": r"120",
    "burglary": r"220",
    "motor_vehicle_theft": r"240",
    "theft": r"23[A-H*]",
}
_UCR: Final = {
    "homicide": r"1A?|1[01]\d",
    "aggravated_assault": r"4[A-D]?|4[0-4]\d",
    "robbery": r"3[A-D]?|3\d\d",
    "burglary": r"5[A-C]?|5\d\d",
    "motor_vehicle_theft": r"7[A-C]?|7\d\d",
    "theft": r"6[A-I]?|6\d\d",
}
_TABLES: Final[Mapping[CodeTable, Mapping[str, str]]] = {"nibrs": _NIBRS, "ucr": _UCR}
"""Table: crime type to the codes, without zeros before them (of NIBRS: with, to three characters), as a pattern."""

_WRITTEN: Final = re.compile(
    r"(?:(?:NIBRS|UCR|FBI|SRS|CODE)[\s:#._-]*)*(?P<digits>\d{1,4})(?:[ -]?(?P<letter>[A-Z*]))?(?![\dA-Z*]|\.\d*[1-9])"
)
"""A code as exports write it: ``9A``, ``09a``, ``120.0``, ``0120``, ``23H - Other``, ``NIBRS-220``."""
_WHOLE: Final = re.compile(r"(-?\d+)\.0+")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


def plain(value: str) -> str:
    """A value in the form it is compared in: capitals, no spaces around, whole numbers without ``.0``."""
    text = value.strip().upper()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def number(value: str) -> float | None:
    """The number that a value is; None where it is none."""
    return float(value) if _NUMBER.fullmatch(value) else None


def by_code(table: CodeTable, value: str) -> str | None:
    """The crime type of a code, however an export writes it; None for codes that are not forecast, and for no code."""
    found = _WRITTEN.match(plain(value))
    if found is None:
        return None
    digits = found["digits"].lstrip("0")
    code = (digits + (found["letter"] or "")).zfill(3 if table == "nibrs" else 1)
    return next((kind for kind, codes in _TABLES[table].items() if re.fullmatch(codes, code)), None)


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
