"""Ed25519: the key pair an agency signs plans with, and the check a vehicle makes.

Keys are files of PKCS8 PEM that only their owner may read; public keys and signatures travel as hexadecimal. Must not
decide what is signed (callers hand over canonical bytes), and must not keep a private key on a vehicle.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from edge.errors import UserError
from edge.text.private_file import read_private


def sign(private_key: Ed25519PrivateKey, payload: bytes) -> str:
    """The signature of the payload: 128 hexadecimal digits."""
    return private_key.sign(payload).hex()


def verify(public_key: str, payload: bytes, signature: str) -> bool:
    """Whether the signature of the payload is this public key's (both hexadecimal); False where either is malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key_of(private_key: Ed25519PrivateKey) -> str:
    """The public half: 64 hexadecimal digits, as in ``agency.json``."""
    return private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def create_private_key(path: Path, key: Ed25519PrivateKey | None = None) -> Ed25519PrivateKey:
    """Write a key, or a new one, for its owner alone. Raises UserError where the file exists or cannot be written."""
    key = key or Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        msg = f"{path}: the key cannot be written ({error.strerror}); choose a new file in an existing directory"
        raise UserError(msg) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return key


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Read a key. Raises UserError where it is missing, open to others than its owner, or no Ed25519 key in PEM."""
    pem = read_private(path, "the private key", "give the agency's key file")
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = f"{path}: not an unencrypted PEM private key; give the file that `roundsman agency build` wrote"
        raise UserError(msg) from error
    if not isinstance(key, Ed25519PrivateKey):
        msg = f"{path}: not an Ed25519 key; give the file that `roundsman agency build` wrote"
        raise UserError(msg)
    return key
