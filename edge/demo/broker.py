"""The demo's MQTT 5 broker, embedded: rumqttd out of the iotcore wheel, on the loopback.

It has no accounts and keeps nothing over a restart: for a demo, never for a fleet.
"""

import socket
from pathlib import Path
from typing import Final

from iotcore import Broker

CONFIG: Final = """\
id = 0

[router]
id = 0
max_connections = 64
max_outgoing_packet_count = 500
max_segment_size = 10485760
max_segment_count = 10

[v5.1]
name = "demo"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = 1048576
max_inflight_count = 500
"""


def make_broker(folder: Path, port: int) -> Broker:
    """A broker that listens on ``127.0.0.1:port``, to be used in a ``with``; its configuration lies in ``folder``."""
    config = folder / "broker.toml"
    config.write_text(CONFIG.format(port=port), encoding="utf-8")
    return Broker(config_path=str(config))


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
