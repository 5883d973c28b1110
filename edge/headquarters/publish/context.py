"""Publishing a context: numbered, signed, stored with role and reason, then retained at the broker.

Headquarters adds what only it knows: the fleet's counted visits, and shots heard since midnight. Must not compute
counts (`roundsman models context` does), and must not publish what is not stored.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.context import MOST_OF_BOX, MOST_VISITS, ContextDoc, GunfireDoc
from edge.contract.messages import Signed, explained
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import CONTEXT
from edge.errors import UserError
from edge.headquarters.publish.counted import counted_visits
from edge.headquarters.publish.document import store_upon
from edge.headquarters.store import Store, StoredDocument

WEEK: Final = 7
CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""A dispatcher's clock may be ahead of headquarters' by so much."""


def sign_context(
    make: Callable[[], ContextDoc], agency: Agency, key: Ed25519PrivateKey, store: Store, role: str, reason: str
) -> StoredDocument:
    """Number, complete, sign and store the context that ``make`` makes of what is stored.

    Where somebody else stores one meanwhile, it is made anew upon theirs, so that no shot is lost. Raises UserError
    where it is not the agency's, is of a day to come, or cannot be signed.
    """
    return store_upon(CONTEXT, lambda: _completed(make(), agency, store), agency, key, store, role, reason)


def already_said(doc: ContextDoc, agency: Agency, store: Store) -> bool:
    """Whether the newest context was published and would be the same again, visits and shots included."""
    last = store.last_signed(CONTEXT.name)
    if last is None or last.published is None:
        return False
    before = read_body(CONTEXT, Signed.model_validate_json(last.body))
    again = _completed(doc, agency, store).model_dump(exclude={"number"})
    return again == before.model_dump(exclude={"number"})


def _completed(doc: ContextDoc, agency: Agency, store: Store) -> ContextDoc:
    """A context with its number, the fleet's visits, and the shots of the context before that are of its day."""
    last = store.last_signed(CONTEXT.name)
    before = None if last is None else read_body(CONTEXT, Signed.model_validate_json(last.body))
    document = {
        **doc.model_dump(),
        "number": 1 if last is None else last.version + 1,  # of the very one whose shots it has, not read again
        "visits": visit_rows(doc, agency, store, time.time()),
        "gunfire": [shots.model_dump() for shots in _shots(doc, before, agency)],
    }
    try:
        doc = ContextDoc.model_validate(document)
    except ValidationError as error:
        msg = f"the context cannot be published: {explained(error)}"
        raise UserError(msg) from error
    _refuse_future(doc, agency)
    return doc


def _shots(doc: ContextDoc, before: ContextDoc | None, agency: Agency) -> Iterable[GunfireDoc]:
    """A context's own shots, and those heard since its day began that the one before has; each once."""
    boxes = {box.number for box in agency.grid.boxes.values()}
    day = datetime(doc.date.year, doc.date.month, doc.date.day, tzinfo=agency.calendar.zone)
    heard = before.gunfire if before is not None else ()
    kept = [one for one in heard if one.at >= day and one.box in boxes]
    return {(one.box, one.at): one for one in (*kept, *doc.gunfire)}.values()


def _refuse_future(doc: ContextDoc, agency: Agency) -> None:
    """Raises UserError for a context of a day to come (but tomorrow's, which is made the evening before)."""
    now = datetime.now(agency.calendar.zone)
    if doc.date > now.date() + timedelta(days=1):
        msg = f"the context cannot be published: date: {doc.date} is in the future; today is {now:%Y-%m-%d}"
        raise UserError(msg)
    if late := [one.at for one in doc.gunfire if one.at > now + CLOCKS_DIFFER]:
        msg = f"the context cannot be published: shots of {late[0]:%Y-%m-%d %H:%M:%S} UTC are in the future"
        raise UserError(f"{msg}; give the time they were heard")


def with_gunfire(store: Store, agency: Agency, lat: float, lon: float, at: datetime) -> ContextDoc:
    """The last context with shots heard at a place (degrees WGS 84) and instant.

    Raises UserError where there is no context yet, or the place lies outside the agency.
    """
    last = store.last_signed(CONTEXT.name)
    if last is None:
        msg = "no context has been published yet; publish one first: roundsman hq publish-context"
        raise UserError(msg)
    box = agency.grid.box_of(lat, lon)
    if box is None:
        msg = f"{lat}, {lon} is outside {agency.name}; give latitude and longitude in degrees"
        raise UserError(msg)
    doc = read_body(CONTEXT, Signed.model_validate_json(last.body))
    shots = GunfireDoc.model_construct(box=box.number, at=at)  # looked at with the whole, as it is signed
    return doc.model_copy(update={"gunfire": (*doc.gunfire, shots)})


def visit_rows(doc: ContextDoc, agency: Agency, store: Store, now: float) -> tuple[tuple[int, int, int], ...]:
    """The fleet's counted visits of the week before the context's date, and of it, by box and local day.

    ``now``: POSIX seconds.
    """
    numbers = {box.id: box.number for box in agency.grid.boxes.values()}
    noon = datetime(doc.date.year, doc.date.month, doc.date.day, 12, tzinfo=agency.calendar.zone)
    since, until = noon - timedelta(days=WEEK + 1), noon + timedelta(days=1)
    found: Counter[tuple[int, int]] = Counter()
    for visit in counted_visits(agency, store, since.timestamp(), until.timestamp(), now):
        ago = (doc.date - datetime.fromtimestamp(visit.opened, agency.calendar.zone).date()).days
        if 0 <= ago <= WEEK:
            found[numbers[visit.box], ago] += 1
    rows = [(box, ago, min(visits, MOST_OF_BOX)) for (box, ago), visits in found.items()]
    return tuple(sorted(sorted(rows, key=lambda row: row[1])[:MOST_VISITS]))  # the newest
