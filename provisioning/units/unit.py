"""One unit of a fleet, as an admin describes it. Must not hold anything secret, and nothing about a person."""

from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from edge.contract.fields import UnitName
from edge.text.names import AreaName
from edge.text.strictness import WRITTEN

Board: TypeAlias = Literal["rpi4", "rpi5", "mdt"]
BOARDS: Final = get_args(Board)


def _a_number(given: object) -> object:
    """A cell of a table is text. Raises ValueError where it is no number."""
    if not isinstance(given, str):
        return given
    try:
        return float(given)
    except ValueError as error:
        msg = f"must be a number of inches such as 7, not {given!r}"
        raise ValueError(msg) from error


def _usable_as_host(name: str) -> str:
    if name.replace("_", "-").replace(".", "-").endswith("-"):
        msg = f"{name!r} must end with a letter or digit; it is also the device's host name"
        raise ValueError(msg)
    return name


class Unit(BaseModel):
    """One vehicle. ``gps``: where its positions come from; ``diagonal``: its panel's, inches."""

    model_config = WRITTEN
    unit: Annotated[UnitName, AfterValidator(_usable_as_host)]
    board: Board
    district: AreaName
    gps: Literal["gpsd", "serial"] = "gpsd"
    diagonal: Annotated[float, BeforeValidator(_a_number), Field(ge=3.0, le=40.0, allow_inf_nan=False)] = 7.0

    @property
    def host(self) -> str:
        """Its host name: host names have neither dots nor underscores."""
        return self.unit.lower().replace("_", "-").replace(".", "-")
