"""The wire's version as an MQTT 5 user property, which goes with every message that is published."""

from collections.abc import Mapping
from typing import Final

from paho.mqtt.packettypes import PacketTypes

from edge.contract.wire import ANNOUNCEMENT
from edge.mqtt.properties import Properties


def _announcement(packet: int, *beside: tuple[str, str]) -> Properties:
    properties = Properties(packet)
    properties.UserProperty = [ANNOUNCEMENT, *beside]
    return properties


def of_message(beside: Mapping[str, str]) -> Properties:
    """The version, and what else goes beside a message."""
    return _announcement(PacketTypes.PUBLISH, *beside.items()) if beside else OF_MESSAGE


OF_MESSAGE: Final = _announcement(PacketTypes.PUBLISH)
OF_WILL: Final = _announcement(PacketTypes.WILLMESSAGE)
