"""The app factory. Must not do anything when imported, and must not serve anything not drawn here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound, SecurityError, ServiceUnavailable

from edge.errors import UserError
from edge.headquarters.console import (
    audit,
    briefing,
    drafts,
    exports,
    feeds,
    fleet,
    health,
    officer,
    overview,
    reports,
    tactics,
)
from edge.headquarters.console.access import account, login
from edge.headquarters.console.access.guard import guard
from edge.headquarters.console.context import KEY, Context
from edge.headquarters.console.context import context as here
from edge.headquarters.console.wording import Wording
from edge.plans.ground import project_layers
from edge.service.hardening import harden
from edge.service.sheets import sheets

LARGEST_BODY: Final = 65_536


def create_app(context: Context, trusted_hosts: Sequence[str], proxies: int = 0) -> Flask:
    """The pages of one headquarters, for whoever is logged in. ``proxies``: before it, whose word on who asks counts.

    A request for a host not trusted is refused. Raises StoreError where the database cannot be used.
    """
    app = drawn(context, trusted_hosts)
    guard(app, proxies)
    return app


def drawn(context: Context, trusted_hosts: Sequence[str]) -> Flask:
    """The pages alone: for a process whose caller has looked at who asks."""
    app = Flask(__name__)
    policy = {"script-src": "'self'", "form-action": "'self'"}
    harden(app, trusted_hosts=trusted_hosts, largest_body=LARGEST_BODY, policy=policy)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[KEY] = replace(context, layers=project_layers(context.agency))
    wording = Wording(context.agency)
    app.jinja_env.globals.update(
        say=wording, agency=context.agency, navigation=reports.navigation, viewer=lambda: here().viewer()
    )
    for part in (
        overview,
        fleet,
        reports,
        drafts,
        exports,
        briefing,
        tactics,
        feeds,
        health,
        account,
        login,
        officer,
        audit,
    ):
        app.register_blueprint(part.blueprint)
    app.register_blueprint(sheets)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(UserError, _unusable)
    return app


def _unusable(error: UserError) -> ResponseReturnValue:
    """The database is gone, damaged, locked or full: the page says which."""
    return _refuse(ServiceUnavailable(str(error)))


def _refuse(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):  # a host not trusted: there is no address to draw links with
        return Response("This host is not trusted; see web.trusted_hosts.", 400, mimetype="text/plain")
    if isinstance(error, NotFound) and error.description == NotFound.description:
        error = NotFound("No such page.")
    return render_template("error.html", error=error), error.code or 500
