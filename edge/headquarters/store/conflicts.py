"""What an insertion does with a row whose key is there already: refuse it, skip it, or replace what is there."""

from typing import Literal, TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Known: TypeAlias = Literal["refuse", "skip", "replace"]
Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def on_known(new: Insert, into: Table, known: Known) -> Insert:
    """An insertion that does so."""
    if known == "refuse":
        return new
    if known == "skip":
        return new.on_conflict_do_nothing()
    keys = [column.name for column in into.primary_key.columns]
    others = {column.name: new.excluded[column.name] for column in into.columns if column.name not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=others)
