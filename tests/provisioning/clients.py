"""Somebody at a broker with a certificate, for tests of who may write and read what."""

from typing import Final

from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.mqtt.broker import BrokerConfig, make_client
from tests.waiting import wait_for

NOT_AUTHORIZED: Final = 0x87


class Client:
    """Somebody with a certificate; what it heard, and what the broker said to what it wrote."""

    def __init__(self, broker: BrokerConfig, client_id: str) -> None:
        self.heard: list[str] = []
        self.ended: list[str] = []
        self._answers: dict[int, int] = {}
        self._subscribed: set[int] = set()
        self._client = make_client(client_id, broker)
        self._client.on_message = lambda _c, _d, message: self.heard.append(message.topic)
        self._client.on_publish = lambda _c, _d, mid, reason, _p: self._answers.__setitem__(mid, reason.value)
        self._client.on_subscribe = lambda _c, _d, mid, _r, _p: self._subscribed.add(mid)
        self._client.on_disconnect = lambda _c, _d, _f, reason, _p: self.ended.append(str(reason))
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()
        wait_for(self._client.is_connected)

    def writes(self, topic: str) -> bool:
        """Whether the broker takes a message on a topic."""
        mid = self._client.publish(topic, b"{}", qos=1, retain=True).mid
        wait_for(lambda: mid in self._answers)
        assert self._answers[mid] in (0, 0x10, NOT_AUTHORIZED)
        return self._answers[mid] != NOT_AUTHORIZED

    def listens(self, *topics: str) -> None:
        """Subscribe; the broker has answered."""
        mid = self._client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in topics])[1]
        wait_for(lambda: mid in self._subscribed)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()
