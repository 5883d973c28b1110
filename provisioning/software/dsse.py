"""DSSE: a payload with its type, signed together. Ed25519 alone, one signature that must be the release key's.

Source: https://github.com/secure-systems-lab/dsse, protocol.md and envelope.md, version 1.0.2. Written here, because it
takes but these lines and the vehicle's install has all of it; the tests hold them to the specification's own example.
Must not know what a payload means.
"""

import base64
import hashlib
from typing import Annotated, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, Field, ValidationError

from edge.contract.signing import public_key_of, verify
from edge.errors import UserError
from edge.text.strictness import SENT

MOST_BYTES: Final = 1_000_000
"""Of an envelope: a release of a hundred files takes 40,000."""

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=MOST_BYTES)]


class Signature(BaseModel):
    """``keyid``: a hint only, never trusted."""

    model_config = SENT
    keyid: str = ""
    sig: Base64


class Envelope(BaseModel):
    """What travels: JSON of a payload in base64, its type, and signatures."""

    model_config = SENT
    payload: Base64
    payloadType: str = Field(max_length=200)  # noqa: N815 - the specification's name
    signatures: tuple[Signature, ...] = Field(min_length=1, max_length=10)


def pae(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding: what is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload_type: str, payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """The envelope of a payload, as JSON; the same payload and key give the same bytes."""
    signed = key.sign(pae(payload_type, payload))
    signature = Signature(keyid=keyid_of(public_key_of(key)), sig=_text(signed))
    envelope = Envelope(payload=_text(payload), payloadType=payload_type, signatures=(signature,))
    return envelope.model_dump_json(indent=1).encode() + b"\n"


def opened(sealed: bytes, payload_type: str, key: str) -> bytes:
    """The payload of an envelope. ``key``: the public key that must have signed it. Raises UserError."""
    try:
        envelope = Envelope.model_validate_json(sealed)
        payload = base64.b64decode(envelope.payload, validate=True)
        signatures = [base64.b64decode(one.sig, validate=True).hex() for one in envelope.signatures]
    except (ValidationError, ValueError) as error:
        msg = "is not a signed manifest; copy the release again"
        raise UserError(msg) from error
    if not any(verify(key, pae(envelope.payloadType, payload), one) for one in signatures):
        msg = "is not signed by the release key that this unit trusts; take the release from who releases Roundsman"
        raise UserError(msg)
    if envelope.payloadType != payload_type:
        msg = "is signed, but is not a manifest of a release; take the release from who releases Roundsman"
        raise UserError(msg)
    return payload


def keyid_of(public: str) -> str:
    """By which a key is told from others."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
