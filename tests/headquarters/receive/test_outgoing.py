"""What headquarters has retained at a broker that ends the connection at one document: left out, and tried again."""

from dataclasses import dataclass, field
from typing import Any, cast

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from edge.headquarters.parties import receiver
from edge.headquarters.receive.outgoing import ENDS, LEFT_OUT_S, Outgoing
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.connection import Connection
from edge.mqtt.faults import Faults
from edge.mqtt.limits import Limits
from edge.mqtt.probe import Probe

PLAN, OTHER = "fleet/hq/plan/1/night", "fleet/hq/context"


@dataclass
class Broker:
    """A broker and the connections to it: it confirms everything but what is on ``closes_on``, where it hangs up."""

    closes_on: str
    retained: dict[str, bytes] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.outgoing = Outgoing(Faults(BrokerConfig(), receiver("receiver-1")), Probe(lambda _now: None, 4.0))

    def publish(self, topic: str, payload: bytes, _beside: object, *, retain: bool) -> int:
        """A document comes."""
        self.tried.append(topic)
        if topic != self.closes_on and retain:
            self.retained[topic] = payload
            self.outgoing.on_publish(cast(Any, None), None, len(self.tried), _DONE, None)
        return len(self.tried)

    def check(self, _unconfirmed: object, _now: float) -> None:
        """The connection stands."""

    def session(self, now: float, seconds: float = 0.0) -> None:
        """One connection: both documents are to be retained; it ends at the one, or lasts some seconds."""
        self.tried.clear()
        self.outgoing.begin(cast(Connection, self))
        for topic in (PLAN, OTHER):
            self.outgoing.retain(topic, b"x")
        for step in range(1 + int(seconds)):
            for _ in range(3):
                self.outgoing.tend(now + step)
            if self.tried[-1:] == [self.closes_on]:
                break
        self.outgoing.end(now + seconds)


_DONE = ReasonCode(PacketTypes.PUBACK, "Success")


def test_a_document_at_which_connections_end_is_left_out_and_tried_again_after_ten_minutes() -> None:
    """Three connections are lost to it; then the other one gets through, and the first once more each ten minutes."""
    broker = Broker(PLAN)
    for number in range(ENDS):
        broker.session(float(number))
        assert (broker.tried, broker.retained) == ([PLAN], {})
    assert broker.outgoing.trouble == f"the broker closes the connection on {PLAN}"
    broker.session(10.0, LEFT_OUT_S - 20.0)
    assert (broker.tried, broker.retained) == ([OTHER], {OTHER: b"x"})
    broker.session(LEFT_OUT_S - 9.0, 60.0)
    assert broker.tried == [OTHER, PLAN]
    broker.session(LEFT_OUT_S + 60.0, 60.0)
    assert broker.tried == [OTHER]


def test_a_broker_whose_settings_were_corrected_gets_the_document_in_the_same_session() -> None:
    """And nothing is the matter any more."""
    broker = Broker(PLAN)
    for number in range(ENDS):
        broker.session(float(number))
    broker.closes_on = ""
    broker.session(10.0, LEFT_OUT_S)
    assert broker.retained == {PLAN: b"x", OTHER: b"x"}
    assert broker.outgoing.trouble is None
