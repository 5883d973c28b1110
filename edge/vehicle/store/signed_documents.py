"""Signed documents among the few that a technician may read: those of a kind side by side, or the one there is.

Whether one may be obeyed, or is newer, is not decided here.
"""

from collections.abc import Container
from typing import Any

from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind
from edge.vehicle.store.documents import Documents


class SignedDocuments:
    """What is stored of each signed kind, as it came: by slot."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def all(self, kind: SignedKind[Any]) -> dict[str, Any]:
        """Every document of a kind by its slot; nothing in them has been looked at."""
        stored = self._documents.get(_name(kind))
        if stored is None:
            return {}
        return dict(stored) if kind.key else {"": stored}

    def put(self, kind: SignedKind[Any], slot: str, signed: Signed) -> None:
        """Store one in its slot. Raises OSError where the disk does not take it."""
        document = signed.model_dump(mode="json")
        self._documents.put(_name(kind), {**self.all(kind), slot: document} if kind.key else document)

    def drop(self, kind: SignedKind[Any], slots: Container[str]) -> None:
        """Forget those in some slots. Raises OSError where the disk does not take it."""
        stored = self.all(kind)
        self._documents.put(_name(kind), {slot: one for slot, one in stored.items() if slot not in slots})


def _name(kind: SignedKind[Any]) -> str:
    """Under which name documents of a kind are stored: ``plans``, ``context``."""
    return f"{kind.name}s" if kind.key else kind.name
