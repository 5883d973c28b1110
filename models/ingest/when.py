"""``[time]`` of a mapping file: which columns say when, and how they are written. Must not read a time."""

import re
from datetime import date, time, timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from edge.text.strictness import WRITTEN
from models.ingest.conditions import Columns
from models.ingest.formats import check_formats

_TIME_OF_DAY: Final = re.compile(r"(?P<hours>[01]?\d|2[0-4]):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?")


def _formats(names: tuple[str, ...]) -> tuple[str, ...]:
    check_formats(names)
    return names


def _words(value: object) -> object:
    """One word or clock time, or a list of them, in capitals; a TOML time and a whole number are taken as written."""
    words = value if isinstance(value, list | tuple) else [value]
    return [str(one).strip().upper() if isinstance(one, str | int | time) else one for one in words]


def _clock(text: str) -> timedelta | None:
    """A time of day such as 00:01 or 12:00:00; None where it is a word."""
    found = _TIME_OF_DAY.fullmatch(text)
    return timedelta(**{unit: int(part or 0) for unit, part in found.groupdict().items()}) if found else None


class Times(BaseModel):
    """When: a column (or a date's and a time's, joined by a space) and the formats it is written in.

    A format is ``iso``, ``excel``, ``epoch_s``, ``epoch_ms`` or one of strptime's; one without an hour means the whole
    day. Columns of a Parquet file that are times need none. ``to``: the last possible moment. ``since``: earlier rows
    are left out. ``unknown``: clock times, or words in the time's column, that mean that the time of day is unknown.
    ``offsets = "ignore"``: local times that are falsely marked as UTC or with an offset. ``reported``: when it became
    known. ``updated``: when a row was last changed, or its version, a number: of an id the newest row counts.
    """

    model_config = WRITTEN
    begin: Columns = Field(alias="from")
    end: Columns | None = Field(None, alias="to")
    reported: Columns | None = None
    updated: Columns | None = None
    formats: Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_formats)] = ("iso",)
    unknown: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    offsets: Literal["obey", "ignore"] = "obey"
    since: date | None = None

    @property
    def unknown_clocks(self) -> tuple[timedelta, ...]:
        """Of ``unknown``: the times of day, after midnight."""
        return tuple(clock for one in self.unknown if (clock := _clock(one)) is not None)

    @property
    def unknown_words(self) -> tuple[str, ...]:
        """Of ``unknown``: the words, in capitals."""
        return tuple(one for one in self.unknown if _clock(one) is None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it names."""
        return (*self.begin, *(self.end or ()), *(self.reported or ()), *(self.updated or ()))
