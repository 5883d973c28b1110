"""Declaring visits void: numbered, signed with the fleet's key and stored, each list with what still holds of the last.

Must not decide which visits are false: an analyst does, and `edge.headquarters.receive.compared`.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.messages import Signed, Visits, decode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import VOID
from edge.contract.void import VoidDoc, VoidSpanDoc, VoidVisitDoc
from edge.domain.events import instant
from edge.domain.visits import Void, VoidSpan
from edge.errors import UserError
from edge.headquarters.publish.document import numbered, store_upon
from edge.headquarters.store import Store, StoredDocument

HOLDS: Final = timedelta(days=9)
"""A visit that old is asked for by no cap and no context."""

MOST_OF_UNIT: Final = 300
MOST_SPANS_OF_UNIT: Final = 5
"""What a list names of one vehicle one by one."""


def void_in_force(store: Store, agency: Agency) -> Void:
    """What is void by the last list, as far as the bundle in force names its key."""
    last = _last(store, agency)
    return Void() if last is None else last.value()


def declare_void(
    new: Void, agency: Agency, key: Ed25519PrivateKey, store: Store, role: str, reason: str, now: float
) -> StoredDocument:
    """Sign and store the list with some more (POSIX seconds). Raises UserError where it cannot be."""
    return store_upon(VOID, lambda: _next(new, agency, store, role, reason, now), agency, key, store, role, reason)


def check_known(visits: Iterable[str], units: Iterable[str], store: Store) -> None:
    """Raises UserError for a visit or vehicle of which nothing was ever reported."""
    documents = store.documents("visits")
    known = {one.unit for one in documents} | {ledger.unit for ledger in store.ledgers()}
    if strange := sorted(set(units) - known):
        msg = f"no vehicle {strange[0]!r:.80} has ever reported visits here; check its name"
        raise UserError(msg)
    missing = set(visits) - store.known_visits(visits)
    for one in documents if missing else ():
        with contextlib.suppress(UserError):  # other software's, in another form
            missing -= {visit.id for visit in decode(Visits, one.body).visits}
    if missing:
        msg = f"no visit {min(missing)!r:.220} was ever reported; give ids as in the finding, or --unit and --from"
        raise UserError(msg)


def _next(new: Void, agency: Agency, store: Store, role: str, reason: str, now: float) -> VoidDoc:
    last, at = _last(store, agency), instant(int(now))
    held = None if last is None else last.since(at - HOLDS)
    visits = {one.id: one for one in (held.visits if held else ())}
    visits |= {id_: VoidVisitDoc(id=id_, at=at) for id_ in sorted(new.visits - visits.keys())}
    listed = _bounded(visits.values(), (*(held.spans if held else ()), *map(_span, new.spans)), at)
    return numbered(VOID, agency, store, role, reason, now, **listed)


def _bounded(visits: Iterable[VoidVisitDoc], spans: Iterable[VoidSpanDoc], at: datetime) -> dict[str, Any]:
    """No more of one vehicle than a list has room for: of one that goes on lying all is void, up to now."""
    by_unit: defaultdict[str, list[VoidVisitDoc]] = defaultdict(list)
    for one in visits:
        by_unit[one.id.partition(":")[0]].append(one)
    many = [unit for unit, listed in by_unit.items() if len(listed) > MOST_OF_UNIT]
    all_of = [VoidSpanDoc(unit=unit, since=at - HOLDS, until=at) for unit in many]
    of_unit: defaultdict[str, list[VoidSpanDoc]] = defaultdict(list)
    for span in (*spans, *all_of):
        of_unit[span.unit].append(span)
    hulls = (
        [VoidSpanDoc(unit=unit, since=min(one.since for one in listed), until=max(one.until for one in listed))]
        if len(listed) > MOST_SPANS_OF_UNIT
        else listed
        for unit, listed in of_unit.items()
    )
    left = (one for unit, listed in by_unit.items() if unit not in many for one in listed)
    return {"visits": tuple(left), "spans": tuple(span for listed in hulls for span in listed)}


def _span(span: VoidSpan) -> VoidSpanDoc:
    return VoidSpanDoc(unit=span.unit, since=instant(span.since), until=instant(span.until))


def _last(store: Store, agency: Agency) -> VoidDoc | None:
    """The last list that holds."""
    stored = store.last_signed(VOID.name)
    if stored is None:
        return None
    try:
        return verify_here(VOID, Signed.model_validate_json(stored.body), agency).body
    except (UserError, ValidationError):
        return None  # a stranger's, or of a key that is not in force any more: the next one begins anew
