"""How each unit of a fleet stands, and what an admin should see to. Values from the registry, judged by the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from provisioning.authority.certificates import DAY_S
from provisioning.fleet.folder import Fleet
from provisioning.registry.records import Certificate, Token
from provisioning.registry.registry import Registry

State: TypeAlias = Literal["imported", "token", "enrolled", "renewal due", "expired", "revoked"]
LATE: Final = 0.75
"""Of a certificate's life: a unit renews at two thirds, so past this it has not been heard for days."""

ROOT_DAYS: Final = 365
ISSUING_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's. ``until``: when its state ends, POSIX seconds; None where it does not by itself."""

    unit: str
    board: str
    district: str
    state: State
    until: float | None


def standings(registry: Registry, utc: float) -> list[Standing]:
    """Every unit's, by its id."""
    tokens: dict[str, Token] = {one.unit: one for one in registry.tokens()}
    last: dict[str, Certificate] = {one.name: one for one in registry.certificates()}
    return [
        Standing(name, one.board, one.district, *_state(tokens.get(name), last.get(name), utc))
        for name, one in registry.units().items()
    ]


def _state(token: Token | None, last: Certificate | None, utc: float) -> tuple[State, float | None]:
    if last is not None and last.valid(utc):
        late = utc > last.starts + LATE * (last.ends - last.starts)
        return ("renewal due" if late else "enrolled"), last.ends
    if token is not None and token.open(utc):
        return "token", token.expires
    if last is None:
        return "imported", None
    return ("revoked", last.revoked) if last.revoked is not None else ("expired", last.ends)


def to_see_to(fleet: Fleet, list_ends: float | None) -> list[str]:
    """What an admin should do about the authority. ``list_ends``: when the broker's list of the revoked does."""
    utc = fleet.utc()
    found = []
    if fleet.authority.root_key.exists():
        found.append(f"{fleet.authority.root_key}: the root's key is still here; move it to a USB stick in a safe")
    if list_ends is None:
        found.append("the broker has no list of the revoked; run `roundsman provision broker render`")
    elif list_ends < utc + 7 * DAY_S:
        found.append(f"the broker's list of the revoked ends {day(list_ends)}; run `roundsman provision broker render`")
    issuing = fleet.authority.newest()[1].certificate.not_valid_after_utc.timestamp()
    if issuing < utc + ISSUING_DAYS * DAY_S:
        found.append(f"the issuing key ends {day(issuing)}; run `roundsman provision ca rotate`")
    root = fleet.authority.root.not_valid_after_utc.timestamp()
    if root < utc + ROOT_DAYS * DAY_S:
        found.append(f"the root ends {day(root)}: set up a new fleet folder, and new image files for every unit")
    return found


def day(utc: float) -> str:
    """A date in UTC."""
    return f"{datetime.fromtimestamp(utc, UTC):%Y-%m-%d}"
