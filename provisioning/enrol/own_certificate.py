"""The service's own certificate: issued when it starts, and again in time. Must not serve anything."""

import ssl
from typing import Final

from provisioning.authority.certificates import DAY_S, make_server
from provisioning.authority.pem import key_pem
from provisioning.fleet.folder import Fleet
from provisioning.private_file import write_private

FILE: Final = "service.pem"
"""Key and certificates in one file, so that there is never one without the other."""

LEFT_DAYS: Final = 30


class OwnCertificate:
    """``context``: what the server uses; it has the newest certificate. Raises UserError where none can be issued."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._ends = 0.0
        self.renew()
        self.context.verify_mode = ssl.CERT_OPTIONAL  # who enrols has none yet; who asks for software shows one
        self.context.load_verify_locations(cadata=fleet.authority.root_pem())

    def renew(self) -> None:
        """Issue a new one where the present one ends within a month. Raises UserError."""
        if self._fleet.utc() < self._ends - LEFT_DAYS * DAY_S:
            return
        host = self._fleet.settings.enrolment.host
        made = make_server(self._fleet.authority.newest()[1], "enrolment", [host, "localhost"], self._fleet.utc())
        path = self._fleet.folder / FILE
        write_private(path, key_pem(made.key) + made.chain)
        self.context.load_cert_chain(path)
        self._ends = made.certificate.not_valid_after_utc.timestamp()
