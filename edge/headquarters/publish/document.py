"""Signed documents at headquarters, of whatever kind: approved, checked, signed, stored, published, retained.

Nothing here names a kind but by its row. Must not publish what is not stored.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST, encode, explained
from edge.contract.signed_documents import SHIFT, BodyT, SignedKind, check, sign
from edge.contract.signed_kinds import KINDS
from edge.contract.signing import public_key_of
from edge.contract.topics import Topics
from edge.domain.events import instant
from edge.errors import UserError
from edge.headquarters.store import Store, StoredDocument
from edge.text.coded import CodedError
from edge.text.words import say, word

DAY_S: Final = 86_400.0
FORGET_S: Final = 7 * DAY_S

AT_ONCE: Final = 50
"""Others that may each store a document between two looks of ours."""


class TakenError(UserError):
    """Somebody else has just stored another document of the same version."""


class Publisher(Protocol):
    """Where a retained message goes."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message. Raises UserError where it does not confirm."""


def check_right(kind: SignedKind[Any], agency: Agency, key: Ed25519PrivateKey, role: str, reason: str) -> None:
    """Raises UserError where there is no role or reason, or the bundle in force does not name the key for this kind."""
    if not role.strip() or not reason.strip():
        made = "published" if kind.for_vehicles else "signed"
        msg = f"a {kind.name} can only be {made} with a role and a reason; give --role and --reason"
        raise UserError(msg)
    if why := agency.keys.why_not(kind.role, public_key_of(key), time.time()):
        msg = f"keys.{kind.role} or signing_key: it is {say(why)}; {_readers(kind)} would reject the {kind.name}"
        raise UserError(msg)


def _readers(kind: SignedKind[Any]) -> str:
    return "vehicles" if kind.for_vehicles else "reports"


def numbered(
    kind: SignedKind[BodyT], agency: Agency, store: Store, role: str, reason: str, now: float, **more: Any
) -> BodyT:
    """The next body of a kind of which there is but one. ``now``: POSIX seconds; ``more``: its own fields.

    Raises UserError where it is no such document.
    """
    approved = {"role": role.strip(), "reason": reason.strip(), "at": instant(int(now))}
    body = {"agency": agency.id, "number": store.next_version(kind.name), **approved, **more}
    try:
        return kind.model.model_validate(body)
    except ValidationError as error:
        msg = f"the {word('signed_kind', kind.name)} cannot be published: {explained(error)}"
        raise UserError(msg) from error


def store_signed(
    kind: SignedKind[BodyT],
    body: BodyT,
    agency: Agency,
    key: Ed25519PrivateKey,
    store: Store,
    role: str,
    reason: str,
    account: str = "",
) -> StoredDocument:
    """Check, sign and store a document. Raises UserError where vehicles would refuse it, or nobody answers for it.

    ``account``: of whoever approves it on a page, for the audit log; empty for a command. Raises TakenError where
    somebody else has just stored another of its version.
    """
    check_right(kind, agency, key, role, reason)
    try:
        check(kind, body, agency)
    except CodedError as error:
        msg = f"the {kind.name} cannot be published: {error}"
        raise UserError(msg) from error
    document = sign(kind, body, key)
    message = encode(document.signed)
    if len(message) > LARGEST:
        msg = f"the {kind.name} has {len(message):,} bytes, more than a vehicle accepts; build a new bundle"
        raise UserError(msg)
    approved = (role.strip(), reason.strip(), document.digest)
    stored = StoredDocument(kind.name, document.slot, document.order[0], *approved, message, time.time())
    if not store.put_signed(stored, account):
        named = say(kind.named(document.order))
        msg = f"someone else just published {named} of this {kind.name}; check theirs, then publish the next version"
        raise TakenError(msg)
    return stored


def store_upon(
    kind: SignedKind[BodyT],
    make: Callable[[], BodyT],
    agency: Agency,
    key: Ed25519PrivateKey,
    store: Store,
    role: str,
    reason: str,
) -> StoredDocument:
    """Sign and store what ``make`` makes upon what is stored; anew where somebody else stores one meanwhile.

    So nothing of theirs is lost. Raises UserError as `store_signed` does, or where there is no end to it.
    """
    check_right(kind, agency, key, role, reason)
    for _ in range(AT_ONCE):
        with contextlib.suppress(TakenError):
            return store_signed(kind, make(), agency, key, store, role, reason)
    msg = f"other processes keep publishing this {kind.name}; run the command again"
    raise UserError(msg)


def publish(stored: StoredDocument, agency: Agency, store: Store, client: Publisher) -> StoredDocument:
    """Have the broker retain a stored document. Raises UserError where it does not.

    Where somebody else publishes a newer one meanwhile, ours may reach the broker after theirs: then theirs is retained
    once more.
    """
    topic = KINDS[stored.kind].topic_of_slot(Topics(agency.id), stored.slot)
    newest: StoredDocument | None = stored
    while newest is not None:
        client.publish(topic, newest.body)
        newest = replace(newest, published=time.time())
        store.mark_published(newest, newest.published or 0.0)
        if newest.version == stored.version:
            stored = newest
        newest = _newer(newest, stored.stored, store)
    return stored


def _newer(than: StoredDocument, since: float, store: Store) -> StoredDocument | None:
    """A newer document of the slot, where somebody has published it since an instant, or is about to."""
    last = store.last_signed(than.kind, than.slot)
    if last is None or last.version <= than.version:
        return None
    return last if (last.published or last.stored) >= since else None


def retained(store: Store, agency: Agency, now: float) -> list[tuple[str, bytes]]:
    """Topic and bytes of the newest published document of each slot, as the broker must hold it at ``now`` (POSIX).

    What is for a shift that was over within the last days is there with no bytes, which has the broker forget it.
    """
    kinds = [kind for kind in KINDS.values() if kind.kept and kind.topic is not None]
    return [one for kind in kinds for one in _retained(kind, store, agency, now)]


def _retained(kind: SignedKind[Any], store: Store, agency: Agency, now: float) -> Iterator[tuple[str, bytes]]:
    topics, by_shift = Topics(agency.id), SHIFT in kind.key
    since = datetime.fromtimestamp(now - FORGET_S - 2 * DAY_S, UTC).date().isoformat() if by_shift else ""
    for document in store.newest_signed(kind.name, since=since):
        ends = agency.calendar.ends(kind.values_of(document.slot)[SHIFT]) if by_shift else now + DAY_S
        if ends > now - FORGET_S:
            yield kind.topic_of_slot(topics, document.slot), document.body if ends > now else b""
