"""Whether the broker can be reached: a connection and, where it is set, TLS.

Must not log in: that would end the daemon's session.
"""

import socket
import ssl
from collections.abc import Iterator
from typing import Final

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.tls_files import context_of
from edge.vehicle.checks.finding import Finding
from edge.vehicle.config import VehicleConfig

PATIENCE_S: Final = 10.0


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the way to headquarters; without one a car patrols all the same."""
    if config.link == "off":
        yield Finding("ok", "the car works alone (link = off)")
        return
    yield of_broker(config.broker)


def of_broker(broker: BrokerConfig) -> Finding:
    """One attempt."""
    named = f"{broker.host}:{broker.port}"
    try:
        with socket.create_connection((broker.host, broker.port), PATIENCE_S) as bare:
            if broker.ca is not None:
                context = context_of(broker.ca, broker.cert, broker.key)
                with context.wrap_socket(bare, server_hostname=broker.host):
                    pass
    except ssl.SSLCertVerificationError as error:
        return Finding("warning", f"{named} shows a certificate that does not hold here: {error.verify_message}")
    except UserError as error:
        return Finding("fault", str(error))
    except OSError as error:
        why = error.strerror or str(error)
        return Finding("warning", f"{named} cannot be reached ({why}): records wait in the car; see to the network")
    return Finding("ok", f"{named} answers")
