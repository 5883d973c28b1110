"""A real mosquitto with the settings and access list that are shipped: only paths, port and agency are filled in."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

from tests.brokers import Mosquitto, running
from tests.certificates import Authority

SHIPPED: Final = files("provisioning.broker")
WHERE: Final = "/etc/mosquitto/roundsman"


@contextmanager
def shipped_broker(folder: Path, authority: Authority, agency: str = "squaretown") -> Iterator[Mosquitto]:
    """It runs, for who has a certificate of the authority's; ``folder`` is made."""
    folder.mkdir()
    own = authority.issue("broker")
    access = SHIPPED.joinpath("access.acl").read_text(encoding="utf-8")
    (folder / "access.acl").write_text(access.replace("AGENCY", agency), encoding="utf-8")
    settings = SHIPPED.joinpath("mosquitto.conf").read_text(encoding="utf-8")
    for shipped, here in (
        ("listener 8883\n", "listener {port} 127.0.0.1\n"),
        ("persistence_location /var/lib/mosquitto/\n", "persistence_location {folder}/\n"),
        (f"{WHERE}/ca.pem", str(authority.ca)),
        (f"{WHERE}/broker.pem", str(own.cert)),
        (f"{WHERE}/broker.key", str(own.key)),
        (f"{WHERE}/revoked.pem", str(authority.crl)),
        (f"{WHERE}/access.acl", str(folder / "access.acl")),
    ):
        assert settings.count(shipped) == 1, shipped
        settings = settings.replace(shipped, here)
    assert "/etc/" not in settings.replace("#", "")
    with running(folder, f"user root\nlog_dest file {folder}/mosquitto.log\n", settings) as broker:
        yield broker
