"""What a broker accepts, as its welcome states; where it states nothing, what MQTT 5 has it accept.

Must not send anything: `connection` obeys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from paho.mqtt.properties import Properties

MOST: Final = 268_435_455 + 5
"""Bytes: no packet of MQTT can be longer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``under_way``: publications not confirmed yet; ``largest``: bytes of a packet; ``qos``: of ours, 0 or 1.

    ``retains``, ``wildcards``, ``shared``: retained messages; subscriptions with ``+`` and ``#``; shared ones.
    """

    under_way: int = 65_535
    largest: int = MOST
    qos: int = 1
    retains: bool = True
    wildcards: bool = True
    shared: bool = True

    def within(self, welcome: Properties) -> "Limits":
        """These, where the broker's welcome does not narrow them."""
        return Limits(
            under_way=min(self.under_way, _stated(welcome, "ReceiveMaximum", self.under_way) or 1),
            largest=min(self.largest, _stated(welcome, "MaximumPacketSize", self.largest)),
            qos=min(self.qos, _stated(welcome, "MaximumQoS", self.qos)),
            retains=self.retains and bool(_stated(welcome, "RetainAvailable", 1)),
            wildcards=self.wildcards and bool(_stated(welcome, "WildcardSubscriptionAvailable", 1)),
            shared=self.shared and bool(_stated(welcome, "SharedSubscriptionAvailable", 1)),
        )

    def after(self, reason: int) -> "Limits | None":
        """These and what a broker forbids that ended a connection for this reason; None where that teaches nothing."""
        if reason == EXCEEDED:
            return replace(self, under_way=max(1, min(self.under_way, FEW) // 2))
        lesson = FORBIDDEN.get(reason)
        return None if lesson is None else replace(self, **lesson)


class TooLongError(Exception):
    """A message has more bytes than the broker accepts: so many, and at most so many."""

    def __init__(self, length: int, largest: int) -> None:
        super().__init__(length, largest)
        self.length, self.largest = length, largest


EXCEEDED: Final = 0x93
"""More publications were under way than the broker takes."""

FEW: Final = 64

FORBIDDEN: Final[Mapping[int, Mapping[str, Any]]] = {
    0x9A: {"retains": False},
    0x9B: {"qos": 0},
    0x9E: {"shared": False},
    0xA2: {"wildcards": False},
}
"""Reasons of MQTT 5 for the end of a connection."""


def _stated(welcome: Properties, name: str, otherwise: int) -> int:
    value: int = getattr(welcome, name, otherwise)
    return value


def packet_length(topic: str, payload: bytes, properties: Properties) -> int:
    """Bytes of a publication at QoS 1: a first one, its length in sevens of bits, and what that counts."""
    beside = properties.pack()  # type: ignore[no-untyped-call]  # paho leaves it untyped
    length = 2 + len(topic.encode()) + 2 + len(beside) + len(payload)
    return 1 + -(-length.bit_length() // 7) + length
