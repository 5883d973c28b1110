"""Keys of machines: handed out once, with scopes and an end; which of them a request shows."""

import secrets
from collections.abc import Sequence
from typing import Final

from edge.errors import UserError
from edge.headquarters.access.changes import By
from edge.headquarters.access.login import key_of
from edge.headquarters.accounts.names import new_name
from edge.headquarters.accounts.roles import MACHINES, Permission
from edge.headquarters.store import MachineKey, Store

PREFIX: Final = "roundsman_"
"""So that whoever finds a key somewhere knows what it is of."""


def add_key(store: Store, name: str, scopes: Sequence[str], expires: float, by: By, now: float) -> str:
    """Make a key; it is shown this once. Raises UserError."""
    own = new_name(name)
    strange = [one for one in scopes if one not in MACHINES]
    if strange or not scopes:
        msg = f"scope {strange[0] if strange else ''!r:.40}: choose of {', '.join(sorted(MACHINES))}"
        raise UserError(msg)
    if expires <= now:
        msg = "the key's last day is over; choose a later one"
        raise UserError(msg)
    key = PREFIX + secrets.token_urlsafe(32)
    with store.transaction():
        if not store.put_machine_key(MachineKey(own, key_of(key), " ".join(sorted(set(scopes))), now, expires)):
            msg = f"key {own}: there is one already, or was; choose another name"
            raise UserError(msg)
        store.audit(by.did("key.added", own, " ".join(sorted(set(scopes)))), now)
    return key


def revoke_key(store: Store, name: str, by: By, now: float) -> None:
    """A key opens nothing any more. Raises UserError."""
    own = new_name(name)
    with store.transaction():
        if not store.revoke_machine_key(own, now):
            msg = f"key {own}: there is none of that name in force; `roundsman hq key list` shows all"
            raise UserError(msg)
        store.audit(by.did("key.revoked", own), now)


def machine_of(store: Store, key: str, now: float) -> MachineKey | None:
    """The key's row; None where it is unknown, over or revoked."""
    found = store.machine_key(key_of(key))
    return found if found is not None and found.revoked is None and now < found.expires else None


def scopes_of(key: MachineKey) -> frozenset[Permission]:
    """What a key opens; a scope that machines no longer have opens nothing."""
    return frozenset(one for one in MACHINES if one in key.scopes.split())
