"""The unit's certificate: its own, and for how long."""

import time
from collections.abc import Iterator
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from edge.vehicle.checks import broker
from edge.vehicle.checks.finding import Finding, faults
from edge.vehicle.config import VehicleConfig

DUE_DAYS: Final = 25
"""A certificate of 90 days is renewed when 30 are left: with fewer, renewal has failed for days."""

DAY_S: Final = 86_400.0


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the certificate that the configuration names."""
    cert = config.broker.cert
    if config.link == "off" or cert is None:
        yield Finding("ok", "none is set" if cert is None else "the car works alone (link = off)")
        return
    if not cert.exists():
        yield Finding("warning", f"broker.cert: {cert}: not enrolled yet; see `journalctl -u roundsman-enrol`")
        return
    problems = list(faults(broker.problems(config)))
    yield from problems
    if not problems:
        yield of_certificate(x509.load_pem_x509_certificate(cert.read_bytes()), config.unit, time.time())


def of_certificate(cert: x509.Certificate, unit: str, utc: float) -> Finding:
    """A certificate at an instant (POSIX seconds), for a unit."""
    names = [str(one.value) for one in cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if names != [unit]:
        what = f"the certificate is {', '.join(names) or 'nobody'}'s, not {unit}'s"
        return Finding("fault", f"{what}: the broker refuses this car; write its card anew (image-files)")
    until = cert.not_valid_after_utc
    left = (until.timestamp() - utc) / DAY_S
    named = f"the certificate is {unit}'s, and holds until {until:%Y-%m-%d}"
    if left < 0:
        return Finding("fault", f"{named}: it has expired; `roundsman provision image-files {unit}` makes a new token")
    if left < DUE_DAYS:
        return Finding("warning", f"{named}: renewal is overdue; see `journalctl -u roundsman-renew`")
    return Finding("ok", named)
