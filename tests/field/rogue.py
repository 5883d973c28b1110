"""A rogue car: it has its own certificate, so whatever it says on its own topic reaches every car, which decides.

`Fleet` is one honest car with the real inbound end, rules, vault and screen. Must not open a network.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from edge.contract.agency import Agency
from edge.contract.messages import VisitDoc, Visits, encode
from edge.contract.signed_documents import Verified
from edge.domain.inputs import AdoptPlan, Input, MergeVisits, SignIn, Start, Tick, VoidVisits
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.domain.visits import VisitSummary
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.vault import Vault
from edge.vehicle.view.make import snapshot_of
from edge.vehicle.view.snapshot import GpsView, LinkView
from tests.vehicle.town_shift import BOOT, UTC, as_said, cells, plan, setting, shift_id

ROGUE = "car-9"
DISTRICT = "2"
HOUR = 3600.0


class Liar:
    """What the rogue car can write: visits under its own name, true or not. ``now``: POSIX seconds."""

    def __init__(self, agency: Agency, now: float = UTC + 60.0) -> None:
        self.agency = agency
        self.now = now
        self.boxes = [plan(agency, boxes=20).patrols[place].box for place in range(min(12, len(cells(agency))))]

    def visit(self, number: int, ago: float = HOUR, box: str = "", lasts: float = 300.0, **other: Any) -> VisitSummary:
        """A counted visit that began ``ago`` seconds ago."""
        opened = self.now - ago
        shift = self.agency.calendar.shift_at(opened).id
        ended = opened + lasts
        made = VisitSummary(
            f"{ROGUE}:fake:{number}", ROGUE, box or self.boxes[0], shift, opened, ended, lasts, True, False
        )
        return replace(made, **other)

    def message(self, visits: Iterable[VisitSummary]) -> bytes:
        """The bytes on its topic; whatever the types would refuse is written all the same."""
        return encode(
            Visits.model_construct(
                unit=ROGUE, shift=shift_id(self.agency), visits=tuple(VisitDoc.of(visit) for visit in visits)
            )
        )


class Honest:
    """A car in the middle of its shift, with a plan and an officer. ``mono``: its latest second."""

    def __init__(self, agency: Agency, folder: Path) -> None:
        self.agency = agency
        self._folder = folder
        self._inbound = Inbound(agency, "car-1", DISTRICT)
        self._setting = setting(agency)
        self.mono = 0.0
        self.state = State("car-1", "x")
        self._live([Start(0.0, BOOT, UTC, "t"), Tick(1.0, UTC + 1.0, ntp=True), AdoptPlan(1.5, plan(agency))])
        self._live([SignIn(2.0, "4711"), Tick(60.0, UTC + 60.0, ntp=True)])

    def hear(self, payload: bytes, unit: str = ROGUE) -> None:
        """A message on a vehicle's topic of visits. Raises UserError where it is refused as a whole."""
        said = self._inbound.read(self._inbound.topics.visits(unit), payload)
        assert isinstance(said, tuple)
        self.say(MergeVisits(self.mono, said, unit))

    def say(self, visits: MergeVisits) -> None:
        """What the link has read of a vehicle's visits."""
        self._live([visits])

    def obey(self, document: Verified[Any]) -> None:
        """What is void, by a document that was verified."""
        self._live([VoidVisits(self.mono, document.body.value())])

    def restart(self) -> None:
        """The daemon starts anew from what is on disk."""
        self._live([Start(self.mono + 1.0, BOOT, UTC + self.mono + 1.0, "t")])
        self._live([Tick(self.mono + 2.0, UTC + self.mono + 2.0, ntp=True)])

    def set_back(self, seconds: float) -> None:
        """The network's clock says a time so long ago."""
        self._live([Tick(self.mono + 1.0, UTC + self.mono + 1.0 - seconds, ntp=True)])

    def later(self, seconds: float) -> None:
        """Time passes."""
        self._live([Tick(self.mono + seconds, UTC + self.mono + seconds, ntp=True)])

    def _live(self, given: Iterable[Input]) -> None:
        """Some inputs, decided and committed by a vault that is opened for them: all is on disk, and read again."""
        with closing(Vault(self._folder, "car-1")) as vault:
            stored, _ = vault.load(as_said)
            state = replace(
                self.state, ledger=stored.ledger, seq=stored.seq, visits=stored.visits, plans=self.state.plans
            )
            for one in given:
                state, events = decide(self._setting, state, one)
                vault.commit(events, state)
                self.mono = max(self.mono, one.mono)
        self.state = state

    def statuses(self) -> dict[str, str]:
        """How each box of the plan stands, on the screen."""
        return {box.id: box.status for box in self.screen().boxes}

    def screen(self) -> Any:
        """What the officer sees."""
        return snapshot_of(self.agency, self.state, self.mono, LinkView(), GpsView(), ())

    def shown(self) -> str:
        """All of it, as text."""
        return str(asdict(self.screen()))
