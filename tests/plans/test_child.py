"""The scoring process as a whole: a request in, a forecast and a plan out, reproducible from what the ledger has."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from edge.contract.agency import load_agency
from edge.contract.context import ContextDoc, GunfireDoc
from edge.domain.grid import parse_box_id
from edge.plans.area import Counted
from edge.plans.child import MOST_EXPLAINED, answer
from edge.plans.planner import seed_of
from edge.plans.scoring import ScoringReply, ScoringRequest, reply_form
from models.daily.context import make_context
from tests.risk.tiny import Tiny, made_up
from tests.words import shown

SHIFT = "2026-10-14/day"


def request_of(tiny: Tiny, context: ContextDoc | None = None, *, draw: bool = True) -> ScoringRequest:
    """A request of district 2."""
    assert tiny.agency.public_key is not None
    digest = "ab" * 32 if context is not None else ""
    return ScoringRequest(
        directory=tiny.directory, key=tiny.agency.public_key, district="2", shift=SHIFT, context=context,
        context_digest=digest, draw=draw,
    )  # fmt: skip


def in_a_process(request: ScoringRequest, **environment: str) -> ScoringReply:
    """The reply of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "edge.plans.child"],
        input=request.model_dump_json().encode(),
        capture_output=True,
        check=True,
        env={**os.environ, **environment},
    )
    assert done.stderr == b""
    return reply_form().validate_json(done.stdout)


def daily(tiny: Tiny) -> ContextDoc:
    """The next day's context, with visits and shots."""
    now = made_up(tiny.agency, date(2026, 10, 13), 3)
    context = make_context(tiny.agency, tiny.counts, now, date(2026, 10, 14))
    shots = (GunfireDoc(box=12, at=datetime(2026, 10, 14, 15, 0, tzinfo=UTC)),)
    return context.model_copy(update={"gunfire": shots, "visits": ((12, 1, 3), (12, 7, 2), (12, 8, 9)), "number": 4})


def test_protection_7_forecast_and_plan_are_reproducible_from_the_logged_inputs(tiny: Tiny) -> None:
    """The bundle, the context, the shift: another process with other threads gives the same records, byte for byte."""
    asked = request_of(tiny, daily(tiny))
    first = in_a_process(asked, OMP_NUM_THREADS="1", PYTHONHASHSEED="1")
    again = in_a_process(asked, OMP_NUM_THREADS="2", PYTHONHASHSEED="2")
    assert first == again
    assert first.problem is None
    assert first.made is not None
    assert first.computed is not None
    assert first.made.context == 4
    assert first.computed.seed == seed_of("squaretown", SHIFT, "2")
    assert [box.box for box in first.plan] == [box for box, _ in first.computed.boxes]
    assert all(0 < share <= 1_000_000 for _, share in first.computed.boxes)
    other = answer(request_of(tiny))
    assert other.computed is not None
    assert other.made is not None
    assert other.made.inputs != first.made.inputs
    assert other.computed.inputs != first.computed.inputs


def test_every_box_of_the_plan_is_explained(tiny: Tiny) -> None:
    """By the crime types it is drawn for; so are boxes asked for, boxes with shots, and the riskiest."""
    elsewhere = next(box for box in tiny.agency.grid.boxes.values() if box.district == "1")
    asked = replace_boxes(request_of(tiny, daily(tiny)), (elsewhere.id,))
    reply = answer(asked)
    assert reply.outlook is not None
    shots = next(box for box in tiny.agency.grid.boxes.values() if box.number == 12)
    explained = reply.outlook.by_cell
    assert elsewhere.cell in explained
    assert shots.cell in explained
    for drawn in reply.plan:
        risk = explained[parse_box_id(drawn.box)].first(drawn.crime_types)
        assert risk is not None
        assert risk.crime_type == drawn.crime_types[0]
    assert len(explained) <= MOST_EXPLAINED + 2
    assert reply.outlook.known_to == "2026-10-13"


def replace_boxes(asked: ScoringRequest, boxes: tuple[str, ...]) -> ScoringRequest:
    """The request with boxes to explain."""
    return asked.model_copy(update={"boxes": boxes})


def test_protection_6_an_opt_out_box_is_never_drawn(tiny: Tiny) -> None:
    """However many boxes a plan may have."""
    agency = load_agency(tiny.directory)
    opt_out = {box.id for box in agency.grid.boxes.values() if box.opt_out}
    assert opt_out
    reply = answer(request_of(tiny).model_copy(update={"district": "1"}))
    assert reply.plan
    assert not {drawn.box for drawn in reply.plan} & opt_out


def test_protection_6_an_opt_out_box_is_not_explained(tiny: Tiny) -> None:
    """Whether it is asked for, shots were heard there, or it is the riskiest: the screen has nothing to say of it."""
    opt_out = next(box for box in tiny.agency.grid.boxes.values() if box.opt_out)
    shots = (GunfireDoc(box=opt_out.number, at=datetime(2026, 10, 14, 15, 0, tzinfo=UTC)),)
    asked = request_of(tiny, daily(tiny).model_copy(update={"gunfire": shots}))
    reply = answer(replace_boxes(asked, (opt_out.id,)).model_copy(update={"district": opt_out.district}))
    assert reply.outlook is not None
    assert reply.outlook.boxes
    assert not {one.cell for one in reply.outlook.boxes} & {
        box.cell for box in tiny.agency.grid.boxes.values() if box.opt_out
    }


def test_visits_of_the_week_come_from_the_context(tiny: Tiny) -> None:
    """Those of the shift's date and the seven days before; each machine counts the same."""
    found = Counted.of_context(daily(tiny), tiny.agency, date(2026, 10, 14).toordinal())
    assert found.week[11] == 5
    assert found.week.sum() == 5
    assert Counted.of_context(None, tiny.agency, 1).week.sum() == 0


def test_visits_that_the_vehicle_knows_of_count_too(tiny: Tiny) -> None:
    """Of the context's and its own the more hold: a box at its cap is not drawn, whoever knew of it first."""
    box = next(box for box in tiny.agency.grid.boxes.values() if box.number == 12)
    day = date(2026, 10, 14).toordinal()
    assert Counted.of_context(daily(tiny), tiny.agency, day, [(box.id, 7)]).week[11] == 7
    assert Counted.of_context(daily(tiny), tiny.agency, day, [(box.id, 2), ("1-1", 3)]).week.tolist() == (
        Counted.of_context(daily(tiny), tiny.agency, day).week.tolist()
    )
    free = answer(request_of(tiny))
    assert free.plan
    capped = answer(request_of(tiny).model_copy(update={"visits": ((free.plan[0].box, 7),)}))
    assert capped.plan
    assert free.plan[0].box not in {drawn.box for drawn in capped.plan}


def test_without_a_weight_there_is_a_forecast_and_no_plan(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what is missing."""
    bare = replace(tiny.agency, planner=tiny.agency.planner.model_copy(update={"weights": ()}))
    monkeypatch.setattr("edge.plans.child.load_agency", lambda _directory: bare)
    reply = answer(request_of(tiny))
    assert reply.outlook is not None
    assert reply.computed is None
    assert shown(reply.remarks[0]).startswith("This vehicle cannot compute a plan: district 2 has no approved weights")


def test_a_plan_is_drawn_only_where_it_is_wanted(tiny: Tiny) -> None:
    """An approved plan's car asks for the forecast alone."""
    reply = answer(request_of(tiny, draw=False))
    assert (reply.plan, reply.computed) == ((), None)
    assert reply.made is not None


def test_a_bundle_signed_with_another_key_gives_nothing(tiny: Tiny) -> None:
    """Its models are off, with the sentence."""
    reply = answer(request_of(tiny).model_copy(update={"key": "00" * 32}))
    assert "not signed with the trusted agency key" in shown(reply.problem)


def test_the_process_touches_no_network_and_no_file(tiny: Tiny, tmp_path: Path) -> None:
    """No socket is opened; nothing is written where it runs or in the user's cache."""
    program = (
        "import sys; seen = []\n"
        "sys.addaudithook(lambda name, args: seen.append((name, args)) if name.startswith('socket.') or"
        " (name == 'open' and isinstance(args[2], int) and args[2] & 3) else None)\n"
        "from edge.plans.child import main; main(); sys.stderr.write(repr(seen))"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("CI", None)
    done = subprocess.run(
        [sys.executable, "-c", program], input=request_of(tiny).model_dump_json().encode(), capture_output=True,
        check=True, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(done.stdout)["problem"] is None
    assert done.stderr == b"[]"
    assert list(tmp_path.iterdir()) == []
