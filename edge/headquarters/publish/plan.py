"""Publishing an analyst's plan: checked, signed, stored with role and reason, then retained at the broker.

Must not publish what is not stored, and must not take a version twice.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import PLAN
from edge.domain.plan import Plan
from edge.errors import UserError
from edge.headquarters.publish.document import Publisher, check_right, publish, store_signed
from edge.headquarters.store import Store, StoredDocument, StoredPlan
from edge.plans.plan_file import load_plan_file


def publish_plan(
    plan_path: Path, agency: Agency, key: Ed25519PrivateKey, store: Store, client: Publisher, role: str, reason: str
) -> StoredDocument:
    """Publish a plan file. Raises UserError for a mistake in it, a version not higher than the last, or no broker."""
    check_right(PLAN, agency, key, role, reason)  # before the file's mistakes
    plan = load_plan_file(plan_path, agency)
    _check_version(plan_path, plan, store)
    return publish_reviewed(plan, agency, key, store, client, role, reason)


def publish_reviewed(
    plan: Plan, agency: Agency, key: Ed25519PrivateKey, store: Store, client: Publisher, role: str, reason: str
) -> StoredDocument:
    """Publish a plan as an analyst approved it. Raises UserError where its version is taken, or there is no broker."""
    doc = PlanDoc.of(plan, agency.id, role.strip(), reason.strip())
    stored = store_signed(PLAN, doc, agency, key, store, role, reason)
    try:
        return publish(stored, agency, store, client)
    except UserError:
        store.withdraw(stored)  # so that its version may be published again at once
        raise


def plan_of(stored: StoredPlan) -> Plan:
    """The domain's value of a stored plan."""
    return read_body(PLAN, Signed.model_validate_json(stored.body)).value(stored.digest)


def _check_version(path: Path, plan: Plan, store: Store) -> None:
    published = [one.version for one in store.plans(plan.shift) if one.district == plan.district]
    if published and plan.version <= max(published):
        msg = (
            f"{path}: version: {plan.version} is not higher than {max(published)}, the last one published for"
            f" district {plan.district} and shift {plan.shift}; write version = {max(published) + 1}"
        )
        raise UserError(msg)
