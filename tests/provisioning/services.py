"""The broker and the enrolment service of a fleet, running for real."""

from collections.abc import Iterator
from contextlib import contextmanager

from provisioning.broker.broker_files import write_broker_files
from provisioning.enrol.daemon import EnrolmentService
from provisioning.fleet.folder import Fleet
from tests.brokers import Mosquitto, running


@contextmanager
def serving(fleet: Fleet) -> Iterator[EnrolmentService]:
    """The enrolment service, in threads of this process."""
    service = EnrolmentService(fleet)
    try:
        service.start()
        yield service
    finally:
        service.stop()
    service.threads.raise_failures()


@contextmanager
def broker_of(fleet: Fleet) -> Iterator[Mosquitto]:
    """A mosquitto with the rendered files, on the port of the fleet's settings."""
    folder = fleet.settings.broker.files
    with fleet.registry() as registry:
        write_broker_files(fleet, registry, folder)
    conf = (folder / "mosquitto.conf").read_text(encoding="utf-8")
    conf = conf.replace(f"listener {fleet.settings.broker.port}\n", "listener {port} 127.0.0.1\n")
    conf = conf.replace("/var/lib/mosquitto/", f"{folder}/")
    extra = f"user root\npid_file {folder}/pid\nlog_dest file {folder}/broker.log\n"
    with running(folder, extra, conf, port=fleet.settings.broker.port) as broker:
        yield broker
