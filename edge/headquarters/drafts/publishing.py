"""How the pages approve a draft: with headquarters' plan key, handed on by the daemon's own link."""

from collections.abc import Callable
from typing import TypeAlias

from edge.headquarters.drafts.review import approve
from edge.headquarters.publish.handed_on import Desk
from edge.headquarters.store import DraftEdit, StoredDocument

Approve: TypeAlias = Callable[[DraftEdit], StoredDocument]
"""Signs a draft as it stands, and hands it on. Raises UserError where it cannot, and it is not approved then."""


def approver(desk: Desk | None) -> Approve | None:
    """None where the configuration names no key for plans."""
    if desk is None:
        return None

    def publish(approval: DraftEdit) -> StoredDocument:
        with desk.store() as store:
            return approve(store, desk.agency, desk.key, desk.client, approval)

    return publish
