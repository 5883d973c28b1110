"""Whoever asks for a page, as pages know them. Must not look anybody up: `access.guard` does."""

from dataclasses import dataclass
from typing import Final

from edge.headquarters.access.changes import By
from edge.headquarters.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class Viewer:
    """``account``: its name, or of a machine's key. ``officer``: whose record is their own.

    ``csrf``: what a form of theirs must bring back; empty for a machine. ``address``: of the network.
    """

    account: str = ""
    role: str = ""
    permissions: frozenset[Permission] = frozenset()
    officer: str | None = None
    csrf: str = ""
    address: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether they have a permission."""
        return permission in self.permissions

    @property
    def by(self) -> By:
        """Who they are to the audit log."""
        return By(self.account, self.role, self.address)


NOBODY: Final = Viewer()
