"""Publishing a plan: signed, stored with role and reason, never a version twice."""

import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.contract.messages import PlanDoc, Signed
from edge.contract.signing import load_private_key, verify
from edge.errors import UserError
from edge.headquarters.publish.document import retained
from edge.headquarters.publish.plan import publish_plan
from edge.headquarters.store import Store, StoredDocument
from tests.agency.square import write_square
from tests.headquarters.ledgers import NIGHT
from tests.headquarters.publish.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    build_agency(write_square(tmp_path), tmp_path / "agency", key=tmp_path / "key.pem")
    return Desk(load_agency(tmp_path / "agency"), load_private_key(tmp_path / "key.pem"), tmp_path)


def test_a_published_plan_is_retained_signed_and_stored(desk: Desk, store: Store) -> None:
    """Its signature holds with the agency's public key; role and reason are in it and in the store."""
    path, plan = desk.plan(1)
    stored = publish_plan(path, desk.agency, desk.key, store, desk, "analyst", "robberies")
    (payload,) = desk.retained.values()
    signed = Signed.model_validate_json(payload)
    assert desk.agency.public_key is not None
    assert verify(desk.agency.public_key, signed.signed_bytes(), signed.signature)
    doc = PlanDoc.model_validate(signed.body)
    assert (doc.role, doc.reason, doc.value("").patrols) == ("analyst", "robberies", plan.patrols)
    assert store.newest_signed("plan") == [stored]
    (read,) = store.plans(plan.shift)
    assert (read.district, read.shift, read.digest, read.body) == ("1", plan.shift, stored.digest, stored.body)
    assert list(desk.retained) == [f"roundsman/v1/squaretown/hq/plan/1/{plan.shift}"]


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_not_higher_than_the_last_is_refused_with_the_mend(version: int, desk: Desk, store: Store) -> None:
    """The message says which number to write."""
    publish_plan(desk.plan(2)[0], desk.agency, desk.key, store, desk, "analyst", "first")
    with pytest.raises(UserError, match=r"write version = 3"):
        publish_plan(desk.plan(version)[0], desk.agency, desk.key, store, desk, "analyst", "again")
    publish_plan(desk.plan(3)[0], desk.agency, desk.key, store, desk, "analyst", "better")
    assert [plan.version for plan in store.plans()] == [2, 3]


def test_a_plan_the_broker_did_not_take_may_be_published_again(desk: Desk, store: Store) -> None:
    """Stored, but not published: the same version is not lost by it."""
    path, _ = desk.plan(1)
    desk.refuses = True
    with pytest.raises(UserError, match="not confirmed"):
        publish_plan(path, desk.agency, desk.key, store, desk, "analyst", "first")
    assert store.plans() == []
    desk.refuses = False
    publish_plan(path, desk.agency, desk.key, store, desk, "analyst", "first")
    assert [plan.version for plan in store.plans()] == [1]


def test_two_analysts_at_once_do_not_publish_one_version_twice(desk: Desk, store: Store) -> None:
    """The second is refused by name, while the first is on its way: cars would hold two plans of one version."""
    path, _ = desk.plan(1)

    class Slow:
        """A broker during whose answer somebody else publishes the same version."""

        def publish(self, topic: str, payload: bytes) -> None:
            with pytest.raises(UserError, match="someone else just published version 1 of this plan"):
                publish_plan(path, desk.agency, desk.key, store, desk, "analyst", "mine")
            desk.publish(topic, payload)

    stored = publish_plan(path, desk.agency, desk.key, store, Slow(), "analyst", "first")
    assert [plan.reason for plan in store.plans()] == ["first"]
    assert list(desk.retained.values()) == [stored.body]


def test_a_version_that_was_abandoned_may_be_published_later(desk: Desk, store: Store) -> None:
    """The computer lost its power in mid-command: a minute later the version is free again."""
    path, plan = desk.plan(1)
    left = StoredDocument("plan", f"{plan.shift} 1", 1, "analyst", "lost", "0" * 64, b"{}", time.time() - 61.0)
    assert store.put_signed(left)
    publish_plan(path, desk.agency, desk.key, store, desk, "analyst", "again")
    assert [plan.reason for plan in store.plans()] == ["again"]


def test_a_key_of_another_agency_is_refused(desk: Desk, store: Store) -> None:
    """Vehicles would refuse the plan, so headquarters does."""
    with pytest.raises(UserError, match="signing_key"):
        publish_plan(desk.plan(1)[0], desk.agency, Ed25519PrivateKey.generate(), store, desk, "analyst", "first")


@pytest.mark.parametrize(("role", "reason"), [("", "x"), ("analyst", "  ")])
def test_role_and_reason_are_needed(role: str, reason: str, desk: Desk, store: Store) -> None:
    """No plan without who and why."""
    with pytest.raises(UserError, match="--role and --reason"):
        publish_plan(desk.plan(1)[0], desk.agency, desk.key, store, desk, role, reason)


def test_what_the_broker_must_hold_is_the_last_plan_of_a_shift_not_over(desk: Desk, store: Store) -> None:
    """The newer version, until the shift has ended; then it is to be forgotten."""
    for version in (1, 2):
        publish_plan(desk.plan(version)[0], desk.agency, desk.key, store, desk, "analyst", "x")
    during, after = NIGHT.timestamp() + 60, NIGHT.timestamp() + 9 * 3600
    assert retained(store, desk.agency, during) == list(desk.retained.items())
    assert retained(store, desk.agency, after) == [(topic, b"") for topic in desk.retained]
