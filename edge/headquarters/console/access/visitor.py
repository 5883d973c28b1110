"""Whoever asks, as Flask-Login knows them: somebody in a session, or a program with a key. Decides nothing."""

from typing import Any

from flask import Request, request
from flask_login import AnonymousUserMixin, UserMixin, current_user
from flask_wtf.csrf import generate_csrf

from edge.headquarters.access.login import user_of
from edge.headquarters.access.machines import machine_of, scopes_of
from edge.headquarters.accounts.roles import permissions_of
from edge.headquarters.console.context import context
from edge.headquarters.console.viewer import NOBODY, Viewer
from edge.headquarters.store import Account, MachineKey, Session, Store, StoreError


class Visitor(UserMixin):  # type: ignore[misc]  # the library has no types
    """Somebody in a session."""

    def __init__(self, token: str, session: Session, account: Account) -> None:
        self.token = token
        self.session = session
        self.account = account

    def get_id(self) -> str:
        """What the cookie names: the session, never the account."""
        return self.token


class Machine(UserMixin):  # type: ignore[misc]  # as above
    """A program with a key; it has no session, and no form."""

    def __init__(self, key: MachineKey) -> None:
        self.key = key


def by_cookie(token: str) -> Visitor | None:
    """Whose session a cookie names."""
    here = context()
    with Store(here.database, make=False) as store:
        found = user_of(store, token, here.now())
    return None if found is None else Visitor(token, *found)


def by_key(asked: Request) -> Machine | None:
    """Which program shows its key, as ``Authorization: Bearer``."""
    shown = asked.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        return None
    here = context()
    with Store(here.database, make=False) as store:
        found = machine_of(store, shown.token, here.now())
    return None if found is None else Machine(found)


def visitor() -> Visitor | Machine | AnonymousUserMixin:
    """Whoever asks now."""
    found: Any = current_user
    asks: Visitor | Machine | AnonymousUserMixin = found._get_current_object()
    return asks


def viewer() -> Viewer:
    """The same, as pages know them; nobody where the database cannot say, so that a page can say that."""
    try:
        found, address = visitor(), request.remote_addr or ""
    except StoreError:
        return NOBODY
    if isinstance(found, Machine):
        return Viewer(f"key {found.key.name}", "machine", scopes_of(found.key), address=address)
    if not isinstance(found, Visitor):
        return NOBODY
    account = found.account
    return Viewer(account.name, account.role, permissions_of(account.role), account.officer, generate_csrf(), address)
