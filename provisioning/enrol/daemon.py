"""The enrolment service's composition root: one thread serves, main watches. Must not contain a rule."""

from contextlib import ExitStack

from edge.service.supervisor import Supervisor
from edge.service.tls_server import TlsServer
from provisioning.enrol.app import create_app
from provisioning.enrol.desk import Desk
from provisioning.enrol.own_certificate import OwnCertificate
from provisioning.fleet.folder import Fleet


class EnrolmentService:
    """One fleet's daemon, as `edge.service.process` runs it."""

    def __init__(self, fleet: Fleet) -> None:
        """Read the fleet's folder. Raises UserError where something of it cannot be used."""
        self._stops = ExitStack()
        self._own = OwnCertificate(fleet)
        fleet.registry().close()
        own = fleet.settings.enrolment
        app = create_app(Desk(fleet), [own.host, "localhost"], offers=fleet)
        self._server = TlsServer(app, own.listen, own.port, self._own.context, section="enrolment")
        self._url = own.url
        self.threads = Supervisor(self._stops)

    def start(self) -> str:
        """Serve."""
        self.threads.start("web", self._server.run)
        return f"enrolment: {self._url}"

    def tend(self) -> None:
        """Have a certificate that is valid."""
        self._own.renew()

    def stop(self) -> None:
        """Stop serving."""
        self._stops.close()
