"""Keys and certificates as PEM, and back. Must not decide what is signed."""

from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from edge.errors import UserError
from edge.text.private_file import read_private

CURVE: Final = ec.SECP256R1()
"""Of every key of a fleet: what each TLS library of the last ten years speaks, and a Pi makes in a millisecond."""

PrivateKey = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey


def new_key() -> PrivateKey:
    """A new private key."""
    return ec.generate_private_key(CURVE)


def key_pem(key: PrivateKey) -> bytes:
    """A private key as PKCS8 PEM, without a passphrase: a daemon has nobody to ask."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate_pem(*chain: x509.Certificate) -> bytes:
    """Certificates as PEM, in order."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in chain)


def public_bytes(key: object) -> bytes:
    """What tells one public key from another: its DER."""
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return encoded


def is_ours(key: object) -> bool:
    """Whether a public key is of the fleet's curve."""
    return isinstance(key, PublicKey) and isinstance(key.curve, ec.SECP256R1)


def common_name(certificate: x509.Certificate) -> str:
    """Whose a certificate is; empty where it says nobody's."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def serial_of(certificate: x509.Certificate) -> str:
    """Its serial number, hexadecimal, as the registry and the audit write it."""
    return f"{certificate.serial_number:x}"


def read_key(path: Path, advice: str) -> PrivateKey:
    """A private key of the fleet's kind. Raises UserError where it is missing, open to others, or none."""
    try:
        key = load_pem_private_key(read_private(path, "the private key", advice), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = f"{path}: not an unencrypted private key in PEM; {advice}"
        raise UserError(msg) from error
    if not isinstance(key, PrivateKey):
        msg = f"{path}: not an EC P-256 key; {advice}"
        raise UserError(msg)
    return key


def read_chain(path: Path, advice: str) -> list[x509.Certificate]:
    """The certificates of a PEM file, one or more. Raises UserError where it is missing or has none."""
    try:
        return chain_of(path.read_bytes())
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); {advice}"
        raise UserError(msg) from error
    except ValueError as error:
        msg = f"{path}: not a certificate in PEM; {advice}"
        raise UserError(msg) from error


def chain_of(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM, one or more. Raises ValueError where there is none."""
    return x509.load_pem_x509_certificates(pem)
