"""Which units are of the fleet now: those with a certificate that is valid. Must not issue one."""

from cryptography import x509

from provisioning.authority.pem import common_name, serial_of
from provisioning.fleet.folder import Fleet


def unit_of(fleet: Fleet, leaf: bytes) -> str | None:
    """Whose certificate (DER) it is; None where it is none of a unit that is valid now."""
    shown = x509.load_der_x509_certificate(leaf)
    with fleet.registry() as registry:
        name = common_name(shown)
        held = (one for one in registry.certificates(name) if one.serial == serial_of(shown))
        valid = any(one.valid(fleet.utc()) for one in held)
        return name if valid and name in registry.units() else None


def valid_units(fleet: Fleet) -> set[str]:
    """Every unit that has one."""
    now = fleet.utc()
    with fleet.registry() as registry:
        units = registry.units()
        return {one.name for one in registry.certificates() if one.name in units and one.valid(now)}
