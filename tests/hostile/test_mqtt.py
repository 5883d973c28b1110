"""Hostile messages to a vehicle: none a crash, no forged plan believed, and the rules stay sound."""

import contextlib
import json
import random
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.agency import Agency
from edge.contract.messages import Ack, VisitDoc, Visits, encode
from edge.contract.records import encode_event
from edge.contract.topics import Topics
from edge.domain.inputs import AdoptPlan, Input, MergeVisits, Tick
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.inbox import Item, PlanVerified
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.checkpoint import STATE
from edge.vehicle.view.make import snapshot_of
from edge.vehicle.view.snapshot import GpsView, LinkView
from tests.brokers import Mosquitto
from tests.hostile import mqtt_fuzz
from tests.vehicle.link.headquarters import UNIT, car, headquarters
from tests.vehicle.link.signing import DISTRICT, plan_body, signed_plan
from tests.vehicle.town_shift import UTC, inputs, other_visit, setting
from tests.waiting import PATIENCE_S, wait_for

TOPICS = Topics("squaretown")
LONGEST = 320  # characters of a refusal


def corpus(agency: Agency) -> list[tuple[str, dict[str, Any]]]:
    """Good messages with their topics; the plan twice, for it has the most fields."""
    visit = other_visit(agency)
    visits = [VisitDoc.of(replace(visit, id=f"car-2:x:{n}", counted=n % 2 == 0)) for n in range(3)]
    plan = plan_body(agency)
    good = (
        (TOPICS.acks(UNIT), Ack(unit=UNIT, ledger="x", seq=7, head="ab" * 32)),
        (TOPICS.visits("car-2"), Visits(unit="car-2", shift=visit.shift, visits=tuple(visits))),
        (TOPICS.hq(f"plan/{DISTRICT}/{plan['shift']}"), signed_plan(plan)),
    )
    return [(topic, json.loads(encode(message))) for topic, message in (*good, good[-1])]


class Rules:
    """The rules of a vehicle in the middle of a shift, told what was accepted."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self._setting = setting(agency)
        self._begin = State(UNIT, "x")
        for given in [*inputs(agency)][:200]:
            self._begin, _ = decide(self._setting, self._begin, given)
        self.state = self._begin
        self.told = 0

    def tell(self, said: Any) -> None:
        """What the link would post; then a second passes."""
        if isinstance(said, PlanVerified):
            self._decide(AdoptPlan(self.state.mono, said.plan))
        elif isinstance(said, tuple):
            self._decide(MergeVisits(self.state.mono, said))
        self._decide(Tick(self.state.mono + 1.0, UTC + self.state.mono + 1.0))
        self.told += 1
        if self.told % 50 == 0:
            self.check()
            self.state = self._begin

    def check(self) -> None:
        """The state can be kept and taken up again, and shown."""
        assert STATE.validate_json(STATE.dump_json(self.state)) == self.state
        shown = snapshot_of(self._agency, self.state, self.state.mono, LinkView(), GpsView(), ())
        json.dumps(asdict(shown), allow_nan=False)

    def _decide(self, given: Input) -> None:
        self.state, events = decide(self._setting, self.state, given)
        for event in events:
            encode_event(event)


COUNTS = [pytest.param(20_000, id="20,000"), pytest.param(500_000, id="500,000", marks=pytest.mark.long)]


@pytest.mark.parametrize("count", COUNTS)
def test_no_hostile_message_is_a_crash_or_a_plan(count: int, agency: Agency) -> None:
    """Each is refused in one short sentence or understood; of plans only what the agency signed, by the byte."""
    rng, inbound, rules = random.Random(count), Inbound(agency, UNIT, DISTRICT), Rules(agency)  # noqa: S311
    good = corpus(agency)
    genuine = Inbound(agency, UNIT, DISTRICT).read(good[2][0], json.dumps(good[2][1]).encode())
    assert isinstance(genuine, PlanVerified)
    seen: Counter[str] = Counter()
    longest = 0
    for _ in range(count):
        topic, document = rng.choice(good)
        try:
            said = inbound.read(mqtt_fuzz.topic(rng, topic), mqtt_fuzz.payload(rng, document))
        except UserError as error:
            longest = max(longest, len(str(error)))
            seen["refused"] += 1
            continue
        seen[type(said).__name__] += 1
        if isinstance(said, PlanVerified):
            assert said.plan == genuine.plan
        rules.tell(said)
    rules.check()
    assert longest < LONGEST
    assert set(seen) == {"refused", "Ack", "PlanVerified", "tuple", "NoneType"}, seen


@pytest.mark.parametrize("count", COUNTS)
def test_the_rules_stand_whatever_the_agency_signs(count: int, agency: Agency) -> None:
    """A newer or broken headquarters may sign odd plans: refused in a sentence, or obeyed without a crash."""
    rng, inbound, rules = random.Random(count), Inbound(agency, UNIT, DISTRICT), Rules(agency)  # noqa: S311
    body, obeyed = plan_body(agency), 0
    for _ in range(count // 20):
        try:
            odd = json.loads(mqtt_fuzz.changed(rng, body))
            signed = signed_plan(odd)
        except (ValueError, UserError, RecursionError):
            continue  # what has no canonical form cannot be signed
        try:
            said = inbound.read(TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), signed.model_dump_json().encode())
        except UserError:
            continue
        assert isinstance(said, PlanVerified)
        obeyed += 1
        rules.tell(said)
    rules.check()
    assert obeyed > count // 400


@pytest.mark.parametrize(
    "topic",
    [
        "", "/", "x", "roundsman/v1/squaretown2/vehicles/car-2/visits", "roundsman/v1/squaretown/vehicles/car-2/status",
        "roundsman/v1/squaretown/vehicles/a/b/visits", "roundsman/v1/squaretown/vehicles//visits",
        "roundsman/v1/squaretown/hq/acks/car-2", "roundsman/v1/squaretown/hq/plan/1/2026-10-14/day",
        "roundsman/v1/squaretown/hq/plan/2/2026-10-14", "roundsman/v1/squaretown/hq/plan/2/2026-10-14/day/x",
        "$SYS/broker/uptime", "x" * 60_000,
    ],
)  # fmt: skip
def test_what_comes_on_another_topic_is_refused(topic: str, agency: Agency) -> None:
    """A broker with a wrong access list or bridge: not even a good message is taken, and the topic is named."""
    inbound = Inbound(agency, UNIT, DISTRICT)
    for _, document in corpus(agency):
        with pytest.raises(UserError, match=r"^received a message on") as caught:
            inbound.read(topic, json.dumps(document).encode())
        assert len(str(caught.value)) < LONGEST


def test_odd_properties_do_not_keep_a_link_away(mosquitto: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """Retained by one car, paho would end the connection of every other over them, again and again."""
    topic, document = corpus(agency)[1]
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.UserProperty = [("odd", "\ufeff")]
    with headquarters(mosquitto.port) as hq, car(agency, mosquitto.port, tmp_path) as made:
        sent = hq.client.publish(topic, json.dumps(document).encode(), qos=1, retain=True, properties=properties)
        sent.wait_for_publish(PATIENCE_S)
        made.record(5)
        wait_for(lambda: made.acknowledged == 5)
        made.record(5)
        wait_for(lambda: made.acknowledged == 10)


def versions(posted: list[Item]) -> set[int]:
    """Of the plans that were believed."""
    return {one.plan.version for one in posted if isinstance(one, PlanVerified)}


def test_a_live_link_outlives_thousands(mosquitto: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """Through a real broker, on every topic it hears; at the end a good plan is obeyed and records are delivered."""
    rng, good = random.Random(3), corpus(agency)  # noqa: S311
    with headquarters(mosquitto.port) as hq, car(agency, mosquitto.port, tmp_path) as made:
        wait_for(lambda: made.view.state == "connected")
        for number in range(3000):
            topic, document = rng.choice(good)
            topic = mqtt_fuzz.topic(rng, topic).replace("+", "-").replace("#", "-").replace("\n", "-") or "-"
            hq.client.publish(
                topic, mqtt_fuzz.payload(rng, document)[:2_000_000], qos=number % 2, retain=number % 7 == 0
            )
        made.record(5)
        wait_for(lambda: made.acknowledged == 5)
        plan = plan_body(agency, version=5)
        for _ in range(15):  # a broker whose queue for the car is full drops what comes
            hq.publish(TOPICS.hq(f"plan/{DISTRICT}/{plan['shift']}"), encode(signed_plan(plan)))
            with contextlib.suppress(AssertionError):
                wait_for(lambda: 5 in versions(made.posted), 2.0)
                break
        assert 5 in versions(made.posted)
        assert versions(made.posted) <= {1, 5}
