"""The power goes inside a visit, and the car starts again: DESIGN's rule, from what the disk truly held."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import pytest

from edge.contract.agency import Agency
from edge.domain.events import RecordData, Started, VisitClosed, VisitResumed, instant
from edge.domain.grid import Cell
from edge.domain.inputs import Fix, Input, SignOut, Start, Tick
from edge.domain.meter import Phase, Visit
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.vehicle.store.vault import Vault
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.recorded import Progress, Recorded
from tests.powercut.shift import UNIT
from tests.vehicle.town_shift import UTC, as_said, cells, fixes, setting

pytestmark = pytest.mark.usefixtures("can_mount")

POINTS = 150
NEW_MONO = 20.0
AFTER_S = 30
MOST_LOST_S = 15.0  # DESIGN: a checkpoint at least so often
EventT = TypeVar("EventT", bound=RecordData)


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut inside a visit: the state found on disk, and the one the car was truly in. ``at``: POSIX seconds."""

    found: State
    truth: State
    at: float

    @property
    def visit(self) -> Visit:
        """The visit as found."""
        assert self.found.visit is not None
        return self.found.visit

    @property
    def lost_s(self) -> float:
        """Dosage that was in the car's memory only."""
        assert self.truth.visit is not None
        return self.truth.visit.dosage_s - self.visit.dosage_s


@pytest.fixture(scope="module")
def cuts(recorded: Recorded, square_agency: Agency) -> list[Cut]:
    """The crash images that were taken inside an open visit, as the vault loads them."""
    found: list[Cut] = []
    for crash in crashes(recorded.log, POINTS, seed=7):
        inputs = Progress.of(crash.note).inputs
        truth = recorded.truth[min(inputs, len(recorded.truth) - 1)]  # after the input that was under way
        with laid_out(crash.image) as folder, closing(Vault(folder / "data", UNIT)) as vault:
            state, _ = vault.load(as_said)
        if is_open(state) and is_open(truth) and state.visit.id == truth.visit.id:  # type: ignore[union-attr]
            found.append(Cut(state, truth, truth.utc(truth.mono)))
    return found


def is_open(state: State) -> bool:
    return state.visit is not None and state.visit.phase is Phase.OPEN


def after_reboot(agency: Agency, cut: Cut, inputs: Iterable[Input], off_s: float = 40.0) -> list[RecordData]:
    """What a new boot records, its clock right, so many seconds after the cut."""
    state, made = cut.found, list[RecordData]()
    for given in [Start(NEW_MONO, "another boot", cut.at + off_s, "test"), *inputs]:
        state, events = decide(setting(agency), state, given)
        made += [event.data for event in events]
    return made


def positions(agency: Agency, cell: Cell, first_utc: float, seconds: int) -> Iterator[Fix]:
    """One fix a second in a box, by the new boot's monotonic clock, ten seconds after its start."""
    began = int(first_utc - UTC)
    for n, fix in enumerate(fixes(agency, cell, began, seconds)):
        yield Fix(fix.utc, NEW_MONO + 10.0 + n, fix.lat, fix.lon, fix.speed, fix.accuracy)


def only(events: list[RecordData], kind: type[EventT]) -> EventT:
    (one,) = [event for event in events if isinstance(event, kind)]
    return one


def another_cell(agency: Agency, cell: Cell) -> Cell:
    """A box a good way off."""
    return next(one for one in cells(agency) if max(abs(one[0] - cell[0]), abs(one[1] - cell[1])) > 1)


def test_there_are_power_cuts_inside_visits(cuts: list[Cut]) -> None:
    """Enough of them, some of which cost seconds; none costs more than a checkpoint's distance, none brings any."""
    assert len(cuts) > POINTS // 4
    assert max(cut.lost_s for cut in cuts) > 5.0
    assert all(0.0 <= cut.lost_s <= MOST_LOST_S for cut in cuts)


def test_back_in_the_box_within_five_minutes_the_visit_goes_on(cuts: list[Cut], square_agency: Agency) -> None:
    """Resumed by the first trusted fix, the gap recorded by UTC; dosage is what was on disk and what was seen since."""
    for cut in cuts:
        back = list(positions(square_agency, cut.visit.cell, cut.at + 60.0, AFTER_S))
        events = after_reboot(square_agency, cut, [*back, SignOut(back[-1].mono)])
        known = cut.found.utc(cut.found.mono)
        assert only(events, Started).gap_s == pytest.approx(cut.at + 40.0 - known, abs=0.01)
        resumed, closed = only(events, VisitResumed), only(events, VisitClosed)
        assert resumed.visit == closed.visit == cut.visit.id
        assert resumed.at == instant(back[0].utc)
        assert 60.0 - 1.0 <= resumed.away_s <= 60.0 + MOST_LOST_S + 1.0
        assert closed.dosage_s == pytest.approx(cut.visit.dosage_s + AFTER_S - 1.0, abs=0.01)


def not_in_time(agency: Agency, cut: Cut) -> dict[str, list[Input]]:
    """What does not resume a visit."""
    here, there = cut.visit.cell, another_cell(agency, cut.visit.cell)
    return {
        "later": list(positions(agency, here, cut.at + 302.0, 5)),
        "elsewhere": list(positions(agency, there, cut.at + 60.0, 5)),
        "never": [Tick(NEW_MONO + 302.0, 0.0)],
    }


@pytest.mark.parametrize("how", ["later", "elsewhere", "never"])
def test_later_or_elsewhere_it_was_over_at_the_last_known_second(
    how: str, cuts: list[Cut], square_agency: Agency
) -> None:
    """Closed for the restart, with the dosage on disk: no second after the cut, and none guessed before it."""
    for cut in cuts:
        events = after_reboot(square_agency, cut, not_in_time(square_agency, cut)[how])
        closed = only(events, VisitClosed)
        assert not any(isinstance(event, VisitResumed) for event in events)
        assert (closed.visit, closed.reason) == (cut.visit.id, "restart")
        assert closed.dosage_s == round(cut.visit.dosage_s, 3)
        assert cut.at - MOST_LOST_S - 1.0 <= closed.ended.timestamp() <= cut.at
