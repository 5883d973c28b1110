"""What a broker accepts is obeyed at both ends, and what cannot be done is said in words: one limit at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.agency import Agency
from edge.headquarters.receive.link import Link
from edge.headquarters.store import Store
from edge.mqtt.announcement import of_message
from edge.mqtt.limits import MOST, Limits, packet_length
from tests.agency.square import square_agency
from tests.mqtt.both_ends import both
from tests.mqtt_wire import Message
from tests.strict_broker import StrictBroker, strict
from tests.vehicle.link.headquarters import TOPICS, UNIT
from tests.vehicle.link.signing import agency
from tests.waiting import wait_for
from tests.words import shown

__all__ = ["agency", "square_agency"]

COUNT = 150
"""Records: more than a first window."""

PLAN = TOPICS.hq("plan/9/2026-11-22/night")
OTHER = TOPICS.hq("other")
"""What headquarters has retained for other vehicles than the one here."""


def documents(size: int) -> Callable[[Link], Callable[[Store], None]]:
    """Headquarters has a plan of so many bytes retained, and a small document, once in each session."""

    def tend(link: Link) -> Callable[[Store], None]:
        said = [0]

        def say(_store: Store) -> None:
            if link.connected and said[0] != link.sessions:
                said[0] = link.sessions
                link.retain(PLAN, bytes(size))
                link.retain(OTHER, b"other")

        return say

    return tend


def visits_of_others(broker: StrictBroker) -> bool:
    """Whether the car's own visits have come to the broker."""
    return (UNIT, TOPICS.visits(UNIT)) in broker.published


LIMITS: dict[str, dict[str, Any]] = {
    "none": {},
    "receive maximum 10": {"under_way": 10},
    "receive maximum 1": {"under_way": 1},
    "receive maximum 10, not announced": {"under_way": 10, "stated": False},
    "server keep alive": {"keepalive_s": 1},
    "retain unavailable": {"retains": False},
    "retain unavailable, not announced": {"retains": False, "stated": False},
    "maximum QoS 1": {"qos": 1},
    "maximum QoS 0": {"qos": 0},
    "maximum QoS 0, not announced": {"qos": 0, "stated": False},
    "does not support shared subscriptions": {"shared": False},
    "no shared subscriptions, not announced": {"shared": False, "stated": False},
    "no shared subscriptions, not even a reason": {"shared": False, "stated": False, "hangs_up": False},
    "one filter a subscription": {"filters": 1},
    "8 filters a subscription": {"filters": 8},
    "seven levels": {"levels": 7},
    "seven levels, not even a reason": {"levels": 7, "hangs_up": False},
    "no topic alias": {"alias_maximum": 0},
    "topic aliases": {"alias_maximum": 10},
    "session expiry cut": {"expiry_s": 0},
    "another client id": {"assigned": b"broker-chose-this"},
    "packets of 2,000 bytes": {"largest": 2_000},
    "slow": {"slow_s": 0.01},
}


@pytest.mark.parametrize("limit", LIMITS)
def test_records_get_through_whatever_the_broker_limits(limit: str, agency: Agency, tmp_path: Path) -> None:
    """All of them, from the real link to the real database and back; then the broker is left in peace.

    What a broker does not announce is learned from how it ends the connection, once.
    """
    rules = LIMITS[limit]
    with strict(**rules) as broker, both(agency, broker.port, tmp_path, documents(100)) as (one, hq):
        one.record(COUNT)
        wait_for(lambda: one.acknowledged == COUNT and hq.link.connected)
        if rules.get("retains", True) and rules.get("levels", 8) == 8:
            wait_for(lambda: {PLAN, OTHER, TOPICS.visits(UNIT)} <= broker.retained.keys())
            assert shown(one.view.notice) == ""
            assert hq.link.trouble is None
        learned = len(broker.breaches)
        assert learned == 0 or not rules.get("stated", True) or "levels" in rules, broker.breaches
        one.record(COUNT)
        wait_for(lambda: one.acknowledged == 2 * COUNT)
        assert len(broker.breaches) == learned or "levels" in rules, broker.breaches


def test_a_broker_without_wildcards_takes_no_records_and_both_ends_say_why(agency: Agency, tmp_path: Path) -> None:
    """Headquarters cannot ask for every vehicle then; a car still hears headquarters, and is never thrown out."""
    with strict(wildcards=False) as broker, both(agency, broker.port, tmp_path) as (one, hq):
        wait_for(lambda: hq.link.connected and one.view.state == "connected")
        assert str(hq.link.trouble).startswith(
            "the broker does not allow headquarters to receive from the vehicles (it does not allow wildcard subscript"
        )
        wait_for(lambda: "it does not allow wildcard subscriptions" in shown(one.view.notice))
        assert "receive from headquarters (plan) and other vehicles" in shown(one.view.notice)
        wait_for(lambda: visits_of_others(broker))
        assert broker.breaches == []


def test_a_car_on_a_broker_of_seven_levels_is_told_that_it_gets_no_plans(agency: Agency, tmp_path: Path) -> None:
    """A plan's topic has eight: the car asks no more, headquarters sends it no more, and both say so."""
    with strict(levels=7) as broker, both(agency, broker.port, tmp_path, documents(100)) as (one, hq):
        wait_for(lambda: "receive from headquarters (plan) (it ends the connection" in shown(one.view.notice))
        wait_for(lambda: f"the broker closes the connection on {PLAN}" in str(hq.link.trouble))
        wait_for(lambda: OTHER in broker.retained and one.view.state == "connected")
        one.record(3)
        wait_for(lambda: one.acknowledged == 3)
        learned = len(broker.breaches)
        one.record(3)
        wait_for(lambda: one.acknowledged == 6)
        assert len(broker.breaches) == learned


def test_a_document_longer_than_the_broker_accepts_keeps_nothing_else_back(agency: Agency, tmp_path: Path) -> None:
    """Headquarters stays connected, receives, has the next document retained, and names the first with both sizes."""
    with strict(largest=10_000) as broker, both(agency, broker.port, tmp_path, documents(20_000)) as (one, hq):
        one.record(COUNT)
        wait_for(lambda: one.acknowledged == COUNT and OTHER in broker.retained)
        assert str(hq.link.trouble).startswith(
            f"headquarters' {PLAN} is too large to send: 20,069 bytes, and the broker accepts at most 10,000; check "
        )
        assert broker.breaches == []


def test_a_record_longer_than_the_broker_accepts_is_named_and_what_came_before_is_delivered(
    agency: Agency, tmp_path: Path
) -> None:
    """The status, which is shorter, goes on; nothing is thrown at the broker again and again."""
    with strict(largest=560) as broker, both(agency, broker.port, tmp_path) as (one, _):
        one.record(1)
        wait_for(lambda: "bytes, and the broker accepts at most 560; contact your" in shown(one.view.notice))
        assert shown(one.view.notice).startswith("This vehicle's record 1 is too large to send: ")
        statuses = broker.published.count((UNIT, TOPICS.status(UNIT)))
        wait_for(lambda: broker.published.count((UNIT, TOPICS.status(UNIT))) > statuses + 1)
        assert broker.breaches == []


def test_a_car_that_may_not_hear_the_others_is_told_and_delivers(agency: Agency, tmp_path: Path) -> None:
    """The access list refuses one subscription of several: that one is named, in words of the broker's reason."""
    with strict(deaf_to="/vehicles/+/visits") as broker, both(agency, broker.port, tmp_path) as (one, _):
        wait_for(lambda: "receive from other vehicles (Not authorized); contact your" in shown(one.view.notice))
        one.record(3)
        wait_for(lambda: one.acknowledged == 3)


def test_a_broker_that_retains_nothing_is_told_again_and_again(agency: Agency, tmp_path: Path) -> None:
    """Who comes later hears a car's visits with its next status, and headquarters says what that costs."""
    with strict(retains=False) as broker, both(agency, broker.port, tmp_path) as (_, hq):
        wait_for(lambda: broker.published.count((UNIT, TOPICS.visits(UNIT))) >= 3)
        assert str(hq.link.trouble).startswith("the broker does not keep retained messages, so vehicles may wait")
        assert broker.breaches == []


@pytest.mark.parametrize(("topic", "size", "beside"), [("a", 0, {}), ("a/b", 120, {"x": "y"}), ("ü" * 50, 40_000, {})])
def test_the_length_of_a_packet_is_exact(topic: str, size: int, beside: dict[str, str]) -> None:
    """As it goes over the wire: a byte too many, and the broker ends the connection."""
    properties = of_message(beside)
    packed = bytes(properties.pack())  # type: ignore[no-untyped-call]
    whole = Message(topic, bytes(size), 1, False, packed).packet(1, 7)
    assert packet_length(topic, bytes(size), properties) == len(whole)


def welcome(**stated: int) -> Properties:
    properties = Properties(PacketTypes.CONNACK)  # type: ignore[no-untyped-call]
    for name, value in stated.items():
        setattr(properties, name, value)
    return properties


def test_where_a_welcome_states_nothing_the_standards_defaults_hold() -> None:
    """65,535 under way, packets of any length, QoS 1 at least, everything available."""
    assert Limits().within(welcome()) == Limits(65_535, MOST, 1, True, True, True)
    stated = welcome(ReceiveMaximum=10, MaximumPacketSize=128, MaximumQoS=0, RetainAvailable=0)
    assert Limits().within(stated) == Limits(10, 128, 0, False, True, True)
    stated = welcome(WildcardSubscriptionAvailable=0, SharedSubscriptionAvailable=0, ReceiveMaximum=1)
    assert Limits().within(stated) == Limits(1, MOST, 1, True, False, False)


def test_a_reason_for_the_end_of_a_connection_teaches_what_it_names() -> None:
    """And another teaches nothing."""
    assert Limits().after(0x9A) == Limits(retains=False)
    assert Limits(retains=False).after(0x9B) == Limits(retains=False, qos=0)
    assert [limits and limits.under_way for limits in map(Limits(under_way=40).after, (0x93, 0x8B))] == [20, None]
