"""Writing a PIN's hash beside its id in a roster file, whole or not at all; every other line stays as it is."""

import copy
import csv
import io
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from edge.errors import UserError
from edge.headquarters.roster_file import is_table, read_roster, read_table
from edge.text.csv_file import Table
from edge.text.toml_file import read_toml
from edge.text.whole_file import write_whole

COLUMN: Final = "pin_hash"
_MEMBER: Final = re.compile(r"\s*\[\[\s*members\s*\]\]")
_TABLE: Final = re.compile(r"\s*\[")
_ID: Final = re.compile(r"""\s*id\s*=\s*(["'])(?P<id>.*?)\1""")
_HASH: Final = re.compile(rf"\s*{COLUMN}\s*=")


def known_id(path: Path, officer: str) -> str:
    """An id as the roster spells it. Raises UserError where the file has mistakes, or does not list it."""
    for member in read_roster(path):
        if member.id.upper() == officer.upper():
            return member.id
    msg = f"{path}: has no id {officer!r:.40}; add it with its role first"
    raise UserError(msg)


def write_hash(path: Path, officer: str, hashed: str) -> None:
    """Write the hash beside the id. Raises UserError where the file cannot be written, or is laid out otherwise."""
    if is_table(path):
        write_whole(path, _in_table(path, read_table(path), officer, hashed))
    else:
        write_whole(path, _in_toml(path, officer, hashed))


def _in_table(path: Path, table: Table, officer: str, hashed: str) -> str:
    columns = table.columns if COLUMN in table.columns else (*table.columns, COLUMN)
    ends = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
    made = io.StringIO()
    writer = csv.writer(made, delimiter=table.delimiter, lineterminator=ends)
    writer.writerow(columns)
    for _, row in table.rows:
        own = {**row, COLUMN: hashed} if row["id"] == officer else row
        writer.writerow([own.get(name, "") for name in columns])
    return made.getvalue()


def _in_toml(path: Path, officer: str, hashed: str) -> str:
    """The text with one line more, or another. Raises UserError where that would not say what it must."""
    document = read_toml(path, "give the roster.toml")
    wanted: dict[str, Any] = copy.deepcopy(document)
    for member in wanted["members"]:
        if member["id"] == officer:
            member[COLUMN] = hashed
    text = _edited(path.read_bytes().decode("utf-8-sig"), officer, f'{COLUMN} = "{hashed}"')
    try:
        written = tomllib.loads(text)
    except ValueError:
        written = {}
    if written != wanted:
        msg = f"{path}: write each member as [[members]] with id and role on lines of their own, then set the PIN"
        raise UserError(msg)
    return text


def _edited(text: str, officer: str, line: str) -> str:
    lines = text.splitlines(keepends=True)
    inside, at, old = False, None, None
    for number, each in enumerate(lines):
        if _TABLE.match(each):
            if at is not None:
                break
            inside, old = bool(_MEMBER.match(each)), None
        elif inside and (found := _ID.match(each)) and found["id"] == officer:
            at = number
        elif inside and _HASH.match(each):
            old = number
    if at is None:
        return text
    ends = "\r\n" if lines[at].endswith("\r\n") else "\n"
    if old is not None:
        lines[old] = line + ends
    else:
        lines[at] = lines[at].rstrip("\r\n") + ends + line + ends
    return "".join(lines)
