"""``units.csv``: the units of a fleet, a line each. Every mistake is reported at once, by its line.

A column that would hold a secret, or speaks of a person, is refused by its name. Must not write anything.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from edge.errors import UserError
from edge.text.csv_file import Table, read_csv
from edge.text.mistakes import key_path, mistakes
from edge.text.person_words import person_word
from provisioning.units.unit import Unit

COLUMNS: Final = tuple(Unit.model_fields)
NEEDED: Final = tuple(name for name, field in Unit.model_fields.items() if field.is_required())
ADVICE: Final = f"give a CSV with the columns {', '.join(NEEDED)}, and if you like {', '.join(COLUMNS[len(NEEDED) :])}"
MOST: Final = 10_000
"""Units of a fleet."""

_SECRET: Final = re.compile(r"pass|secret|token|psk|credential|private|(^|[_ -])(pin|key|code)s?($|[_ -])")


def read_units(path: Path, areas: Collection[str]) -> tuple[Unit, ...]:
    """The units of a file. ``areas``: the agency's districts and special units. Raises UserError with every mistake."""
    table = read_csv(path, ADVICE)
    problems = [f"{path}: {one}" for one in _columns(table)]
    if problems:
        raise UserError("\n".join(problems))
    units: dict[int, Unit] = {}
    for line, cells in table.rows[:MOST]:
        try:
            units[line] = Unit.model_validate({name: cell for name, cell in cells.items() if cell})
        except ValidationError as error:
            problems += [f"{path}, line {line}: {key_path(keys)}: {what}" for keys, what in mistakes(error)]
    problems += [f"{path}, {one}" for one in (*_twice(units), *_elsewhere(units, areas))]
    if not table.rows or len(table.rows) > MOST:
        problems.append(f"{path}: has {len(table.rows)} units; give 1 to {MOST}")
    if problems:
        raise UserError("\n".join(problems))
    return tuple(units.values())


def _columns(table: Table) -> Iterator[str]:
    """What is wrong with the first line."""
    for name in dict.fromkeys(table.columns):
        if table.columns.count(name) > 1:
            yield f"column {name!r} is there twice; remove one"
        if name not in COLUMNS:
            yield _why_refused(name)
    for name in NEEDED:
        if name not in table.columns:
            yield f"the first line has no column {name!r}; {ADVICE}"


def _why_refused(name: str) -> str:
    if _SECRET.search(name):
        return f"column {name!r}: secrets never stand in this file; remove it (`image-files` makes each unit's token)"
    if word := person_word(name):
        return f"column {name!r} is about people ({word}); a fleet lists vehicles only: remove it"
    return f"column {name!r} is unknown; the columns are {', '.join(COLUMNS)}: remove it"


def _twice(units: dict[int, Unit]) -> Iterator[str]:
    """Units of one name, or of names that are one to a host name or an officer's ear."""
    first: dict[str, int] = {}
    for line, one in units.items():
        before = first.setdefault(one.host, line)
        if before != line:
            named = f"{one.unit!r} is the unit of line {before}, {units[before].unit!r}, or too much like it"
            yield f"line {line}: unit: {named}; each unit has one line and a name of its own"


def _elsewhere(units: dict[int, Unit], areas: Collection[str]) -> Iterator[str]:
    for line, one in units.items():
        if one.district not in areas:
            known = ", ".join(sorted(areas)[:8]) + (", …" if len(areas) > 8 else "")  # noqa: PLR2004 - what fits a line
            yield f"line {line}: district: {one.district!r} is not in the agency's bundle, which has {known}"
