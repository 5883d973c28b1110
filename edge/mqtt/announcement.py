"""The wire's version as an MQTT 5 user property, which goes with every message that is published."""

from typing import Final

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.wire import ANNOUNCEMENT


def _announcement(packet: int) -> Properties:
    properties = Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.UserProperty = [ANNOUNCEMENT]
    return properties


OF_MESSAGE: Final = _announcement(PacketTypes.PUBLISH)
OF_WILL: Final = _announcement(PacketTypes.WILLMESSAGE)
