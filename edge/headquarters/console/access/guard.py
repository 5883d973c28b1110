"""Stands before every page: who asks, whether they may, and whether a form is theirs.

Flask-Login brings whoever is logged in, over session rows of our own: so a session can be ended from here, and its
cookie holds nothing. Flask-WTF has the token of a form; Werkzeug's ProxyFix believes as many proxies as the
configuration names. Must not know a role.
"""

from dataclasses import replace
from typing import Final

from flask import Flask, Response, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix

from edge.headquarters.console.access.logged import log_view
from edge.headquarters.console.access.permits import PERMITS, WITH_A_CODE
from edge.headquarters.console.access.visitor import Machine, Visitor, by_cookie, by_key, viewer, visitor
from edge.headquarters.console.context import KEY, Context
from edge.headquarters.store import Store

COOKIE: Final = "roundsman"
YEAR_S: Final = 31_536_000


class _Cookies(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        """Wherever there is TLS; on the loopback there is none."""
        return request.is_secure


def guard(app: Flask, proxies: int = 0) -> None:
    """Let nobody see a page but by its permit. Raises StoreError where the database cannot be used."""
    context = app.extensions[KEY]
    assert isinstance(context, Context)  # noqa: S101 - the factory put it there
    with Store(context.database, make=False) as store:
        app.secret_key = store.web_secret("cookies")
    app.session_interface = _Cookies()
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # `_check` asks, for it knows which requests come from programs
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    manager, forms = LoginManager(), CSRFProtect(app)
    manager.init_app(app, add_context_processor=False)  # pages know the viewer, and are drawn without a database, too
    manager.session_protection = None  # a phone changes its address all the time
    manager.user_loader(by_cookie)
    manager.request_loader(by_key)
    app.extensions[KEY] = replace(context, viewer=viewer)
    app.before_request(lambda: _check(forms))
    app.after_request(_only_over_tls)
    app.register_error_handler(CSRFError, _stale_form)
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]  # Flask's way


def _check(forms: CSRFProtect) -> ResponseReturnValue | None:
    """Refuse who may not."""
    if request.url_rule is None:
        return None
    row = f"{'GET' if request.method == 'HEAD' else request.method} {request.url_rule.rule}"
    permit = PERMITS.get(row)
    if permit is None:
        msg = "This page has no permission assigned; nobody may open it."
        raise Forbidden(msg)
    found = visitor() if permit != "open" or request.method == "POST" else None
    if request.method == "POST" and not isinstance(found, Machine):
        forms.protect()
    if permit == "open":
        return None
    if isinstance(found, Visitor) and found.account.code_until is not None and row not in WITH_A_CODE:
        return redirect(url_for("account.password"), 303)
    if not isinstance(found, Visitor | Machine):
        return _ask_to_log_in()
    asks = viewer()
    if not asks.may(permit):
        msg = "Your role may not do this. An administrator can change your role."
        raise Forbidden(msg)
    log_view(permit, asks)
    return None


def _ask_to_log_in() -> ResponseReturnValue:
    """A browser is led to the login; a program, and what a page fetches, is refused."""
    fetched = request.headers.get("Sec-Fetch-Dest", "document") != "document"
    if fetched or "Authorization" in request.headers or request.path.endswith((".json", ".csv", ".geojson")):
        msg = "Log in first, or send a key of a machine that is in force as `Authorization: Bearer`."
        raise Unauthorized(msg)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("login.show", next=back), 303)


def _only_over_tls(response: Response) -> Response:
    """A browser that has been here over TLS comes back over TLS alone."""
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return response


def _stale_form(_: CSRFError) -> ResponseReturnValue:
    """A form of another page, or of a session that is over."""
    msg = "This form is out of date. Open the page again and repeat what you entered."
    return Forbidden(msg)
