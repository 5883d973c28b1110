"""Rosters for tests, with hashes as cheap as a car accepts; documents in memory."""

from datetime import UTC, datetime
from typing import Any, Final

from argon2 import PasswordHasher

from edge.contract.messages import Signed
from edge.contract.roster import MemberDoc, RosterDoc
from edge.contract.signed_documents import Verified
from edge.contract.signed_kinds import ROSTER
from tests.signed import at_its_word

PIN: Final = "739105"
OTHER: Final = "204866"
EXPIRES: Final = datetime(2026, 12, 31, tzinfo=UTC)
HASHER: Final = PasswordHasher(time_cost=1, memory_cost=19_456, parallelism=1, hash_len=16)
MEMBERS: Final = (("4711", "officer", PIN), ("K9-2", "supervisor", OTHER), ("A1", "analyst", PIN), ("7", "chief", PIN))


def roster(number: int = 1, members: tuple[tuple[str, str, str], ...] = MEMBERS) -> Verified[RosterDoc]:
    """A roster in force, until the end of 2026."""
    hashed = {pin: HASHER.hash(pin) for pin in {pin for _, _, pin in members}}
    listed = [{"id": officer, "role": role, "pin_hash": hashed[pin]} for officer, role, pin in members]
    body = RosterDoc(
        agency="squaretown",
        number=number,
        role="chief",
        reason="test",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        expires=EXPIRES,
        members=tuple(MemberDoc.model_validate(one) for one in listed),
    )
    signed = Signed(kind="roster", body=body.model_dump(mode="json"), signature="ab" * 64)
    return at_its_word(ROSTER, signed, f"digest {number}")


class Memory:
    """Documents that outlive whoever writes them."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self.full = False

    def get(self, name: str) -> dict[str, Any] | None:
        """A document."""
        return self.documents.get(name)

    def put(self, name: str, body: dict[str, Any]) -> None:
        """Store it, where there is room."""
        if self.full:
            raise OSError(28, "No space left on device")
        self.documents[name] = body
