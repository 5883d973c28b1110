"""Publishing a roster: numbered, signed, stored with role and reason. Must not read a file, or see a PIN."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.roster import MemberDoc, RosterDoc
from edge.contract.signed_kinds import ROSTER
from edge.errors import UserError
from edge.headquarters.publish.document import numbered, store_upon
from edge.headquarters.store import Store, StoredDocument


def sign_roster(
    members: tuple[MemberDoc, ...],
    expires: datetime,
    agency: Agency,
    key: Ed25519PrivateKey,
    store: Store,
    role: str,
    reason: str,
    now: float,
) -> StoredDocument:
    """Number, sign and store a roster. ``now``: POSIX seconds. Raises UserError where it cannot be."""
    if expires.timestamp() <= now:
        msg = f"--until: {expires:%Y-%m-%d} has passed; give the last day on which the roles are valid"
        raise UserError(msg)

    def made() -> RosterDoc:
        return numbered(ROSTER, agency, store, role, reason, now, expires=expires, members=members)

    return store_upon(ROSTER, made, agency, key, store, role, reason)
