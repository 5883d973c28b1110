"""Publishing an analyst's plan: checked, signed, stored with role and reason, then retained at the broker.

Must not publish what is not stored, and must not take a version twice.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import CONTEXT, PLAN
from edge.contract.topics import Topics
from edge.domain.plan import Plan
from edge.errors import UserError
from edge.headquarters.publish.document import check_right, sign_document
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
    check_right(PLAN, agency, key, role, reason)
    plan = load_plan_file(plan_path, agency)
    _check_version(plan_path, plan, store)
    doc = PlanDoc.of(plan, agency.id, role.strip(), reason.strip())
    signed = sign_document(PLAN, doc, agency, key)
    named = (plan.district, plan.shift, plan.version, doc.role, doc.reason)
    stored = StoredPlan(*named, signed.digest, signed.message, time.time())
    store.put_plan(stored)
    client.publish(signed.topic, stored.body)
    stored = replace(stored, published=time.time())
    store.mark_published(stored, stored.published or 0.0)
    return stored


def plan_of(stored: StoredPlan) -> Plan:
    """The domain's value of a stored plan."""
    return _doc(stored).value(stored.digest)


def _doc(stored: StoredPlan) -> PlanDoc:
    return read_body(PLAN, Signed.model_validate_json(stored.body))


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
    said = [(CONTEXT.topic_at(topics, {}), context.body)] if context is not None else []
    for (district, shift), plan in last.items():
        topic = PLAN.topic_at(topics, {"district": district, "shift": shift})
        said.append((topic, plan.body if ends(shift) > now else b""))
    return said


def _check_version(path: Path, plan: Plan, store: Store) -> None:
    published = [one.version for one in store.plans(plan.shift) if one.district == plan.district]
    if published and plan.version <= max(published):
        msg = (
            f"{path}: version: {plan.version} is not higher than {max(published)}, the last one published for"
            f" district {plan.district} and shift {plan.shift}; write version = {max(published) + 1}"
        )
        raise UserError(msg)
