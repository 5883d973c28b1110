"""The signed documents in force in this car, but for plans, which the rules hold: by kind and slot, the newest of each.

One thread adopts (the engine's); any may read. Must not verify a document, and must not store one.
"""

from collections.abc import Container, Iterable
from typing import Any, Final

from edge.contract.signed_documents import BodyT, SignedKind, Verified, why_older
from edge.contract.signed_kinds import PLAN
from edge.domain.plan import Plan
from edge.domain.shift import Calendar
from edge.domain.state import State
from edge.text.words import Notice

SURE_S: Final = 3600.0
"""A leap that has lasted for so long is believed."""


class InForce:
    """What is in force. ``documents``: those that a car had stored."""

    def __init__(self, documents: Iterable[Verified[Any]] = ()) -> None:
        self._held: dict[tuple[str, str], Verified[Any]] = {}
        for document in documents:
            self.adopt(document)

    def get(self, kind: SignedKind[BodyT], slot: str = "") -> Verified[BodyT] | None:
        """The one of a kind and slot; None where there is none."""
        return self._held.get((kind.name, slot))

    def arrival(self, state: State, digest: str) -> float | None:
        """The instant at which a document came, as far as it is sure, for which its key must not have expired.

        None where the time is not known, or the document is in force: what was adopted while its key held stays. A
        clock that has just leapt ahead has no document refused: it may not be sent again.
        """
        held = digest in {one.digest for one in tuple(self._held.values())} | {plan.digest for plan in state.plans}
        return None if held or not state.clock.trusted else state.sure_utc(SURE_S)

    def adopt(self, document: Verified[Any]) -> bool:
        """Let a document take force where it is newer than the one that has it; whether it did."""
        held = self._of(document)
        if held is not None and document.order <= held.order:
            return False
        self._held[document.kind.name, document.slot] = document
        return True

    def why_older(self, document: Verified[Any]) -> Notice | None:
        """Why a document is not adopted; None where it is, or has force already."""
        held = self._of(document)
        return why_older(document.kind, document.order, held.order if held is not None else None, document.slot)

    def _of(self, document: Verified[Any]) -> Verified[Any] | None:
        return self._held.get((document.kind.name, document.slot))


def why_ignored(plan: Plan, state: State, calendar: Calendar, planned: Container[str] = ()) -> Notice | None:
    """Why the rules will not obey a verified plan; None where they will, or do already.

    A plan whose shift has ended is worth a word only where there is none for the shift that runs: headquarters leaves
    one on the broker for a while. ``planned``: the shifts for which one came, though the rules may not have it yet.
    """
    same = [one for one in state.plans if (one.shift, one.district) == (plan.shift, plan.district)]
    held = [one for one in same if one.source == "approved"]
    newest = max((one.version for one in held), default=0)
    if older := why_older(PLAN, (plan.version,), (newest,), plan.shift):
        return older
    ended = state.clock.trusted and calendar.ends(plan.shift) <= state.utc(state.mono)
    if ended and state.issued is None and not (state.shift is not None and state.shift.id in planned):
        return Notice("document.shift_over", {"shift": plan.shift})
    return None
