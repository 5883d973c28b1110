"""The drafts of a date: drawn for each shift of each district and special unit, from the newest context, and stored.

Must not touch a draft that somebody has edited, and must not publish.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.messages import Signed
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import CONTEXT
from edge.errors import UserError
from edge.headquarters.store import Draft, Store, StoreError
from edge.plans.build import build_upon
from edge.plans.draft import draft as text_of
from edge.plans.record import record_of


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of one shift and area. ``said``: how many boxes, or what went wrong."""

    shift: str
    area: str
    outcome: Literal["built", "kept", "failed"]
    said: str


def build_drafts(store: Store, directory: Path, agency: Agency, day: date, now: float) -> Iterator[Drafted]:
    """Build and store the drafts of a date, one after the other; one that cannot be built does not stop the others.

    ``directory``: where the agency was loaded from; ``now``: POSIX seconds. Raises StoreError.
    """
    context = newest_context(store)
    for rule in agency.calendar.rules:
        for area in agency.areas:
            yield _build(store, directory, agency, f"{day.isoformat()}/{rule.name}", area, context, now)


def newest_context(store: Store) -> ContextDoc | None:
    """The context that the cars have; None where none has been published yet."""
    newest = store.newest_signed(CONTEXT.name)
    return read_body(CONTEXT, Signed.model_validate_json(newest[-1].body)) if newest else None


def _build(
    store: Store, directory: Path, agency: Agency, shift: str, area: str, context: ContextDoc | None, now: float
) -> Drafted:
    try:
        record = record_of(build_upon(directory, agency, shift, area, context))
        kept = not store.put_draft(
            Draft(shift, area, 1, text_of(record, agency), record.model_dump_json().encode(), now)
        )
    except StoreError:
        raise
    except UserError as error:
        return Drafted(shift, area, "failed", str(error))
    if kept:
        return Drafted(shift, area, "kept", "somebody has edited it; it stays as it is")
    return Drafted(shift, area, "built", f"{len(record.drawn)} boxes")
