"""Between a broker of the vehicles and one of headquarters: carries messages on, some twice, some late.

MQTT promises neither once (QoS 1) nor order over two brokers; this breaks both on purpose, both ways.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.mqtt.broker import BrokerConfig, make_client

REPEAT, HOLD_BACK = 0.15, 0.15
UP, DOWN = "roundsman/v1/+/vehicles/#", "roundsman/v1/+/hq/#"


@contextmanager
def shuffler(near: int, far: int) -> Iterator[Counter[str]]:
    """Carries between two ports; counts ``events``, what was ``repeated``, and what was ``moved`` behind the next."""
    chance, counted = random.Random(11), Counter[str]()  # noqa: S311 - reproducible chance
    ends = [make_client("shuffler", BrokerConfig(port=port)) for port in (near, far)]
    for here, there, topic in ((ends[0], ends[1], UP), (ends[1], ends[0], DOWN)):
        here.on_connect = lambda client, *_, topic=topic: client.subscribe(topic, qos=1)
        here.on_message = _carry(there, chance, counted)
    for client, port in zip(ends, (near, far), strict=True):
        client.connect("127.0.0.1", port)
        client.loop_start()
    try:
        yield counted
    finally:
        for client in ends:
            client.disconnect()
            client.loop_stop()


def _carry(there: mqtt.Client, chance: random.Random, counted: Counter[str]) -> Any:
    late: list[mqtt.MQTTMessage] = []

    def on_message(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        counted["events"] += message.topic.endswith("/events")
        if chance.random() < HOLD_BACK and not late and not message.retain:
            late.append(message)
            return
        _send(there, message)
        if chance.random() < REPEAT:
            counted["repeated"] += 1
            _send(there, message)
        while late:
            counted["moved"] += 1
            _send(there, late.pop())

    return on_message


def _send(there: mqtt.Client, message: mqtt.MQTTMessage) -> None:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.UserProperty = getattr(message.properties, "UserProperty", [])
    kept = message.topic.endswith(("/status", "/visits"))
    there.publish(message.topic, message.payload, qos=1, retain=kept, properties=properties)
