"""A signed document made at headquarters, of whatever kind: who approves it, its check, its signature, its topic.

Must not publish: that follows once it is stored.
"""

import time
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST, encode
from edge.contract.signed_documents import BodyT, SignedKind, check, sign
from edge.contract.signing import public_key_of
from edge.contract.topics import Topics
from edge.errors import UserError


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """What is stored and published. ``message``: the bytes that vehicles get; ``digest``: of what was signed."""

    topic: str
    message: bytes
    digest: str


def sign_document(kind: SignedKind[BodyT], body: BodyT, agency: Agency, key: Ed25519PrivateKey) -> SignedDocument:
    """Check and sign a body. Raises UserError where vehicles would refuse it."""
    try:
        check(kind, body, agency)
    except ValueError as error:
        msg = f"the {kind.name} cannot be published: {error}"
        raise UserError(msg) from error
    document = sign(kind, body, key)
    message = encode(document.signed)
    if len(message) > LARGEST:
        msg = f"the {kind.name} has {len(message):,} bytes, more than a vehicle takes; make a new bundle"
        raise UserError(msg)
    return SignedDocument(kind.topic_of(Topics(agency.id), body), message, document.digest)


def check_right(kind: SignedKind[Any], agency: Agency, key: Ed25519PrivateKey, role: str, reason: str) -> None:
    """Raises UserError where there is no role or reason, or the bundle in force does not name the key for this kind."""
    if not role.strip() or not reason.strip():
        msg = f"a {kind.name} is published with a role and a reason: give --role and --reason"
        raise UserError(msg)
    if why := agency.keys.why_not(kind.role, public_key_of(key), time.time()):
        msg = f"keys.{kind.role} or signing_key: it is {why}; vehicles would refuse the {kind.name}"
        raise UserError(msg)
