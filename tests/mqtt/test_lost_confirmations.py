"""A broker that loses confirmations, or throttles, over real sockets: nothing waits for ever, at either end."""

from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from tests.agency.square import square_agency
from tests.mqtt.both_ends import both
from tests.mqtt.test_limits import OTHER, PLAN, documents
from tests.strict_broker import strict
from tests.strict_rules import Fate
from tests.vehicle.link.headquarters import TOPICS, UNIT
from tests.vehicle.link.signing import agency
from tests.waiting import wait_for

__all__ = ["agency", "square_agency"]

EVENTS, ACKS = TOPICS.events(UNIT), TOPICS.acks(UNIT)


@pytest.mark.parametrize("fate", ["lost", "unconfirmed"])
def test_a_lost_puback_of_the_last_record_costs_less_than_a_minute(fate: Fate, agency: Agency, tmp_path: Path) -> None:
    """The record is lost with it, or not: it comes again in the same session, though every status is confirmed."""
    records = [0]

    def lose(_client: str, topic: str, _count: int) -> Fate:
        records[0] += topic == EVENTS
        return fate if topic == EVENTS and records[0] == 3 else ""

    with strict(fate=lose) as broker, both(agency, broker.port, tmp_path) as (one, _):
        one.record(3)
        wait_for(lambda: one.acknowledged == 3)
        assert broker.welcomed.count(UNIT) == 1
        assert broker.breaches == []


def test_a_session_whose_confirmations_are_all_lost_is_given_up(agency: Agency, tmp_path: Path) -> None:
    """With room for two, two lost ones leave none: a new session, and all get through."""
    records = [0]

    def lose(_client: str, topic: str, _count: int) -> Fate:
        records[0] += topic == EVENTS
        return "lost" if topic == EVENTS and records[0] in {2, 3} else ""

    with strict(fate=lose, under_way=2) as broker, both(agency, broker.port, tmp_path) as (one, _):
        one.record(20)
        wait_for(lambda: one.acknowledged == 20)
        assert broker.welcomed.count(UNIT) == 2
        assert broker.breaches == []


def test_lost_confirmations_of_acknowledgments_do_not_silence_headquarters(agency: Agency, tmp_path: Path) -> None:
    """It may have a few under way: each one lost would take its place for ever."""

    def lose(client: str, topic: str, _count: int) -> Fate:
        return "unconfirmed" if topic == ACKS else ""

    with strict(fate=lose, under_way=5) as broker, both(agency, broker.port, tmp_path) as (one, _):
        for count in range(1, 13):
            one.record(1)
            wait_for(lambda count=count: one.acknowledged == count)  # type: ignore[misc]
        assert broker.breaches == []


def test_a_document_whose_confirmation_is_lost_is_sent_again(agency: Agency, tmp_path: Path) -> None:
    """Or the cars would go without their plan, and the documents behind it would wait for ever."""
    plans = [0]

    def lose(_client: str, topic: str, _count: int) -> Fate:
        plans[0] += topic == PLAN
        return "lost" if topic == PLAN and plans[0] == 1 else ""

    with strict(fate=lose) as broker, both(agency, broker.port, tmp_path, documents(100)):
        wait_for(lambda: {PLAN, OTHER} <= broker.retained.keys())
        assert plans[0] == 2


@pytest.mark.parametrize(
    "throttle",
    [{"over": "drop", "burst": 20}, {"over": "delay"}, {"over": "hang_up", "burst": 40}],
    ids=["drops", "delays", "hangs up"],
)
def test_a_broker_that_throttles_gets_no_more_than_it_takes(
    throttle: dict[str, Any], agency: Agency, tmp_path: Path
) -> None:
    """400 records at 100 a second: all arrive, and the connection is not made anew over and over."""
    with strict(rate=100.0, **throttle) as broker, both(agency, broker.port, tmp_path) as (one, _):
        one.record(400)
        wait_for(lambda: one.acknowledged == 400)
        assert broker.welcomed.count(UNIT) <= (6 if throttle["over"] == "hang_up" else 1)
