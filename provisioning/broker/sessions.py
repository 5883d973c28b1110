"""What the broker is made to do to a client: refuse its certificate, and end the session it has.

mosquitto reads the list of the revoked anew when it is told to, and leaves running sessions alone. But a client id is a
certificate's name there, and one name has one session: so who connects by a fresh certificate of that name takes the
session over, and ends it. That the list is in force shows by a certificate made to be refused. Must not sign or revoke.
"""

import ssl
import threading
import time
from typing import Final

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig, make_client
from edge.text.plain import plain

WITHIN_S: Final = 30.0
"""In which the broker must have read its list, and then have ended a session."""

_PAUSE_S: Final = 0.1


def wait_until_refused(broker: BrokerConfig, within_s: float = WITHIN_S) -> None:
    """Until the broker refuses a certificate that is on its list. Raises UserError where it goes on accepting it."""
    until = time.monotonic() + within_s
    why = "it still accepts revoked certificates"
    while time.monotonic() < until:
        try:
            client = make_client("", broker)
            client.connect(broker.host, broker.port)
            client.disconnect()
        except ssl.SSLError as error:
            if "revoked" in str(error):
                return
            why = plain(str(error), 120)
        except OSError as error:
            why = plain(error.strerror or str(error), 120)
        time.sleep(_PAUSE_S)
    where = f"{broker.host}:{broker.port}"
    msg = f"the broker at {where} has not read its list of the revoked ({why}); reload it, and revoke again"
    raise UserError(msg)


def take_over(broker: BrokerConfig, name: str, within_s: float = WITHIN_S) -> None:
    """End the session of a name by taking it over, and leave. Raises UserError where that does not happen in time."""
    taken = threading.Event()
    client = make_client(name, broker)
    client.on_connect = lambda _client, _data, _flags, reason, _properties: None if reason.is_failure else taken.set()
    try:
        client.connect(broker.host, broker.port)
        client.loop_start()
        held = taken.wait(within_s)
    except OSError as error:
        msg = f"{name}: its session may go on: {broker.host}:{broker.port} does not answer ({error}); revoke it again"
        raise UserError(msg) from error
    finally:
        client.disconnect()
        client.loop_stop()
    if not held:
        msg = f"{name}: its session may go on: the broker let nobody else have it; revoke it again"
        raise UserError(msg)
