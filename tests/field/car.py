"""A car of the field's cases: the real rules over the real vault, from one life to the next."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from edge.contract.messages import PlanDoc, Signed
from edge.domain.events import Event
from edge.domain.inputs import AdoptPlan, Input
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.state import Setting, State
from edge.vehicle.store.vault import Vault
from tests.domain.script import SETTING
from tests.signed import at_its_word


def document_of(plan: Plan) -> Signed:
    """A plan's document, as headquarters would send it."""
    body = PlanDoc.of(plan, "squaretown", "analyst", "because").model_dump(mode="json")
    return Signed(kind="plan", body=body, signature="ab" * 64)


class Car:
    """``state``: as it is on disk; ``events``: every record so far."""

    def __init__(self, folder: Path, setting: Setting = SETTING) -> None:
        self._folder = folder
        self._setting = setting
        self.events: list[Event] = []
        self.state = self.live()

    def live(self, *given: Input | Iterable[Input]) -> State:
        """One life of the daemon: what is stored is taken up, then the inputs; all is committed, as by the engine."""
        with closing(Vault(self._folder, "car-1")) as vault:
            state, new = vault.load(at_its_word)
            listed = [one for part in given for one in ([part] if not isinstance(part, Iterable) else part)]
            starts, rest = listed[:1], listed[1:]
            for one in (*starts, *(AdoptPlan(starts[0].mono, plan) for plan in new), *rest):
                state = self._take(vault, state, one)
            vault.commit((), state)
        self.state = state
        return state

    def _take(self, vault: Vault, state: State, given: Input) -> State:
        after, events = decide(self._setting, state, given)
        if isinstance(given, AdoptPlan) and given.plan in after.plans:
            vault.keep_plan(document_of(given.plan), given.plan)
        if events:
            vault.commit(events, after)
            self.events += events
        return after

    def stored_plans(self) -> list[str]:
        """The shifts of the plans' documents on disk."""
        with closing(Vault(self._folder, "car-1")) as vault:
            return sorted(str(one["body"]["shift"]) for one in (vault.documents.get("plans") or {}).values())
