"""One-time tokens: made for a unit, good for at most seven days, stored as a hash. Must not write a token anywhere."""

import secrets
from datetime import UTC, datetime

from edge.errors import UserError
from provisioning.exchange import TokenFile, digest_of
from provisioning.fleet.standing import day
from provisioning.registry.records import ADMIN, Certificate, Token
from provisioning.registry.registry import Registry


def new_token(unit: str, days: float, utc: float) -> TokenFile:
    """A token for a unit, not yet in force. ``days``: how long it is good."""
    expires = datetime.fromtimestamp(int(utc + days * 86_400.0), UTC)
    return TokenFile(unit=unit, token=secrets.token_urlsafe(32), expires=expires, serial=secrets.token_hex(4))


def admit(registry: Registry, token: TokenFile) -> None:
    """Let a unit enrol with a token, and with no earlier one."""
    with registry.transaction():
        registry.put_token(Token(digest_of(token.token), token.unit, token.expires.timestamp()))
        registry.note("token made", token.unit, ADMIN, f"good until {token.expires:%Y-%m-%d %H:%M} UTC")


def enrolled(registry: Registry, unit: str, utc: float) -> Certificate | None:
    """The valid certificate of a unit that ends last."""
    valid = [one for one in registry.certificates(unit) if one.valid(utc)]
    return max(valid, key=lambda one: one.ends, default=None)


def awaited(registry: Registry, unit: str, utc: float) -> bool:
    """Whether a unit has yet to enrol: it has no valid certificate, and its last one was not revoked."""
    held = registry.certificates(unit)
    return enrolled(registry, unit, utc) is None and not (held and held[-1].revoked is not None)


def refuse_enrolled(registry: Registry, unit: str, utc: float) -> None:
    """Raises UserError for a unit that has a valid certificate: each has one."""
    held = enrolled(registry, unit, utc)
    if held is not None:
        how = f"for a new device run `roundsman provision revoke {unit}` first"
        msg = f"{unit}: is enrolled until {day(held.ends)}; {how}"
        raise UserError(msg)
