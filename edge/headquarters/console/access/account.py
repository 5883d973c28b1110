"""One's own account: the role, the sessions, another password. Must not show anybody else's."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from edge.errors import UserError
from edge.headquarters.access.changes import choose_password
from edge.headquarters.access.login import log_in
from edge.headquarters.accounts.passwords import LEAST
from edge.headquarters.accounts.roles import PERMISSIONS, permissions_of
from edge.headquarters.console.access.login import first_page
from edge.headquarters.console.access.visitor import Visitor, by_cookie, visitor
from edge.headquarters.console.context import context
from edge.headquarters.console.table import Cell, Head, Line, PageTable
from edge.headquarters.console.wording import Wording
from edge.headquarters.store import Session, Store, StoreError
from edge.text.plain import plain

blueprint: Final = Blueprint("account", __name__)

SESSIONS: Final = tuple(map(Head, ("Logged in", "Last used", "Address", "Browser")))
LONGEST: Final = 60
"""Characters of what a browser says of itself."""


@blueprint.get("/account")
def show() -> str:
    """The account of whoever asks."""
    here, found = context(), _visitor()
    say = Wording(here.agency)
    with Store(here.database, make=False) as store:
        lines = [_line(one, found.session, say) for one in store.sessions(found.account.name)]
    allowed = [row.words for name, row in PERMISSIONS.items() if name in permissions_of(found.account.role)]
    table = PageTable((SESSIONS,), tuple(lines), css="wide")
    return render_template("account.html", account=found.account, allowed=allowed, sessions=table, more=len(lines) > 1)


@blueprint.post("/account/sessions")
def end_others() -> ResponseReturnValue:
    """End every session but this one."""
    here, found = context(), _visitor()
    with Store(here.database, make=False) as store, store.transaction():
        ended = store.end_sessions(found.account.name, but=found.session.key)
        store.audit(here.viewer().by.did("sessions.ended", found.account.name, f"{ended} others"), here.now())
    return redirect(url_for("account.show"), 303)


@blueprint.get("/account/password")
def password() -> str:
    """The form for another password."""
    return _form("")


@blueprint.post("/account/password")
def change() -> ResponseReturnValue:
    """Choose another; every session ends, and this browser gets a new one."""
    here, found = context(), _visitor()
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    address, agent = request.remote_addr or "", request.headers.get("User-Agent", "")
    try:
        if new != again:
            return _form("The two new passwords differ. Type them again."), 400
        with Store(here.database, make=False) as store:
            choose_password(store, found.account, old, new, here.viewer().by, here.now())
            token = log_in(store, found.account.name, new, address, agent, here.now())
    except StoreError:
        raise
    except UserError as error:
        return _form(f"{str(error)[:1].upper()}{str(error)[1:]}."), 400
    session.clear()
    renewed = by_cookie(token)
    assert renewed is not None  # noqa: S101 - it has just begun
    login_user(renewed)
    return redirect(first_page(renewed), 303)


def _visitor() -> Visitor:
    """Whoever asks. A machine's key has no account."""
    found = visitor()
    assert isinstance(found, Visitor)  # noqa: S101 - no machine has the permission "own"
    return found


def _form(sentence: str) -> str:
    account = _visitor().account
    return render_template("password.html", sentence=sentence, account=account, least=LEAST)


def _line(one: Session, own: Session, say: Wording) -> Line:
    address = f"{one.address} (this one)" if one.key == own.key else one.address
    cells = (say.posix(one.began), say.posix(one.seen), address, plain(one.agent, LONGEST) or "–")
    return Line(tuple(map(Cell, cells)))
