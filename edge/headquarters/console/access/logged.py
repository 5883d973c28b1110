"""What is looked at and taken away, in the audit log before it is shown: no page of these permissions can forget it.

Must not show anything.
"""

from collections.abc import Mapping
from typing import Final

from flask import request

from edge.headquarters.accounts.roles import Permission
from edge.headquarters.console.access.permits import Open
from edge.headquarters.console.context import context
from edge.headquarters.console.viewer import Viewer
from edge.headquarters.store import Store

VIEWED: Final = "officer.viewed"
ACTIONS: Final[Mapping[Permission | Open, str]] = {"export": "export", "officers.read": VIEWED}
"""By permission: what is written. Its subject is the officer of the address, else the address itself."""


def log_view(permit: Permission | Open, viewer: Viewer) -> None:
    """Write who is about to see what, where that is logged. Raises StoreError where it cannot be written."""
    action = ACTIONS.get(permit)
    if action is None:
        return
    here = context()
    subject = (request.view_args or {}).get("officer") or request.full_path.rstrip("?")
    with Store(here.database, make=False) as store, store.transaction():
        store.audit(viewer.by.did(action, subject), here.now())
