"""Roles and what each may do, as one table of data. The pages' routes name a permission of it, never a role.

Must not decide anything: `may` only reads the table.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

Role: TypeAlias = Literal["officer", "analyst", "supervisor", "command", "auditor", "admin", "dispatch"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

Permission: TypeAlias = Literal[
    "own", "overview.read", "briefings.read", "reports.read", "export", "live.read", "fleet.read",
    "drafts.read", "drafts.edit", "plans.approve", "weights.edit", "officers.read", "roster.edit",
    "gunfire.report", "status.report", "audit.read", "accounts.edit", "keys.edit",
]  # fmt: skip


class Row(NamedTuple):
    """What a permission opens, in words, and the roles that have it."""

    words: str
    roles: frozenset[Role]


def _of(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_EVERYONE: Final = frozenset(ROLES)
_STAFF: Final = _of("analyst", "supervisor", "command", "auditor")

PERMISSIONS: Final[Mapping[Permission, Row]] = {
    "own": Row("your own account, and who looked at your own record", _EVERYONE),
    "overview.read": Row("the list of shifts and vehicles", _STAFF | _of("admin")),
    "briefings.read": Row("briefings of published plans", _STAFF | _of("officer")),
    "reports.read": Row("reports", _STAFF),
    "export": Row("reports, plans and layers as JSON, CSV or GeoJSON files", _STAFF),
    "live.read": Row("where vehicles are and what they do now", _of("analyst", "supervisor", "command", "dispatch")),
    "fleet.read": Row("health of vehicles, software and certificates", _STAFF | _of("admin")),
    "drafts.read": Row("draft plans", _STAFF),
    "drafts.edit": Row("change draft plans", _of("analyst", "supervisor")),
    "plans.approve": Row("approve and publish plans", _of("analyst", "supervisor")),
    "weights.edit": Row("approve weights of crime types", _of("analyst", "command")),
    "officers.read": Row("the record of a named officer", _of("supervisor", "command", "auditor")),
    "roster.edit": Row("the roster, names and PINs", _of("supervisor", "admin")),
    "gunfire.report": Row("report gunfire", _of("analyst", "supervisor", "dispatch")),
    "status.report": Row("report a vehicle's dispatch status", _of("dispatch")),
    "audit.read": Row("the audit log", _of("auditor")),
    "accounts.edit": Row("accounts and their roles", _of("admin")),
    "keys.edit": Row("keys of machines", _of("admin")),
}

MACHINES: Final[frozenset[Permission]] = frozenset(
    {"reports.read", "export", "live.read", "fleet.read", "gunfire.report", "status.report"}
)
"""What a machine's key may have."""


def may(role: str, permission: Permission) -> bool:
    """Whether a role has a permission; one that is not in the table has none."""
    return role in PERMISSIONS[permission].roles


def permissions_of(role: str) -> frozenset[Permission]:
    """All that a role has."""
    return frozenset(name for name, row in PERMISSIONS.items() if role in row.roles)
