"""Signed documents that were obeyed: stored as they came, and verified again as they are loaded.

Plans are not like the others: the state names those it has adopted, and the rules drop them. Must not verify a document
itself.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind, Verified
from edge.contract.signed_kinds import KINDS, PLAN
from edge.domain.lived import KEEP_PLANS_S
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.text.coded import CodedError
from edge.text.words import Notice
from edge.vehicle.store.data_folder import DataFolder
from edge.vehicle.store.documents import Documents
from edge.vehicle.store.signed_documents import SignedDocuments

UNREADABLE: Final = Notice("file.unreadable")
OVER: Final = timedelta(days=2)
"""So long before what is past for sure a shift began that no plan of it is of use to anybody."""

Check: TypeAlias = Callable[[SignedKind[Any], Signed], Verified[Any]]
"""Raises CodedError for a stored document that may not be obeyed (any more)."""


class VerifiedDocuments:
    """What is stored of each signed kind; ``folder`` has a notice for each document that is not in force."""

    def __init__(self, documents: Documents, folder: DataFolder) -> None:
        self._signed = SignedDocuments(documents)
        self._folder = folder
        self._void: set[str] = set()  # stored plans that are not in force

    def plans(self, check: Check) -> list[Plan]:
        """The stored plans that may be obeyed."""
        plans = []
        for name, one in self._signed.all(PLAN).items():
            try:
                document = check(PLAN, Signed.model_validate(one))
                plans.append(document.body.value(document.digest))
            except (ValidationError, CodedError) as error:
                self._void.add(name)
                self._not_in_force(PLAN, name, error)
        return plans

    def others(self, check: Check) -> list[Verified[Any]]:
        """The documents of all other kinds that may be obeyed."""
        found = []
        for kind in KINDS.values():
            for slot, one in self._signed.all(kind).items() if kind.kept and kind is not PLAN else ():
                try:
                    found.append(check(kind, Signed.model_validate(one)))
                except (ValidationError, CodedError) as error:
                    self._not_in_force(kind, slot, error)
        return found

    def _not_in_force(self, kind: SignedKind[Any], slot: str, error: ValidationError | CodedError) -> None:
        why = error.why if isinstance(error, CodedError) else UNREADABLE
        code = "store.not_in_force_for" if slot else "store.not_in_force"
        self._folder.warn(code, "warning", kind=kind.name, slot=slot, why=why)

    def has(self, plan: Plan) -> bool:
        """Whether a plan's document, or that of a later version, is stored and in force."""
        plans, slot = self._signed.all(PLAN), _slot(plan)
        return slot in plans and slot not in self._void and plans[slot]["body"]["version"] >= plan.version

    def put_plan(self, signed: Signed, plan: Plan) -> None:
        """Store a plan's document. Raises OSError where the disk does not take it."""
        self._signed.put(PLAN, _slot(plan), signed)
        self._void.discard(_slot(plan))

    def put(self, document: Verified[Any]) -> None:
        """Store any other document. Raises OSError where the disk does not take it."""
        self._signed.put(document.kind, document.slot, document.signed)

    def drop_plans(self, before: Iterable[Plan], state: State) -> None:
        """Forget plans that the rules have dropped since ``before``, and void ones of shifts long over.

        Raises OSError where the disk does not take it.
        """
        gone = (set(map(_slot, before)) - set(map(_slot, state.plans))) | self._void_and_over(state)
        if gone:
            self._signed.drop(PLAN, gone)
        self._void -= gone

    def _void_and_over(self, state: State) -> set[str]:
        """Those not in force, so the rules never had them, of shifts long over: else each start would warn of them."""
        past = state.past(KEEP_PLANS_S)
        if not self._void or past < OVER.total_seconds():
            return set()
        since = datetime.fromtimestamp(past, UTC).date() - OVER
        return {slot for slot in self._void if slot < since.isoformat()}


def _slot(plan: Plan) -> str:
    """That of its document."""
    return " ".join(str(getattr(plan, field)) for field in PLAN.key)
