"""The broker's settings and access list for one agency and folder. Pure, but for the shipped files it starts from."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from provisioning.fleet.settings import FILES

CONF: Final = "mosquitto.conf"
ACCESS: Final = "access.acl"
CA: Final = "ca.pem"
OWN_PEM: Final = "broker.pem"
OWN_KEY: Final = "broker.key"
REVOKED: Final = "revoked.pem"
_TO_DO: Final = ": put its id in place of AGENCY"


def render_broker(folder: Path, agency: str, port: int) -> Mapping[str, str]:
    """``mosquitto.conf`` and ``access.acl``. ``folder``: where they and the certificates will be."""
    shipped = files("provisioning.broker")
    conf = shipped.joinpath(CONF).read_text(encoding="utf-8")
    conf = conf.replace("listener 8883\n", f"listener {port}\n").replace(f"{FILES}/", f"{folder}/")
    access = shipped.joinpath(ACCESS).read_text(encoding="utf-8").replace(_TO_DO, "")
    return {CONF: conf, ACCESS: access.replace("AGENCY", agency)}
