"""A small certificate authority for tests: certificates that begin and end when a test needs them, and revocation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY_S = 86_400.0


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, as files in PEM."""

    cert: Path
    key: Path
    serial: int


class Authority:
    """Signs certificates, and says which it has revoked. ``ca`` and ``crl`` are files in PEM."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        public = self._key.public_key()
        usage = {"key_cert_sign": True, "crl_sign": True}
        own = _builder(self._name, public, -DAY_S, DAY_S).issuer_name(self._name)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        own = own.add_extension(_usage(**usage), critical=True)
        self._certificate = own.sign(self._key, hashes.SHA256())
        self.ca = folder / f"{name}.crt"
        self.ca.write_bytes(_pem(self._certificate))
        self.crl = folder / f"{name}.crl"
        self.revoke()

    def issue(self, name: str, *, host: str = "127.0.0.1", starts_s: float = -DAY_S, ends_s: float = DAY_S) -> Issued:
        """A certificate for a name and an address, valid between two moments, in seconds from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = _builder(_name(name), key.public_key(), starts_s, ends_s).issuer_name(self._name)
        builder = builder.add_extension(authority_key, critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(host)]), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        issued = Issued(self._folder / f"{name}.crt", self._folder / f"{name}.key", certificate.serial_number)
        issued.cert.write_bytes(_pem(certificate))
        issued.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return issued

    def revoke(self, revoked: Iterable[Issued] = (), next_s: float = DAY_S) -> None:
        """Write the list of what is revoked; ``next_s``: seconds until it is out of date."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(now - timedelta(hours=1)).next_update(now + timedelta(seconds=next_s))
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial).revocation_date(now)
            builder = builder.add_revoked_certificate(entry.build())
        self.crl.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def _builder(
    name: x509.Name, public: ec.EllipticCurvePublicKey, starts_s: float, ends_s: float
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now + timedelta(seconds=starts_s)).not_valid_after(
        now + timedelta(seconds=ends_s)
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(**wanted: bool) -> x509.KeyUsage:
    kinds = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{kind: wanted.get(kind, False) for kind in kinds})


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
