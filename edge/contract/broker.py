"""How either end reaches the broker: the same settings, the same MQTT 5 client.

Must not subscribe or publish anything itself.
"""

import ssl
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from edge.errors import UserError

KEEPALIVE_S = 20
"""A frozen broker is noticed after twice this."""


class BrokerConfig(BaseModel):
    """Where the broker is, and who we are to it: a certificate, or a name and a password on a bench."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    host: str = "127.0.0.1"
    port: int = Field(1883, ge=1, le=65535)
    username: str | None = None
    password: SecretStr | None = None
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _whole(self) -> "BrokerConfig":
        if (self.cert is None) != (self.key is None):
            msg = "cert and key belong together; give both or none"
            raise ValueError(msg)
        if self.cert is not None and self.ca is None:
            msg = "cert and key are used with TLS only; give ca, the certificate that the broker's is signed with"
            raise ValueError(msg)
        return self


def make_client(client_id: str, broker: BrokerConfig) -> mqtt.Client:
    """An MQTT 5 client for the broker, not yet connected.

    Raises UserError where a certificate file cannot be read.
    """
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
    client.max_queued_messages_set(0)
    if broker.username is not None:
        client.username_pw_set(broker.username, broker.password.get_secret_value() if broker.password else None)
    if broker.ca is not None:
        try:
            context = ssl.create_default_context(cafile=str(broker.ca))
            if broker.cert is not None and broker.key is not None:
                context.load_cert_chain(broker.cert, broker.key)
        except (OSError, ssl.SSLError) as error:
            msg = f"broker.ca, broker.cert or broker.key cannot be used ({error}); check the three files"
            raise UserError(msg) from error
        client.tls_set_context(context)
    return client
