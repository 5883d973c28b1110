"""How either end reaches the broker: the same settings, the same MQTT 5 client.

Must not subscribe or publish anything itself.
"""

import contextlib
import select
import socket
import ssl
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator

from edge.mqtt import properties
from edge.mqtt.buffered import BufferedSocket
from edge.mqtt.tls_files import context_of
from edge.text.strictness import WRITTEN

VERDICT_S: Final = 2.0
"""How long a broker may take to judge our certificate; on a slower network its verdict may be lost."""


def _a_name(host: str) -> str:
    """What no name server can be asked for would raise no OSError when it is."""
    try:
        usable = host == host.strip() and bool(host.encode("idna"))
    except UnicodeError:
        usable = False
    if not usable:
        msg = f"{host!r} is not a host name or address"
        raise ValueError(msg)
    return host


HostName: TypeAlias = Annotated[str, AfterValidator(_a_name)]


class BrokerConfig(BaseModel):
    """Where the broker is, and who we are to it: a certificate, or a name and a password on a bench."""

    model_config = WRITTEN
    host: HostName = "127.0.0.1"
    port: int = Field(1883, ge=1, le=65535)
    username: str | None = None
    password: SecretStr | None = None
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _whole(self) -> "BrokerConfig":
        if (self.cert is None) != (self.key is None):
            msg = "cert and key go together; give both or neither"
            raise ValueError(msg)
        if self.cert is not None and self.ca is None:
            msg = "cert and key work only with TLS; set ca to the CA certificate that signed the broker's"
            raise ValueError(msg)
        return self


class Client(mqtt.Client):
    """paho's, which goes over a connection that is ``opened`` already, where there is one.

    paho connects to a name by itself, but has one patience for all its addresses; and to a bare address only with TLS
    that asks for a certificate of that address.
    """

    opened: socket.socket | None = None

    def let_under_way(self, count: int) -> None:
        """So many publications may wait for their confirmation: paho lets 20, whatever a broker says in its welcome.

        Its own setter refuses to work on a connection, which is when the broker says it.
        """
        self._max_inflight_messages = count

    def pending(self) -> int:
        """Bytes that are here already, not read yet."""
        connection = self.socket()
        return connection.pending() if isinstance(connection, BufferedSocket) else 0

    def _create_socket(self) -> BufferedSocket:
        return BufferedSocket(super()._create_socket())

    def _create_socket_connection(self) -> socket.socket:
        opened, self.opened = self.opened, None
        return opened or super()._create_socket_connection()


def make_client(client_id: str, broker: BrokerConfig) -> Client:
    """An MQTT 5 client for the broker, not yet connected.

    Raises UserError naming the certificate file that cannot be used.
    """
    properties.use()
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
    client.max_queued_messages_set(0)
    if broker.username is not None:
        client.username_pw_set(broker.username, broker.password.get_secret_value() if broker.password else None)
    if broker.ca is not None:
        context = context_of(broker.ca, broker.cert, broker.key)
        context.sslsocket_class = _TlsSocket
        client.tls_set_context(context)
    return client


class _TlsSocket(ssl.SSLSocket):
    """A handshake that ends with the broker's word on our certificate, and leaves nothing open where it fails."""

    def do_handshake(self, block: bool = False) -> None:
        """Raises ssl.SSLError, with the broker's alert where it gives one.

        With TLS 1.3 the broker judges us when our handshake is over already, and if we had sent something by then, a
        reset would overtake its alert. So we wait for its word: if it takes us, that is a session ticket.
        """
        try:
            super().do_handshake(block)
            if select.select([self], [], [], VERDICT_S)[0]:
                self._hear()
        except OSError:
            self.close()
            raise

    def _hear(self) -> None:
        """Read what came: a broker never speaks MQTT first, so there is nothing to lose."""
        patience = self.gettimeout()
        self.setblocking(False)
        with contextlib.suppress(ssl.SSLWantReadError):
            self.recv(1)
        self.settimeout(patience)
