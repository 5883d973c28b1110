"""Acknowledgements that are signed, once the bundle names a key for them: the signature travels beside the message.

The message itself is the same, so a vehicle of before reads it. What is acknowledged a vehicle may purge: whoever could
forge an acknowledgement could have it forget records that nobody holds.
"""

import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.keys import Keyring
from edge.contract.messages import to_sign
from edge.contract.signing import sign
from edge.text.coded import CodedError, why_of

ROLE: Final = "acks"
PROPERTY: Final = "signature"
"""The MQTT 5 user property that holds the signature."""


def signature_of(payload: bytes, key: Ed25519PrivateKey) -> str:
    """The signature of an acknowledgement's bytes."""
    return sign(key, _signed_bytes(payload))


def check(payload: bytes, signature: str | None, keys: Keyring, utc: float | None) -> None:
    """Raises CodedError where the bundle names a key for acknowledgements, and this one is not signed with it.

    ``utc``: the instant at which the key must not have expired, as far as time is known.
    """
    if ROLE not in keys.daily:
        return
    try:
        if signature is None:
            raise CodedError("signature.lacking")
        keys.check(ROLE, _signed_bytes(payload), signature, utc)
    except (CodedError, ValueError) as error:
        raise CodedError("document.rejected", kind="acknowledgment", why=why_of(error)) from error


def _signed_bytes(payload: bytes) -> bytes:
    """What is signed: the message as JSON, however it is written, and that it is an acknowledgement."""
    return to_sign("ack", json.loads(payload))
