"""Having risk scored: when it is asked for, what comes of the answer; nothing that goes wrong stops metering."""

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.signed_documents import Verified
from edge.domain.events import ForecastMade, PlanComputed
from edge.domain.inputs import AdoptPlan, MergeVisits, Start, TakeForecast, Tick
from edge.domain.outlook import Outlook
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.domain.visits import VisitSummary
from edge.errors import UserError
from edge.plans.scoring import DrawnPatrol, ScoringReply, ScoringRequest
from edge.text.words import Notice, say
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import Item
from edge.vehicle.scoring import AGAIN_S, AHEAD_S, Scoring, taken_from
from edge.vehicle.scoring_process import run_child
from tests.signed import context_of
from tests.vehicle.town_shift import BOOT, UTC, cells, plan, setting, shift_id
from tests.words import all_shown, shown

DISTRICT = "2"
NO_STOP = threading.Event()
OLD = Notice("risk.model_expired", {"crime_type": "robbery", "date": "2026-10-01"}, "warning")


class Bench:
    """A vehicle's state, a scoring process that answers as the test says, and what it was asked."""

    def __init__(self, agency: Agency, *, models: bool = True) -> None:
        self.agency = agency
        self.mono = 1.0
        self.state = State("car-1", "x")
        self.tell(Start(0.0, BOOT, UTC, "test"), Tick(1.0, UTC + 1.0, ntp=True))
        self.in_force = InForce()
        self.asked: list[ScoringRequest] = []
        self.posted: list[Item] = []
        self.problem: Notice | None = None
        self.scoring = Scoring(
            agency, Path("/bundle"), "00" * 32, DISTRICT, models=models, state=lambda: self.state,
            in_force=self.in_force, mono=lambda: self.mono, post=self.posted.append, run=self.run,
        )  # fmt: skip

    def tell(self, *inputs: Start | Tick | AdoptPlan | MergeVisits | TakeForecast) -> None:
        """Decide."""
        for one in inputs:
            self.state, _ = decide(setting(self.agency), self.state, one)

    def run(self, request: ScoringRequest, _stop: threading.Event) -> ScoringReply:
        """The process."""
        self.asked.append(request)
        return ScoringReply(problem=self.problem) if self.problem else reply(self.agency, request)

    def look(self, times: int = 3) -> None:
        """Some looks; what was posted is taken."""
        for _ in range(times):
            self.scoring.look(NO_STOP)
            for item in self.posted:
                assert isinstance(item, TakeForecast)
                self.tell(item)
            self.posted.clear()


def reply(agency: Agency, request: ScoringRequest) -> ScoringReply:
    """A forecast, and where it is wanted a plan of the district's first two boxes."""
    boxes = cells(agency)[:2]
    ids = [agency.grid.boxes[cell].id for cell in boxes]
    drawn = tuple(DrawnPatrol(box, ("robbery",), agency.policy.prescription(("robbery",))) for box in ids)
    computed = PlanComputed(request.shift, request.district, "aa" * 32, "bb" * 32, tuple((one, 10) for one in ids))
    number = request.context.number if request.context is not None else 0
    return ScoringReply(
        made=ForecastMade(request.shift, (("robbery", "cc" * 32),), number, "dd" * 32, "ee" * 32),
        outlook=Outlook(request.shift, number, "2026-10-13"),
        plan=drawn if request.draw else (),
        computed=computed if request.draw else None,
    )


def context(number: int) -> Verified[ContextDoc]:
    """A context that has come."""
    doc = ContextDoc(agency="squaretown", base="ab" * 32, number=number, date=date(2026, 10, 14))
    return context_of(doc, f"{number}")


@pytest.fixture
def bench(square_agency: Agency) -> Bench:
    return Bench(square_agency)


def test_a_shift_is_scored_once(bench: Bench) -> None:
    """At the start; looking again asks for nothing."""
    bench.look()
    assert [one.shift for one in bench.asked] == [shift_id(bench.agency)]
    assert bench.asked[0].draw
    assert bench.state.plan is not None
    assert bench.state.plan.source == "vehicle"
    assert bench.state.outlook is not None


def test_a_new_context_scores_anew(bench: Bench) -> None:
    """Each once; the same one is no reason."""
    bench.look()
    for number in (1, 1, 2):
        bench.in_force.adopt(context(number))
        bench.look()
    assert [one.context and one.context.number for one in bench.asked] == [None, 1, 2]


def test_the_coming_shift_is_scored_shortly_before_it_begins(bench: Bench) -> None:
    """So its plan is there when it does."""
    bench.look()
    assert bench.state.shift is not None
    ends = bench.state.shift.ends
    bench.mono = ends - bench.state.clock.offset - AHEAD_S + 1.0
    bench.look()
    assert [one.shift for one in bench.asked[1:]] == [bench.agency.calendar.shift_at(ends).id]
    bench.tell(Tick(bench.mono + AHEAD_S, ends + 1.0, ntp=True))
    assert bench.state.plan is not None
    assert bench.state.plan.shift == bench.asked[1].shift
    bench.look()
    assert len(bench.asked) == 2


def test_an_approved_plans_boxes_are_explained_and_no_plan_is_drawn(bench: Bench) -> None:
    """It replaces the vehicle's own at once; the forecast is made anew for its boxes."""
    bench.look()
    approved = plan(bench.agency)
    bench.tell(AdoptPlan(2.0, approved))
    assert bench.state.plan == approved
    bench.look()
    assert not bench.asked[1].draw
    assert set(bench.asked[1].boxes) == {one.box for one in approved.patrols}
    assert bench.state.plan == approved


def test_the_fleets_visits_of_the_week_are_told_for_the_draw(bench: Bench) -> None:
    """Counted ones that opened in the seven days before the shift starts; none where no plan is drawn."""
    assert bench.state.shift is not None
    starts = bench.state.shift.starts
    box = plan(bench.agency).patrols[0].box
    opened = {"a": starts - 3600.0, "b": starts - 6 * 86_400.0, "old": starts - 8 * 86_400.0, "new": starts + 60.0}
    visits = tuple(
        VisitSummary(
            f"car-2:x:{name}", "car-2", box, bench.agency.calendar.shift_at(at).id, at, at + 900.0, 900.0, True, False
        )
        for name, at in opened.items()
    )
    short = replace(visits[0], id="car-2:x:short", counted=False)
    bench.tell(MergeVisits(1.5, (*visits, short)))
    bench.look()
    assert bench.asked[0].visits == ((box, 2),)
    bench.tell(AdoptPlan(2.0, plan(bench.agency)))
    bench.look()
    assert bench.asked[1].visits == ()


def test_a_policy_without_own_plans_draws_none(square_agency: Agency) -> None:
    """The forecast is there all the same."""
    policy = replace(square_agency.policy, own_plans=False)
    bench = Bench(replace(square_agency, policy=policy))
    bench.look()
    assert not bench.asked[0].draw
    assert bench.state.plan is None
    assert bench.state.outlook is not None


def test_without_models_nothing_is_asked(square_agency: Agency) -> None:
    """And nothing is warned of."""
    bench = Bench(square_agency, models=False)
    bench.look()
    assert bench.asked == []
    assert bench.scoring.notices() == ()


def test_while_the_time_is_not_known_nothing_is_asked(square_agency: Agency) -> None:
    """There is no shift to score."""
    bench = Bench(square_agency)
    bench.state = replace(bench.state, shift=None)
    bench.look()
    assert bench.asked == []


def test_a_failure_is_one_sentence_and_is_tried_again_later(bench: Bench) -> None:
    """Metering goes on; a minute later it is asked for once more."""
    bench.problem = Notice("scoring.late", {"most": 60.0})
    bench.look()
    assert len(bench.asked) == 1
    assert all_shown(bench.scoring.notices()) == ["No risk forecast: the scoring process took longer than 60 s"]
    assert bench.state.outlook is None
    bench.problem = None
    bench.look(1)
    assert len(bench.asked) == 1
    bench.mono += AGAIN_S + 1.0
    bench.look(1)
    assert len(bench.asked) == 2
    assert bench.scoring.notices() == ()


def test_what_the_process_remarks_is_said(bench: Bench) -> None:
    """A model that is refused, a context that is not used."""

    def run(request: ScoringRequest, _stop: threading.Event) -> ScoringReply:
        return replace(reply(bench.agency, request), remarks=(NOT_USED, OLD))

    bench.scoring._run = run
    bench.look(1)
    assert all_shown(bench.scoring.notices()) == [
        "risk of theft is off: models/theft.card.json: missing; a model needs its card and self-test",
        say(OLD),
    ]


NOT_USED = Notice(
    "risk.model_not_used",
    {
        "why": Notice(
            "model.off", {"crime_type": "theft", "why": Notice("model.missing", {"file": "models/theft.card.json"})}
        )
    },
    "warning",
)


@pytest.mark.parametrize("which", ["opt_out", "elsewhere", "nowhere"])
def test_a_box_that_may_not_be_patrolled_is_refused(square_agency: Agency, which: str) -> None:
    """Whatever the scoring process says: an opt-out box, another district's, one of no agency."""
    boxes = {
        "opt_out": next(one for one in square_agency.grid.boxes.values() if one.opt_out),
        "elsewhere": next(one for one in square_agency.grid.boxes.values() if one.district == "1"),
    }
    box_id = boxes[which].id if which in boxes else "1-1"
    district = boxes[which].district if which == "opt_out" else DISTRICT
    request = ScoringRequest(
        directory=Path(), key="", district=district, shift="2026-10-14/day", context=None, context_digest="", draw=True
    )
    given = reply(square_agency, request)
    bad = replace(given, plan=(replace(given.plan[0], box=box_id),))
    with pytest.raises(UserError, match="may not be patrolled here"):
        taken_from(bad, request.shift, district, square_agency, 0.0)


def _request(directory: Path) -> ScoringRequest:
    return ScoringRequest(
        directory=directory, key="00" * 32, district="1", shift="2026-10-14/day", context=None, context_digest="",
        draw=True,
    )  # fmt: skip


def test_the_real_process_says_what_is_wrong_with_a_bundle(tmp_path: Path) -> None:
    """A directory that is none: the sentence names the file."""
    said = run_child(_request(tmp_path), NO_STOP)
    assert "agency.json: No such file" in shown(said.problem)


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import sys; sys.stderr.write('boom'); sys.exit(3)", "ended with status 3 (boom)"),
        ("import os; os.kill(os.getpid(), 9)", "ended with status -9 (no error message)"),
        ("print('no json')", "an unreadable answer"),
        ("import time; time.sleep(60)", "took longer than"),
    ],
)
def test_a_process_that_fails_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, sentence: str
) -> None:
    """It ends badly, is killed, talks nonsense, or never ends: it is waited for no longer than its time."""
    (tmp_path / "bad_child.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    patience_s = 1.0 if "sleep" in program else 30.0
    given = run_child(_request(tmp_path), NO_STOP, module="bad_child", patience_s=patience_s)
    assert sentence in shown(given.problem)


def test_a_process_ends_when_the_daemon_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, whatever it was at."""
    (tmp_path / "bad_child.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    stop = threading.Event()
    stop.set()
    assert "status -9" in shown(run_child(_request(tmp_path), stop, module="bad_child").problem)


def test_the_process_takes_no_module_of_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A technician may start the daemon anywhere: on a stick with a numpy.py or an edge folder of its own."""
    (tmp_path / "numpy.py").write_text("raise SystemExit('not this one')")
    (tmp_path / "edge").mkdir()
    (tmp_path / "edge" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    assert "agency.json: No such file" in shown(run_child(_request(tmp_path), NO_STOP).problem)


def test_the_process_cannot_be_started(tmp_path: Path) -> None:
    """No interpreter, no memory: a sentence."""
    assert shown(run_child(_request(tmp_path), NO_STOP, python=str(tmp_path / "none")).problem) == (
        "the scoring process cannot be started (No such file or directory)"
    )


def test_the_daemon_starts_without_numpy_and_onnxruntime() -> None:
    """Neither is imported by any part that it names: what they take, only the scoring process takes."""
    program = "import sys, edge.vehicle.daemon; print({'numpy', 'onnxruntime', 'edge.risk'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
