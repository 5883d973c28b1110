"""How the pages approve a draft: with headquarters' plan key, over a session of its own with the broker."""

from collections.abc import Callable
from typing import TypeAlias

from edge.contract.agency import Agency
from edge.contract.signing import load_private_key
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.drafts.review import approve
from edge.headquarters.publish.connection import connected_publisher
from edge.headquarters.store import DraftEdit, Store, StoredDocument

Approve: TypeAlias = Callable[[DraftEdit], StoredDocument]
"""Publishes a draft as it stands. Raises UserError where it cannot, and it is not approved then."""


def approver(config: HeadquartersConfig, agency: Agency) -> Approve | None:
    """None where the configuration names no key for plans."""
    setting = config.key_of("plan")
    if setting is None:
        return None

    def publish(approval: DraftEdit) -> StoredDocument:
        key = load_private_key(setting[1])
        with Store(config.database, make=False) as store, connected_publisher(config.publishing, agency) as client:
            return approve(store, agency, key, client, approval)

    return publish
