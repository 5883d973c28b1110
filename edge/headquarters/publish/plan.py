"""Publishing an analyst's plan: checked, signed, stored with role and reason, then retained at the broker.

Must not publish what is not stored, and must not take a version twice.
"""

import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed, encode, read_plan, to_sign
from edge.contract.signing import public_key_of, sign
from edge.contract.topics import Topics
from edge.domain.plan import Plan
from edge.errors import UserError
from edge.headquarters.store import Store, StoredPlan
from edge.plans.plan_file import load_plan_file

DAY_S: Final = 86_400.0
FORGET_S: Final = 7 * DAY_S


class Publisher(Protocol):
    """Where a retained message goes."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message. Raises UserError where it does not confirm."""


def publish_plan(
    plan_path: Path, agency: Agency, key: Ed25519PrivateKey, store: Store, client: Publisher, role: str, reason: str
) -> StoredPlan:
    """Publish a plan file. Raises UserError for a mistake in it, a version not higher than the last, or no broker."""
    check_right("plan", agency, key, role, reason)
    plan = load_plan_file(plan_path, agency)
    _check_version(plan_path, plan, store)
    body = PlanDoc.of(plan, agency.id, role.strip(), reason.strip()).model_dump(mode="json")
    to_verify = to_sign("plan", body)
    signed = Signed(kind="plan", body=body, signature=sign(key, to_verify))
    digest = hashlib.sha256(to_verify).hexdigest()
    stored = StoredPlan(
        plan.district, plan.shift, plan.version, role.strip(), reason.strip(), digest, encode(signed), time.time()
    )
    store.put_plan(stored)
    client.publish(Topics(agency.id).plan(plan.district, plan.shift), stored.body)
    stored = replace(stored, published=time.time())
    store.mark_published(stored, stored.published or 0.0)
    return stored


def check_right(what: str, agency: Agency, key: Ed25519PrivateKey, role: str, reason: str) -> None:
    """Raises UserError where there is no role or reason, or the key is not the agency's."""
    if not role.strip() or not reason.strip():
        msg = f"a {what} is published with a role and a reason: give --role and --reason"
        raise UserError(msg)
    if public_key_of(key) != agency.public_key:
        msg = f"signing_key: not the key the agency's public_key belongs to; vehicles would refuse the {what}"
        raise UserError(msg)


def plan_of(stored: StoredPlan) -> Plan:
    """The domain's value of a stored plan."""
    return read_plan(Signed.model_validate_json(stored.body)).value(stored.digest)


def in_force(store: Store, agency: Agency, now: float) -> list[tuple[str, bytes]]:
    """Topic and bytes of the plan last published for each district and shift that is not over at ``now`` (POSIX).

    Those that were over within the last days are there with no bytes, which has the broker forget them. The context
    last published is there, too.
    """
    topics, ends = Topics(agency.id), agency.calendar.ends
    since = datetime.fromtimestamp(now - FORGET_S - 2 * DAY_S, UTC).date().isoformat()
    plans = store.plans(since=since)
    last = {(plan.district, plan.shift): plan for plan in plans if ends(plan.shift) > now - FORGET_S}
    context = store.last_context(published=True)
    said = [(topics.context(), context.body)] if context is not None else []
    return said + [
        (topics.plan(plan.district, plan.shift), plan.body if ends(plan.shift) > now else b"") for plan in last.values()
    ]


def _check_version(path: Path, plan: Plan, store: Store) -> None:
    published = [one.version for one in store.plans(plan.shift) if one.district == plan.district]
    if published and plan.version <= max(published):
        msg = (
            f"{path}: version: {plan.version} is not higher than {max(published)}, the last one published for"
            f" district {plan.district} and shift {plan.shift}; write version = {max(published) + 1}"
        )
        raise UserError(msg)
