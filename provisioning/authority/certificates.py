"""Certificates of a fleet: the root's, an issuing key's, a client's, a server's. Values in, certificates out.

The root signs issuing keys alone; an issuing key signs clients and servers and no further authority (path length 0).
Must not read a clock or a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.authority.pem import PrivateKey, PublicKey, certificate_pem, new_key

DAY_S: Final = 86_400.0
ROOT_DAYS: Final = 20 * 365
"""Longer than a fleet's life: cars pin the root, and a new one means new image files for every car."""

ISSUING_DAYS: Final = 5 * 365
SERVER_DAYS: Final = 730
CLIENT_DAYS: Final = 90
"""A car's, by the issue; renewed at two thirds of it."""

SLACK_S: Final = 3600.0
"""A certificate is valid this long before it was signed: the clock of who reads it may be behind."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate, its private key, and the certificates between it and the root."""

    certificate: x509.Certificate
    key: PrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> bytes:
        """What its holder shows, as PEM."""
        return certificate_pem(self.certificate, *self.above)


def make_root(agency: str, utc: float) -> Pair:
    """A new root, which signs itself. ``agency``: its id."""
    key = new_key()
    subject = _name(agency, "Roundsman root")
    builder = _authority(_builder(subject, key.public_key(), utc, ROOT_DAYS), 1)
    return Pair(_signed(builder, subject, key), key)


def make_issuing(root: Pair, agency: str, number: int, utc: float) -> Pair:
    """A new issuing key, signed by the root. ``number``: its place in the row of them; part of its name."""
    key = new_key()
    builder = _authority(_builder(_name(agency, f"Roundsman issuing {number}"), key.public_key(), utc, ISSUING_DAYS), 0)
    return Pair(_signed(builder, root.certificate.subject, root.key), key)


def sign_client(
    issuing: Pair, name: str, public: PublicKey, utc: float, seconds: float = CLIENT_DAYS * DAY_S
) -> x509.Certificate:
    """Somebody's certificate at the broker. ``name``: who; ``seconds``: how long it is valid."""
    builder = _leaf(_builder(_name(None, name), public, utc, seconds / DAY_S), ExtendedKeyUsageOID.CLIENT_AUTH)
    return _signed(builder, issuing.certificate.subject, issuing.key)


def make_server(issuing: Pair, name: str, hosts: Sequence[str], utc: float) -> Pair:
    """A server's key and certificate. ``hosts``: the names and addresses it is reached by."""
    key = new_key()
    usage = ExtendedKeyUsageOID.SERVER_AUTH
    builder = _leaf(_builder(_name(None, name), key.public_key(), utc, SERVER_DAYS), usage)
    builder = builder.add_extension(x509.SubjectAlternativeName([_host(one) for one in hosts]), critical=False)
    return Pair(_signed(builder, issuing.certificate.subject, issuing.key), key, (issuing.certificate,))


def _builder(name: x509.Name, public: PublicKey, utc: float, days: float) -> x509.CertificateBuilder:
    starts = datetime.fromtimestamp(utc - SLACK_S, UTC)
    builder = x509.CertificateBuilder().subject_name(name).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    ends = datetime.fromtimestamp(utc, UTC) + timedelta(days=days)
    builder = builder.not_valid_before(starts).not_valid_after(ends)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _authority(builder: x509.CertificateBuilder, below: int) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
    return builder.add_extension(_usage(authority=True), critical=True)


def _leaf(builder: x509.CertificateBuilder, usage: x509.ObjectIdentifier) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    return builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)


def _signed(builder: x509.CertificateBuilder, issuer: x509.Name, key: PrivateKey) -> x509.Certificate:
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return builder.issuer_name(issuer).add_extension(authority, critical=False).sign(key, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(agency: str | None, text: str) -> x509.Name:
    common = x509.NameAttribute(NameOID.COMMON_NAME, text)
    own = [] if agency is None else [x509.NameAttribute(NameOID.ORGANIZATION_NAME, agency)]
    return x509.Name([*own, common])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode())
