"""A certificate as the registry holds it. Must not issue one."""

from cryptography import x509

from provisioning.authority.pem import certificate_pem, common_name, public_bytes, serial_of
from provisioning.registry.records import Certificate


def record_of(made: x509.Certificate, above: x509.Certificate, number: int, basis: str) -> Certificate:
    """``above``: the certificate of the issuing key, whose number is ``number``; ``basis``: what it was issued for."""
    return Certificate(
        serial=serial_of(made),
        name=common_name(made),
        issuer=number,
        starts=made.not_valid_before_utc.timestamp(),
        ends=made.not_valid_after_utc.timestamp(),
        public_key=public_bytes(made.public_key()).hex(),
        pem=certificate_pem(made, above).decode(),
        basis=basis,
    )
