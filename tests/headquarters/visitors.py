"""Somebody who is logged in to headquarters' pages: an account of a role and a session of it, made through the store.

`tests/headquarters/console/test_login.py` logs in by the form; everybody else saves the time that a password takes.
"""

import secrets
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient

from edge.headquarters.access.login import key_of
from edge.headquarters.accounts.roles import Role
from edge.headquarters.console.access.guard import COOKIE
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import KEY, Context
from edge.headquarters.store import Account, Session, Store

HOST: Final = "localhost"
UNUSABLE: Final = "none"


def client_of(context: Context, role: Role = "analyst") -> FlaskClient:
    """A browser that is logged in, at new pages of a database that is there."""
    return logged_in(create_app(context, [HOST]), role)


def logged_in(app: Flask, role: Role = "analyst", *, officer: str | None = None) -> FlaskClient:
    """A browser that is logged in."""
    client = app.test_client()
    client.set_cookie(COOKIE, cookie_of(app, role, officer=officer))
    return client


def cookie_of(app: Flask, role: Role, *, officer: str | None = None) -> str:
    """The cookie of a session of an account of a role, which is named as its role."""
    return signed(app, {"_user_id": session_of(app.extensions[KEY], role, officer=officer), "_fresh": True})


def session_of(context: Context, role: Role, *, officer: str | None = None) -> str:
    """The token of a session."""
    token, now = secrets.token_urlsafe(32), context.now()
    with Store(context.database, make=False) as store:
        store.put_account(Account(role, role, UNUSABLE, officer=officer, made=now))
        store.put_session(Session(key_of(token), role, now, now, "127.0.0.1", "a test"))
    return token


def signed(app: Flask, values: dict[str, Any]) -> str:
    """A cookie as the pages sign it."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # a cookie's interface
    return str(serializer.dumps(values))
