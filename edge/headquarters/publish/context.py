"""Publishing a context: numbered, signed, stored with role and reason, then retained at the broker.

Headquarters adds what only it knows: the fleet's counted visits, and shots heard since midnight. Must not compute
counts (`roundsman models context` does), and must not publish what is not stored.
"""

from collections import Counter
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc, GunfireDoc
from edge.contract.messages import Signed, explained
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import CONTEXT
from edge.errors import UserError
from edge.headquarters.publish.document import check_right, store_signed
from edge.headquarters.store import Store, StoredDocument

WEEK = 7


def sign_context(
    doc: ContextDoc, agency: Agency, key: Ed25519PrivateKey, store: Store, role: str, reason: str
) -> StoredDocument:
    """Number, complete, sign and store a context. Raises UserError where it is not the agency's or can't be signed."""
    check_right(CONTEXT, agency, key, role, reason)
    last = store.last_signed(CONTEXT.name)
    number = last.version + 1 if last is not None else 1
    document = {**doc.model_dump(), "number": number, "visits": visit_rows(doc, agency, store)}
    try:
        doc = ContextDoc.model_validate(document)
    except ValidationError as error:
        msg = f"the context cannot be published: {explained(error)}"
        raise UserError(msg) from error
    return store_signed(CONTEXT, doc, agency, key, store, role, reason)


def with_gunfire(store: Store, agency: Agency, lat: float, lon: float, at: datetime) -> ContextDoc:
    """The last context with shots heard at a place (degrees WGS 84) and instant.

    Raises UserError where there is no context yet, or the place lies outside the agency.
    """
    last = store.last_signed(CONTEXT.name)
    if last is None:
        msg = "no context has been published yet; publish the day's first: roundsman hq publish-context"
        raise UserError(msg)
    box = agency.grid.box_of(lat, lon)
    if box is None:
        msg = f"{lat}, {lon} lies outside {agency.name}; give latitude and longitude in degrees"
        raise UserError(msg)
    doc = read_body(CONTEXT, Signed.model_validate_json(last.body))
    shots = GunfireDoc.model_construct(box=box.number, at=at)  # looked at with the whole, as it is signed
    return doc.model_copy(update={"gunfire": (*doc.gunfire, shots)})


def visit_rows(doc: ContextDoc, agency: Agency, store: Store) -> tuple[tuple[int, int, int], ...]:
    """The fleet's counted visits of the week before the context's date, and of it, by box and local day."""
    numbers = {box.id: box.number for box in agency.grid.boxes.values()}
    noon = datetime(doc.date.year, doc.date.month, doc.date.day, 12, tzinfo=agency.calendar.zone)
    since, until = noon - timedelta(days=WEEK + 1), noon + timedelta(days=1)
    found: Counter[tuple[int, int]] = Counter()
    for box, opened in store.counted_visits(since.timestamp(), until.timestamp()):
        ago = (doc.date - datetime.fromtimestamp(opened, agency.calendar.zone).date()).days
        if box in numbers and 0 <= ago <= WEEK:
            found[numbers[box], ago] += 1
    return tuple((box, ago, visits) for (box, ago), visits in sorted(found.items()))
