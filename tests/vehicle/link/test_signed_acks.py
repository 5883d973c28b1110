"""Acknowledgements by the key that the bundle names for them: no other moves the cursor; without one each is heard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract import signed_acks
from edge.contract.agency import Agency
from edge.contract.keys import DailyKey
from edge.contract.messages import Ack, encode
from edge.contract.signing import public_key_of
from edge.contract.topics import Topics
from edge.errors import UserError
from edge.vehicle.inbox import Acknowledged
from edge.vehicle.link.inbound import Inbound
from tests.brokers import Mosquitto
from tests.vehicle.link.headquarters import UNIT, car, headquarters
from tests.vehicle.link.signing import FOREIGN_KEY, KEY
from tests.waiting import wait_for
from tests.words import shown

ACKS_KEY, PLAN_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (7, 8))
EXPIRES = datetime(2099, 1, 1, tzinfo=UTC)
TOPIC = Topics("squaretown").acks(UNIT)
ACK = encode(Ack(unit=UNIT, ledger="x", seq=7, head="ab" * 32))


@pytest.fixture(scope="module")
def with_roles(agency: Agency) -> Agency:
    """Squaretown, whose bundle names a key for acknowledgements, and one for plans."""
    named = {"acks": ACKS_KEY, "plan": PLAN_KEY}
    keys = {role: (DailyKey(key=public_key_of(key), expires=EXPIRES),) for role, key in named.items()}
    return replace(agency, daily_keys=keys)


def beside(key: Ed25519PrivateKey, payload: bytes = ACK) -> dict[str, str]:
    return {"signature": signed_acks.signature_of(payload, key)}


def test_a_signed_acknowledgement_is_heard(with_roles: Agency) -> None:
    """However its JSON was written on the way."""
    inbound = Inbound(with_roles, UNIT, "2")
    for payload in (ACK, ACK.replace(b",", b", ")):
        said = inbound.read(TOPIC, payload, beside(ACKS_KEY))
        assert isinstance(said, Ack)
        assert said.seq == 7


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({}, "not signed, though the current bundle requires signed"),
        (beside(FOREIGN_KEY), "not signed with an acks key listed in the current bundle"),
        (beside(PLAN_KEY), "which may not sign this"),
        (beside(KEY), "it is signed with the agency key, which signs bundles only"),
        (beside(ACKS_KEY, ACK.replace(b'"seq":7', b'"seq":9')), "not signed with"),
        ({"signature": "no hexadecimal"}, "not signed with"),
    ],
    ids=["unsigned", "foreign", "plan", "agency", "changed", "garbage"],
)
def test_a_forged_acknowledgement_is_refused(properties: dict[str, str], sentence: str, with_roles: Agency) -> None:
    """A vehicle may forget what is acknowledged."""
    with pytest.raises(UserError, match=f"^acknowledgment rejected: .*{sentence}"):
        Inbound(with_roles, UNIT, "2").read(TOPIC, ACK, properties)


def test_an_expired_key_acknowledges_nothing_where_the_time_is_known(with_roles: Agency) -> None:
    """The records stay in the car; the sentence names key and date."""
    after = (EXPIRES + timedelta(days=1)).timestamp()
    with pytest.raises(UserError, match="which expired on 2099-01-01"):
        Inbound(with_roles, UNIT, "2", lambda _: after).read(TOPIC, ACK, beside(ACKS_KEY))
    assert Inbound(with_roles, UNIT, "2", lambda _: None).read(TOPIC, ACK, beside(ACKS_KEY))


def test_a_bundle_that_names_no_such_key_demands_nothing(agency: Agency, with_roles: Agency) -> None:
    """Neither one without roles, nor one with a key for plans alone; a signature does no harm there."""
    plans_only = replace(with_roles, daily_keys={"plan": with_roles.daily_keys["plan"]})
    for one in (agency, plans_only):
        for properties in ({}, beside(FOREIGN_KEY)):
            assert isinstance(Inbound(one, UNIT, "2").read(TOPIC, ACK, properties), Ack)


def test_the_cursor_follows_the_right_key_alone(mosquitto: Mosquitto, with_roles: Agency, tmp_path: Path) -> None:
    """Over a real broker: unsigned and forged ones move nothing, and the screen says so; then records are delivered."""
    with headquarters(mosquitto.port) as hq, car(with_roles, mosquitto.port, tmp_path) as one:
        one.record(5)
        wait_for(lambda: "Acknowledgment rejected: not signed" in shown(one.view.notice))
        hq.key = FOREIGN_KEY
        hq.acknowledge()
        wait_for(lambda: "Acknowledgment rejected: not signed with" in shown(one.view.notice))
        assert one.acknowledged == 0
        assert not any(isinstance(item, Acknowledged) for item in one.posted)
        assert hq.came == []
        hq.key = ACKS_KEY
        hq.acknowledge()
        wait_for(lambda: one.acknowledged == 5)
        assert len(hq.held) == 5
