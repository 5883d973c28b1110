"""``/login``, ``POST /logout``. Must not look at a password: `edge.headquarters.access.login` does."""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from edge.headquarters.access.login import LoginError, log_in, log_out
from edge.headquarters.accounts.roles import may
from edge.headquarters.console.access.visitor import Visitor, by_cookie, visitor
from edge.headquarters.console.context import context
from edge.headquarters.store import Store

blueprint: Final = Blueprint("login", __name__)

OVER: Final = "Your session has ended. Log in again."


@blueprint.get("/login")
def show() -> ResponseReturnValue:
    """The form; whoever is logged in goes on."""
    found = visitor()
    if isinstance(found, Visitor):
        return redirect(first_page(found))
    return _form(OVER if "_user_id" in session else "")


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Begin a session, under a name of its own and with another form token."""
    here = context()
    name, password = request.form.get("name", ""), request.form.get("password", "")
    agent = request.headers.get("User-Agent", "")
    try:
        with Store(here.database, make=False) as store:
            token = log_in(store, name, password, request.remote_addr or "", agent, here.now())
    except LoginError as error:
        return _form(str(error)), 429 if error.locked else 401
    session.clear()
    found = by_cookie(token)
    assert found is not None  # noqa: S101 - it has just begun
    login_user(found)
    return redirect(_local(request.args.get("next", "")) or first_page(found), 303)


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    """End the session, here and at headquarters."""
    here, found = context(), visitor()
    if isinstance(found, Visitor):
        with Store(here.database, make=False) as store:
            log_out(store, found.session, found.account.role, here.now())
    session.clear()
    return redirect(url_for("login.show"), 303)


def first_page(found: Visitor) -> str:
    """Where a role begins."""
    return url_for("overview.index" if may(found.account.role, "overview.read") else "account.show")


def _form(sentence: str) -> str:
    return render_template("login.html", sentence=sentence, csrf=generate_csrf(), name=request.form.get("name", ""))


def _local(address: str) -> str | None:
    """An address of ours; None for one that leads elsewhere."""
    parts = urlsplit(address)
    ours = not (parts.scheme or parts.netloc) and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours and address.isprintable() else None
