"""The three files of TLS, read one by one, so that the one that cannot be used is named, and why. Must not connect."""

import ssl
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from edge.errors import UserError


def context_of(ca: Path, cert: Path | None, key: Path | None) -> ssl.SSLContext:
    """A context that trusts ``ca`` and shows ``cert``. Raises UserError naming the file that cannot be used."""
    _read("ca", ca)
    try:
        context = ssl.create_default_context(cafile=str(ca))
    except ssl.SSLError as error:
        raise UserError(_sentence("ca", ca, "contains no certificate in PEM form")) from error
    if cert is not None and key is not None:
        own, private = _certificate(cert), _private_key(key)
        if _public(own.public_key()) != _public(private.public_key()):
            raise UserError(_sentence("key", key, f"does not belong to the certificate in {cert}"))
        try:
            context.load_cert_chain(cert, key)
        except ssl.SSLError as error:
            why = f"cannot be used ({error.reason or error})"
            raise UserError(_sentence("cert", cert, why)) from error
    return context


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(_read("cert", path))
    except ValueError as error:
        raise UserError(_sentence("cert", path, "contains no certificate in PEM form")) from error


def _private_key(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(_read("key", path), password=None)
    except TypeError as error:
        why = "is protected by a passphrase; use a key without one"
        raise UserError(_sentence("key", path, why)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UserError(_sentence("key", path, "contains no private key in PEM form")) from error


def _public(key: object) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return encoded


def _read(name: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(_sentence(name, path, f"cannot be read ({error.strerror})")) from error


def _sentence(name: str, path: Path, why: str) -> str:
    return f"broker.{name}: {path}: {why}; replace the file, or use another"
