"""The list of what was revoked, as an issuing key signs it for the broker. Must not know why.

OpenSSL keeps every list it ever read and obeys the one that begins last, by whole seconds: so a new list begins after
the one before, and an hour ago, so that no clock finds it of the future.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.authority.certificates import SLACK_S, Pair

LIST_DAYS: Final = 30
"""How long a list holds: after that the broker refuses everybody, so it is signed anew each day."""


def sign_revoked(issuing: Pair, serials: Iterable[tuple[str, float]], utc: float, before: bytes = b"") -> bytes:
    """The list as PEM. ``serials``: hexadecimal, each with when it was revoked; ``before``: the PEM lists of before."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuing.certificate.subject)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.key.public_key())
    begins = _begins(issuing, utc, before)
    builder = builder.last_update(begins).next_update(datetime.fromtimestamp(utc, UTC) + timedelta(days=LIST_DAYS))
    builder = builder.add_extension(authority, critical=False)
    builder = builder.add_extension(x509.CRLNumber(int(begins.timestamp())), critical=False)
    for serial, at in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
        builder = builder.add_revoked_certificate(entry.revocation_date(datetime.fromtimestamp(at, UTC)).build())
    return builder.sign(issuing.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def lists_of(pem: bytes) -> list[x509.CertificateRevocationList]:
    """The lists of a PEM file, of each issuing key one."""
    end = b"-----END X509 CRL-----\n"
    return [x509.load_pem_x509_crl(part + end) for part in pem.split(end) if part.strip()]


def _begins(issuing: Pair, utc: float, before: bytes) -> datetime:
    own = [one.last_update_utc for one in lists_of(before) if one.issuer == issuing.certificate.subject]
    now = datetime.fromtimestamp(int(utc - SLACK_S), UTC)
    return max([now, *(one + timedelta(seconds=1) for one in own)])
