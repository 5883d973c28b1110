"""A plan signed into a file, for a car that has no link: approved by a role, for a reason, as one that is published.

Must not publish: headquarters stores what it publishes (`edge.headquarters.publish`), and this is stored nowhere else.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc
from edge.contract.signed_documents import Verified, sign, verify_here
from edge.contract.signed_kinds import PLAN
from edge.errors import UserError
from edge.plans.plan_file import load_plan_file


def signed_plan(path: Path, agency: Agency, key: Ed25519PrivateKey, role: str, reason: str) -> Verified[PlanDoc]:
    """The document of a ``plan.toml``, checked as a car will check it.

    Raises UserError for a mistake in the file, an empty role or reason, or a key that may not sign plans.
    """
    if not role.strip() or not reason.strip():
        msg = "--role and --reason: say which role approves the plan, and why"
        raise UserError(msg)
    doc = PlanDoc.of(load_plan_file(path, agency), agency.id, role.strip(), reason.strip())
    return verify_here(PLAN, sign(PLAN, doc, key).signed, agency)
