"""Who may ask for what: a row for each route, as data, which the guard goes by. What has no row is refused.

A new route gets its row here. Roles stand in `edge.headquarters.accounts.roles` alone.
"""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from edge.headquarters.accounts.roles import Permission

Open: TypeAlias = Literal["open"]

PERMITS: Final[Mapping[str, Permission | Open]] = {
    "GET /static/<path:filename>": "open",
    "GET /sheets/<path:filename>": "open",
    "GET /healthz": "open",
    "GET /login": "open",
    "POST /login": "open",
    "POST /logout": "own",
    "GET /account": "own",
    "GET /account/password": "own",
    "POST /account/password": "own",
    "POST /account/sessions": "own",
    "GET /account/record": "own",
    "GET /officers/<officer>": "officers.read",
    "GET /audit": "audit.read",
    "GET /": "overview.read",
    "GET /fleet": "fleet.read",
    "GET /reports/<name>": "reports.read",
    "GET /reports/<name>.<any(json, csv):form>": "export",
    "GET /reports/<name>/<path:subject>": "reports.read",
    "GET /reports/<name>/<path:subject>.<any(json, csv):form>": "export",
    "GET /drafts": "drafts.read",
    "GET /drafts/<date>/<name>/<district>": "drafts.read",
    "GET /drafts/<date>/<name>/<district>.<any(csv, geojson):form>": "export",
    "GET /plans/<date>/<name>/<district>.<any(csv, geojson):form>": "export",
    "POST /drafts/<date>/<name>/<district>": "drafts.edit",
    "POST /drafts/<date>/<name>/<district>/approval": "plans.approve",
    "GET /briefings/<date>/<name>/<district>": "briefings.read",
    "GET /tactics": "open",
    "POST /feeds/unit-status": "status.report",
    "POST /feeds/gunfire": "gunfire.report",
}
"""By method and route: the permission it takes; ``open``: nobody need be logged in. The sheet of tactics is public."""

WITH_A_CODE: Final = frozenset({"GET /account/password", "POST /account/password", "POST /logout"})
"""All that a one-time code opens, until a password is chosen."""
