"""The roster in force as it is asked for: by id, with the role that holds at an instant. Must not verify a PIN."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edge.contract.roster import MemberDoc, RosterDoc
from edge.contract.signed_documents import Verified
from edge.domain.events import Role


@dataclass(frozen=True, slots=True)
class Listed:
    """``by_id``: the members by id in capitals; ``letters``: what their ids have beside digits; ``expires``: POSIX."""

    by_id: Mapping[str, MemberDoc]
    letters: str
    expires: float

    def expired(self, utc: float | None) -> bool:
        """Whether its roles are over, at an instant; not where that is not sure (None)."""
        return utc is not None and utc >= self.expires

    def role(self, member: MemberDoc, utc: float | None) -> Role:
        """A member's: of a roster that has expired, and of a role that is not known here, an officer's."""
        if self.expired(utc) or member.role not in ("supervisor", "analyst"):
            return "officer"
        return member.role  # type: ignore[return-value]  # one of these two


class InForceRoster:
    """The roster in force, made ready once for each; ``held``: the document, None where there is none."""

    def __init__(self, held: Callable[[], Verified[RosterDoc] | None]) -> None:
        self._held = held
        self._ready: tuple[str, Listed] | None = None

    def __call__(self) -> Listed | None:
        """None where there is none."""
        held, ready = self._held(), self._ready
        if held is None:
            return None
        if ready is None or ready[0] != held.digest:
            self._ready = ready = held.digest, _listed(held.body)
        return ready[1]


def _listed(roster: RosterDoc) -> Listed:
    by_id = {member.id.upper(): member for member in roster.members}
    letters = {each for officer in by_id for each in officer if not each.isdigit()}
    return Listed(by_id, "".join(sorted(letters)), roster.expires.timestamp())
