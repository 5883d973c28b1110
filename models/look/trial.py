"""A trial import by the drafted mapping, whatever of it is still to be filled in; nothing is written.

Must not judge what comes of it.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import ValidationError

from edge.errors import UserError
from edge.text.mistakes import explain
from models.ingest.mapping import Mapping
from models.ingest.report import Report
from models.ingest.run import ingest

_ANY_PLANE: Final = 3857
"""Stands in for a coordinate system that is not known yet: times and types can be tried without it."""


@dataclass(frozen=True)
class Trial:
    """What the draft makes of the files together: incidents and a report."""

    mapping: Mapping
    found: pd.DataFrame
    report: Report


def tried_mapping(text: str) -> tuple[Mapping, bool] | None:
    """The drafted mapping with stand-ins for what is still to be filled in, and whether there is nothing of that.

    None where a column of time, place or offence is missing. Raises UserError where `ingest` would refuse the draft
    for another reason.
    """
    document = tomllib.loads(text)
    whole = _filled(document)
    if whole is None:
        return None
    try:
        return Mapping.model_validate(document), whole
    except ValidationError as error:
        raise UserError(explain(error)) from error


def attempt(mapping: Mapping, files: Sequence[Path]) -> Trial:
    """Import the files as `ingest` will. Raises UserError where one can't be read."""
    return Trial(mapping, *ingest(mapping, files, datetime.now(UTC), lambda _: None))


def _filled(document: dict[str, Any]) -> bool | None:
    """Put stand-ins where the analyst must fill in; whether there was nothing to do, or None where none would do."""
    place, time = document["place"], document["time"]
    rules = document.get("crime_type", [])
    if not time["from"] or place.get("lat") == "" or any(not one["column"] for rule in rules for one in rule["when"]):
        return None
    blanks = [not document["zone"], place.get("epsg") == 0]
    if blanks[0]:
        document["zone"] = "UTC"
    if blanks[1]:
        place["epsg"] = _ANY_PLANE
    return not any(blanks)
