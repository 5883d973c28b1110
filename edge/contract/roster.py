"""The roster: who may sign in to a car, in which role, by which PIN. Ids, never names.

A PIN travels as its Argon2id hash. The whole roster comes each time, with a number that only grows. Once it has
expired its ids may still sign in, so that metering goes on, and nobody has more than an officer's rights by it. Must
not hash or verify a PIN: headquarters does one, the car the other.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from edge.contract.messages import Instant
from edge.contract.signed_body import Name, SignedBody
from edge.domain.events import Role, Unknown
from edge.text.strictness import SENT

MOST_MEMBERS: Final = 7_000
"""About 135 bytes each: no more fit a message (`edge.contract.messages.LARGEST`)."""

LONGEST_ID: Final = 12

TIME_COST: Final = 3
MEMORY_KIB: Final = 65_536
LANES: Final = 4
"""Argon2id as RFC 9106, section 4, recommends it second: for where memory is short, such as in a Raspberry Pi."""

SALT_BYTES: Final = 16
HASH_BYTES: Final = 16
"""RFC 9106, section 4: 128 bits of salt. A hash of 128 bits is enough (argon2-cffi, *Choosing Parameters*)."""

BOUNDS: Final = {"m": (19_456, 131_072), "t": (1, 6), "p": (1, 4)}
"""What a car computes: no less than OWASP's minimum of memory (Password Storage Cheat Sheet), no more than a Pi has."""

_HASH: Final = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{22,43}"
)


def _officer_id(text: str) -> str:
    """Raises ValueError for an id without a digit: it would be a word, and perhaps somebody's name."""
    if not re.fullmatch(rf"[A-Za-z0-9-]{{1,{LONGEST_ID}}}", text) or not any(each.isdigit() for each in text):
        msg = f"an id has 1 to {LONGEST_ID} letters, digits or hyphens, at least one of them a digit; never a name"
        raise ValueError(msg)
    return text


def _pin_hash(text: str) -> str:
    """Raises ValueError for a hash that no car verifies."""
    found = _HASH.fullmatch(text)
    if found is None:
        msg = "is not the Argon2id hash of a PIN; set the PIN with `roundsman hq set-pin`"
        raise ValueError(msg)
    for (name, (least, most)), given in zip(BOUNDS.items(), found.groups(), strict=True):
        if not least <= int(given) <= most:
            msg = f"the hash was made with {name}={given}; cars accept {least} to {most}"
            raise ValueError(msg)
    return text


OfficerId = Annotated[str, AfterValidator(_officer_id)]
PinHash = Annotated[str, Field(max_length=120), AfterValidator(_pin_hash)]


class MemberDoc(BaseModel):
    """Who may sign in. A role that only newer software knows has an officer's rights here."""

    model_config = SENT
    id: OfficerId
    role: Role | Unknown
    pin_hash: PinHash


class RosterDoc(SignedBody):
    """Who may sign in to a car of this agency, until when the roles hold, and who approved it.

    Ids differ by more than the case of their letters, as a car's keys have capitals alone.
    """

    agency: Name
    number: int = Field(ge=1, le=2**53)
    role: Annotated[str, Field(min_length=1, max_length=63)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    at: Instant
    expires: Instant
    members: tuple[MemberDoc, ...] = Field(min_length=1, max_length=MOST_MEMBERS)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refuse_twice(member.id for member in self.members)
        return self


def refuse_twice(ids: Iterable[str]) -> None:
    """Raises ValueError where an id is listed twice, whatever the case of its letters."""
    if twice := [one for one, times in Counter(each.upper() for each in ids).items() if times > 1]:
        msg = f"id {twice[0]} is listed twice; list each id once (capitals and small letters count as the same)"
        raise ValueError(msg)
