"""A message that paho cannot read is passed over and acknowledged, instead of ending the connection.

paho takes U+FEFF in a property for a breach of MQTT (it is none: the standard allows it, brokers pass it on) and hangs
up; the broker then sends the message again to the next connection, and so on. One vehicle could silence whoever
listens to it. Must not read a message itself.
"""

import struct
from collections.abc import Callable
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.exception import MalformedPacket

QOS: Final = 0x06
ONCE: Final = 0x02


def tolerate(client: mqtt.Client, passed_over: Callable[[str], None]) -> None:
    """Have a client pass over what it cannot read; ``passed_over`` is told why, each time."""
    read = client._handle_publish

    def handle_publish() -> MQTTErrorCode:
        packet = client._in_packet
        try:
            return read()
        except (MalformedPacket, UnicodeDecodeError, struct.error) as error:
            passed_over(str(error))
            return _acknowledge(client, packet["command"], bytes(packet["packet"]))

    client._handle_publish = handle_publish  # type: ignore[method-assign]


def _acknowledge(client: mqtt.Client, command: int, packet: bytes) -> MQTTErrorCode:
    """Have the broker forget the message. Its number stands behind its topic."""
    if command & QOS != ONCE:
        return MQTTErrorCode.MQTT_ERR_SUCCESS
    try:
        (topic,) = struct.unpack_from("!H", packet)
        (number,) = struct.unpack_from("!H", packet, 2 + topic)
    except struct.error:
        return MQTTErrorCode.MQTT_ERR_PROTOCOL  # it ends before its number: no broker sends that
    return client._send_puback(number)
