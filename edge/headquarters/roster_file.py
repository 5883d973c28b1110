"""The roster as an agency writes it: ``roster.toml`` or a CSV of ``id``, ``role``, ``pin_hash``, and nothing else.

A column that speaks of a person, or that would hold a PIN, is refused by its name. Every mistake is told at once. Must
not hash, sign or write anything.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from edge.contract.roster import MOST_MEMBERS, MemberDoc, OfficerId, PinHash, refuse_twice
from edge.domain.events import Role
from edge.errors import UserError
from edge.text.csv_file import Table, read_csv
from edge.text.mistakes import KeyPath, key_path, mistakes
from edge.text.person_words import person_word
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml

ADVICE: Final = "give a roster.toml, or a CSV with the columns id, role, pin_hash"
PINS: Final = ("pin", "pins", "password", "passcode", "code")
SUFFIXES: Final = (".csv", ".tsv", ".txt")
"""Of files that are read as a table; any other is read as TOML."""


class Member(BaseModel):
    """One ``[[members]]``, or a line. ``pin_hash``: written by `roundsman hq set-pin`; None until then."""

    model_config = WRITTEN
    id: OfficerId
    role: Role
    pin_hash: PinHash | None = None


class RosterFile(BaseModel):
    """All members."""

    model_config = WRITTEN
    members: tuple[Member, ...] = Field(min_length=1, max_length=MOST_MEMBERS)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refuse_twice(member.id for member in self.members)
        return self


def is_table(path: Path) -> bool:
    """Whether a file is read as a CSV."""
    return path.suffix.lower() in SUFFIXES


def read_roster(path: Path) -> tuple[Member, ...]:
    """The members of a file. Raises UserError with every mistake in it."""
    if is_table(path):
        table = read_table(path)
        document: dict[str, Any] = {"members": [{k: v for k, v in row.items() if v} for _, row in table.rows]}
        lines = [line for line, _ in table.rows]
    else:
        document, lines = read_toml(path, ADVICE), []
        _refuse_keys(path, _keys(document))
    _refuse_too_many(path, document.get("members"))
    try:
        return RosterFile.model_validate(document).members
    except ValidationError as error:
        said = (f"{path}{_place(keys, lines)}: {what}" for keys, what in mistakes(error))
        raise UserError("\n".join(said)) from error


def _refuse_too_many(path: Path, members: object) -> None:
    """Raises UserError for more than a signed document has room for."""
    if isinstance(members, list) and len(members) > MOST_MEMBERS:
        msg = (
            f"{path}: {len(members):,} ids; every car holds the whole roster as one signed document of at most 1 MB, "
            f"which has room for {MOST_MEMBERS:,}: list those who patrol in cars"
        )
        raise UserError(msg)


def complete(path: Path) -> tuple[MemberDoc, ...]:
    """The members of a file that may be published. Raises UserError where it has mistakes, or somebody has no PIN."""
    members = read_roster(path)
    if without := [member.id for member in members if member.pin_hash is None]:
        listed = ", ".join(without[:5]) + (f" and {len(without) - 5} more" if len(without) > 5 else "")  # noqa: PLR2004
        msg = f"{path}: no PIN is set for {listed}; run `roundsman hq set-pin {without[0]} {path}` for each"
        raise UserError(msg)
    return tuple(MemberDoc(id=one.id, role=one.role, pin_hash=one.pin_hash or "") for one in members)


def read_table(path: Path) -> Table:
    """A CSV whose first line names the columns. Raises UserError where it cannot be read, or has other columns."""
    table = read_csv(path, ADVICE)
    _refuse_keys(path, table.columns)
    if lacking := [name for name in ("id", "role") if name not in table.columns]:
        msg = f"{path}: the first line has no column '{lacking[0]}'; {ADVICE}"
        raise UserError(msg)
    return table


def _keys(document: Mapping[str, Any]) -> Iterator[str]:
    """Every key of a document, at any depth."""
    for key, value in document.items():
        yield key
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from _keys(one)


def _refuse_keys(path: Path, keys: Iterator[str] | tuple[str, ...]) -> None:
    """Raises UserError for columns that speak of a person, that would hold a PIN, or that no roster has."""
    known = {"members", *Member.model_fields}
    strange = dict.fromkeys(key for key in keys if key not in known)
    said = [f"{path}: {_why_refused(key)}" for key in strange]
    if said:
        raise UserError("\n".join(said))


def _why_refused(key: str) -> str:
    if key.strip().lower() in PINS:
        return f"column {key!r}: PINs are never kept in a file; remove the column and use `roundsman hq set-pin`"
    if word := person_word(key):
        return f"column {key!r} is about people ({word}); a roster has ids, never names: remove the column"
    return f"column {key!r} is unknown; a roster has id, role and pin_hash: remove it"


def _place(keys: KeyPath, lines: list[int]) -> str:
    """Where a mistake is: a key path, or a line of a CSV."""
    if lines and len(keys) > 1 and isinstance(keys[1], int):
        return f", line {lines[keys[1]]}" + "".join(f": {key}" for key in keys[2:])
    return f": {key_path(keys)}" if keys else ""
