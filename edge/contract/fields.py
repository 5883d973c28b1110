"""Kinds of text that several documents hold: crime types and short names. Must not know any document."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from edge.domain.policy import CRIME_TYPES
from edge.text.names import not_reserved


def _part_1(crime_type: str) -> str:
    if crime_type not in CRIME_TYPES:
        msg = f"{crime_type!r} is not an allowed crime type; use one of {', '.join(CRIME_TYPES)}"
        raise ValueError(msg)
    return crime_type


PartOne = Annotated[str, AfterValidator(_part_1)]
"""A crime type that may be patrolled for."""

ShortName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$"), AfterValidator(not_reserved)]
"""1 to 63 lower-case letters, digits, - and _; none that Windows reserves."""


def _a_vehicles(name: str) -> str:
    if name.casefold() in OF_HEADQUARTERS or name.casefold().startswith(RECEIVER):
        msg = f"{name!r} is reserved for a headquarters process on the broker; give the vehicle another name"
        raise ValueError(msg)
    return not_reserved(name)


RECEIVER: Final = "receiver-"
OF_HEADQUARTERS: Final = ("publisher", "console")
"""Names of certificates that are headquarters': the broker's access list grants them what no vehicle may."""

UnitName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"), AfterValidator(_a_vehicles)]
"""A vehicle: its unit id is its certificate's name."""


def text_of_date(given: object) -> object:
    """A TOML date, or a text such as 2026-11-22; never a number of seconds."""
    if isinstance(given, int | float):
        msg = "must be a date such as 2026-11-22"
        raise ValueError(msg)
    return given
