"""How the agency's dispatch system names units and statuses: a TOML file, and what a row comes to by it.

Must not know how rows come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError, model_validator

from edge.errors import UserError
from edge.text.mistakes import each_explained
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml

ADVICE: Final = "give the columns unit, status and time, and the statuses that are busy and available"

Unusable: TypeAlias = Literal["unreadable", "unknown_status"]


@dataclass(frozen=True, slots=True)
class Reported:
    """What dispatch reported of a unit: whether it is busy, since when (POSIX seconds)."""

    unit: str
    busy: bool
    since: float


class DispatchMapping(BaseModel):
    """The columns (or JSON fields) of ``unit``, ``status`` and ``time``; statuses; ``units``: those named differently.

    ``format``: of the time, as in strptime; none: ISO 8601. ``time_zone``: of a time without an offset; none: the
    agency's. A status that is neither busy nor available nor ignored is counted as unknown.
    """

    model_config = WRITTEN
    unit: str = Field(min_length=1, max_length=100)
    status: str = Field(min_length=1, max_length=100)
    time: str = Field(min_length=1, max_length=100)
    format: str | None = None
    time_zone: ZoneInfo | None = None
    busy: tuple[str, ...] = Field(min_length=1)
    available: tuple[str, ...] = Field(min_length=1)
    ignored: tuple[str, ...] = ()
    units: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_status_once(self) -> Self:
        named = [*self.busy, *self.available, *self.ignored]
        if twice := sorted({one for one in named if named.count(one) > 1}):
            msg = f"{twice[0]!r} is listed twice; a status is busy, available or ignored"
            raise ValueError(msg)
        return self

    def read(self, row: Mapping[str, object], zone: ZoneInfo) -> Reported | Unusable | None:
        """What a row says; None where its status is ignored. ``zone``: the agency's."""
        unit, status, time = (_cell(row.get(name)) for name in (self.unit, self.status, self.time))
        if not unit or not status or not time:
            return "unreadable"
        if status in self.ignored:
            return None
        if status not in self.busy and status not in self.available:
            return "unknown_status"
        since = self._since(time, self.time_zone or zone)
        return "unreadable" if since is None else Reported(self.units.get(unit, unit), status in self.busy, since)

    def _since(self, time: str, zone: ZoneInfo) -> float | None:
        try:
            at = datetime.fromisoformat(time) if self.format is None else datetime.strptime(time, self.format)
            local = at if at.tzinfo is not None else at.replace(tzinfo=zone)
            since = local.astimezone(UTC).timestamp()
        except (ValueError, OverflowError):
            return None
        return since if since > 0.0 else None  # no call began before 1970


def read_mapping(path: Path) -> DispatchMapping:
    """The mapping of a file. Raises UserError with every mistake in it."""
    try:
        return DispatchMapping.model_validate(read_toml(path, ADVICE))
    except ValidationError as error:
        raise UserError("\n".join(f"{path}: {one}" for one in each_explained(error))) from error


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
