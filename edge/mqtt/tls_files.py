"""The three files of TLS, read one by one, so that the one that cannot be used is named, and why. Must not connect."""

import ssl
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from edge.text.coded import CodedError
from edge.text.words import os_error


def context_of(ca: Path, cert: Path | None, key: Path | None) -> ssl.SSLContext:
    """A context that trusts ``ca`` and shows ``cert``. Raises CodedError naming the file that cannot be used."""
    _read("ca", ca)
    try:
        context = ssl.create_default_context(cafile=str(ca))
    except ssl.SSLError as error:
        raise CodedError("tls_file.no_certificate", role="ca", path=str(ca)) from error
    if cert is not None and key is not None:
        own, private = _certificate(cert), _private_key(key)
        if _public(own.public_key()) != _public(private.public_key()):
            raise CodedError("tls_file.other_key", role="key", path=str(key), cert=str(cert))
        try:
            context.load_cert_chain(cert, key)
        except ssl.SSLError as error:
            detail = str(error.reason or error)
            raise CodedError("tls_file.not_usable", role="cert", path=str(cert), detail=detail) from error
    return context


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(_read("cert", path))
    except ValueError as error:
        raise CodedError("tls_file.no_certificate", role="cert", path=str(path)) from error


def _private_key(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(_read("key", path), password=None)
    except TypeError as error:
        raise CodedError("tls_file.passphrase", role="key", path=str(path)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CodedError("tls_file.no_key", role="key", path=str(path)) from error


def _public(key: object) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return encoded


def _read(name: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CodedError("tls_file.unreadable", role=name, path=str(path), error=os_error(error)) from error
