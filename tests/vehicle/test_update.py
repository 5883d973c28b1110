"""An update of the software in mid-shift, and the way back: what another version left is taken up, or closed."""

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.records import encode_event
from edge.domain.events import Event, Unknown, VisitClosed, VisitOpened, VisitResumed, instant
from edge.domain.forgotten import PauseState
from edge.domain.inputs import AdoptPlan, Input, Start, Tick
from edge.domain.meter import Phase
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.vehicle.recorder import replay
from edge.vehicle.store import checkpoint
from edge.vehicle.store.vault import Vault
from tests.vehicle.town_shift import UTC, as_said, cells, fixes, inputs, plan, setting

LEFT = Path(__file__).with_name("left_by_8f83bf7")
EMPTY = State("car-1", "abc", 9)
STOPPED_S, BACK_S = 120, 180


def written_by_8f83bf7(folder: Path) -> Path:
    """The data folder as that version left it in mid-visit."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as db:
        db.executescript((LEFT / "ledger.sql").read_text())
    shutil.copy(LEFT / "documents.json", folder)
    return folder


def written_by_newer_software(folder: Path, **changed: Any) -> Path:
    """The same folder with a checkpoint of a version to come, some of its fields other than here."""
    written_by_8f83bf7(folder)
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as db:
        (body,) = db.execute("SELECT body FROM checkpoint").fetchone()
        kept = json.loads(body)
        state = {**kept["state"], "hover": {"height": 3}}
        plans = changed.pop("plans", kept["plans"])
        later = json.dumps({"version": checkpoint.VERSION + 1, "state": {**state, **changed}, "plans": plans})
        db.execute("UPDATE checkpoint SET body = ?", (later.encode(),))
        db.commit()
    return folder


def run_on(vault: Vault, agency: Agency, given: Iterable[Input]) -> tuple[State, list[Event]]:
    """Take up what the vault holds, adopt the plans it does not know of, and decide and commit these inputs."""
    state, new = vault.load(as_said)
    start, *rest = given
    made: list[Event] = []
    for one in (start, *(AdoptPlan(start.mono, one) for one in new), *rest):
        state, events = decide(setting(agency), state, one)
        vault.commit(events, state)
        made += events
    return state, made


def restarted(agency: Agency) -> list[Input]:
    """The computer starts a minute later, and finds the car where it was."""
    return [
        Start(7.0, "boot-2", UTC + BACK_S, "next"),
        *(replace(fix, mono=fix.mono - BACK_S + 8.0) for fix in fixes(agency, cells(agency)[0], BACK_S, 20)),
    ]


def of_three_visits(plan: Plan) -> Plan:
    """What a plan prescribed that said nothing of visits, before it was one."""
    return replace(
        plan,
        patrols=tuple(replace(one, prescription=replace(one.prescription, visits=3)) for one in plan.patrols),
    )


def test_an_open_visit_survives_an_update_of_the_software(tmp_path: Path, square_agency: Agency) -> None:
    """Left open by 8f83bf7, the car is back in its box within 5 minutes: the same visit goes on, with its dosage."""
    with closing(Vault(written_by_8f83bf7(tmp_path / "data"), "car-1")) as vault:
        before, new = vault.load(as_said)
        assert before.visit is not None
        assert (before.visit.phase, before.visit.dosage_s, before.plans, new) == (
            Phase.OPEN, 117.0, (of_three_visits(plan(square_agency)),), []
        )  # fmt: skip
        after, events = run_on(vault, square_agency, restarted(square_agency))
        assert vault.notices == []
    assert [one.data.visit for one in events if isinstance(one.data, VisitResumed)] == [before.visit.id]
    assert after.visit is not None
    assert after.visit.id == before.visit.id
    assert after.visit.dosage_s == pytest.approx(117.0 + 19.0)


def test_what_an_update_wrote_is_read_again(tmp_path: Path, square_agency: Agency) -> None:
    """The first commit after the update leaves a checkpoint with its version; the next start knows all of it."""
    folder = written_by_8f83bf7(tmp_path / "data")
    with closing(Vault(folder, "car-1")) as vault:
        after, _ = run_on(vault, square_agency, restarted(square_agency))
        vault.commit((), after)
    with closing(Vault(folder, "car-1")) as vault:
        body = vault.ledger.checkpoint()
        assert body is not None
        assert json.loads(body)["version"] == checkpoint.VERSION
        assert vault.load(as_said)[0] == after


def test_a_pause_for_a_reason_that_only_newer_software_knows_goes_on() -> None:
    """A car that is set back to older software in a pause stays in it, and keeps the reason as it came."""
    paused = State("car-1", "a", officer="4711", mono=60.0, pause=PauseState("call", 30.0))
    newer = checkpoint.dump(paused).replace(b'"reason":"call"', b'"reason":"laundry"')
    read = checkpoint.load(newer, State("car-1", "a"))
    assert (read.state.pause, read.notice) == (PauseState(Unknown("laundry"), 30.0), None)


def test_a_recording_made_before_an_update_gives_the_records_made_then(square_agency: Agency) -> None:
    """The inputs that 8f83bf7 recorded, decided now: the same bytes as then, over both lives of the daemon."""
    then = (LEFT / "records.jsonl").read_bytes().splitlines()
    again = [encode_event(event) for event in replay(LEFT / "record.jsonl", setting(square_agency))]
    assert again == then


def test_a_recording_with_fields_to_come_is_replayed(tmp_path: Path, square_agency: Agency) -> None:
    """Newer software says more of a fix: the rules of this version look at what they know."""
    recorded = [json.loads(line) for line in (LEFT / "record.jsonl").read_text().splitlines()]
    more = ({name: {**body, "tilt": 1.5} for name, body in line.items()} for line in recorded)
    (tmp_path / "record.jsonl").write_text("".join(json.dumps(line) + "\n" for line in more))
    again = [encode_event(event) for event in replay(tmp_path / "record.jsonl", setting(square_agency))]
    assert again == (LEFT / "records.jsonl").read_bytes().splitlines()


NEWER: dict[str, dict[str, Any]] = {
    "with fields to come": {},
    "with another kind of position": {"track": {"where": "somewhere"}},
    "with another kind of track": {"track": [1, 2, 3]},
    "with another kind of pause": {"pause": {"reasons": ["fuel"], "since": 100.0}},
    "with another kind of duty": {"duty": "on"},
    "with plans named otherwise": {"plans": 7},
}


@pytest.mark.parametrize("name", NEWER)
def test_newer_softwares_visit_is_closed_at_its_last_known_second(
    tmp_path: Path, square_agency: Agency, name: str
) -> None:
    """The way back to older software: the screen says so, the visit is closed with a record, and patrol goes on."""
    with closing(Vault(written_by_newer_software(tmp_path / "data", **NEWER[name]), "car-1")) as vault:
        state, events = run_on(vault, square_agency, restarted(square_agency))
        assert [one.code for one in vault.notices] == ["store.state_newer"]
    (closed,) = (one for one in events if isinstance(one.data, VisitClosed))
    assert isinstance(closed.data, VisitClosed)
    assert (closed.data.ended, closed.data.reason) == (instant(UTC + STOPPED_S), "restart")
    assert (closed.data.dosage_s, closed.data.counted) == (117.0, True)
    assert (closed.officer, state.officer) == ("4711", "4711")
    (opened,) = (one.data for one in events if isinstance(one.data, VisitOpened))
    assert opened.early  # the box had its visit a minute ago
    assert [one.seq for one in events] == list(range(events[0].seq, events[-1].seq + 1))


def test_a_state_of_this_version_with_one_value_to_come_loses_no_visit(tmp_path: Path, square_agency: Agency) -> None:
    """One part that cannot be read, in the same form: the visit is closed with a record all the same."""
    folder = written_by_newer_software(tmp_path / "data", duty="on")
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as db:
        (body,) = db.execute("SELECT body FROM checkpoint").fetchone()
        same = json.dumps({**json.loads(body), "version": checkpoint.VERSION})
        db.execute("UPDATE checkpoint SET body = ?", (same.encode(),))
        db.commit()
    with closing(Vault(folder, "car-1")) as vault:
        state, events = run_on(vault, square_agency, restarted(square_agency))
        assert [one.code for one in vault.notices] == ["store.state_unreadable"]
    (closed,) = (one.data for one in events if isinstance(one.data, VisitClosed))
    assert (closed.ended, closed.dosage_s, closed.reason) == (instant(UTC + STOPPED_S), 117.0, "restart")
    assert state.officer == "4711"


def test_without_a_clock_the_visit_ends_with_its_dosage(tmp_path: Path, square_agency: Agency) -> None:
    """Where not even the clock of newer software can be read: what was metered is known, and no more is claimed."""
    folder = written_by_newer_software(tmp_path / "data", clock="unix")
    with closing(Vault(folder, "car-1")) as vault:
        _, events = run_on(vault, square_agency, restarted(square_agency))
    (closed,) = (one.data for one in events if isinstance(one.data, VisitClosed))
    assert (closed.ended, closed.dosage_s) == (instant(UTC + 3 + 117), 117.0)


BROKEN = {
    "of no use": b'{"version": 2, "state": "?", "plans": []}',
    "newer, without plans": b'{"version": 2, "state": {}}',
    "another visit": b'{"version": 2, "state": {"visit": {"boxes": [1]}}, "plans": []}',
    "a version in words": b'{"version": "two", "state": {"boot": 7}, "plans": []}',
    "no object": b"[1]",
    "no JSON": b"\xff",
    "nothing": b"",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_no_checkpoint_keeps_a_car_from_starting(body: bytes, square_agency: Agency) -> None:
    """Whatever it says: a state that begins afresh, of this unit and ledger, with a notice, and the rules go on."""
    read = checkpoint.load(body, EMPTY)
    assert (read.state, read.notice is not None) == (EMPTY, True)
    state = read.state
    for given in (Start(1.0, "boot", UTC, "test"), Tick(2.0, UTC, ntp=True), AdoptPlan(3.0, plan(square_agency))):
        state, _ = decide(setting(square_agency), state, given)
    assert state.plans == (plan(square_agency),)


def test_every_state_of_a_shift_is_closed_in_order_by_older_software(square_agency: Agency) -> None:
    """At any moment of a shift, a checkpoint of newer software: nothing raises, and no visit stays open."""
    rules, state = setting(square_agency), State("car-1", "abc")
    for given in inputs(square_agency):
        state, _ = decide(rules, state, given)
        newer = {**json.loads(checkpoint.dump(state)), "version": checkpoint.VERSION + 1}
        found = checkpoint.load(json.dumps(newer).encode(), State("car-1", "abc", state.seq)).state
        after, _ = decide(rules, found, Start(5.0, "boot-2", UTC + 800.0, "older"))
        after, events = decide(rules, after, Tick(6.0, UTC + 801.0))
        closed = [one.data.visit for one in events if isinstance(one.data, VisitClosed)]
        assert closed == ([state.visit.id] if state.visit is not None else [])
        assert after.visit is None
