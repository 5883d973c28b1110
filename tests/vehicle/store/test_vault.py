"""The vault: a state comes back as it was, plans are known again, and a damaged file stops nobody and says so."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed
from edge.contract.signed_documents import SignedKind, Verified
from edge.contract.signed_kinds import CONTEXT as KIND
from edge.domain.events import Event
from edge.domain.inputs import AdoptPlan, Fix, Input
from edge.domain.lived import DAY_S
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.state import Setting, State
from edge.domain.visits import VisitBook, VisitSummary
from edge.errors import UserError
from edge.vehicle.store.files import is_damage
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import TRAIL_GIVEN_UP, Vault
from tests.contract.samples import CONTEXT, SIGNED_CONTEXT
from tests.signed import at_its_word, stored_in
from tests.vehicle.town_shift import UTC, as_said, inputs, plan, setting
from tests.words import all_shown, shown

UNIT = "car-1"
NOBODY = 65534


@contextmanager
def opened(folder: Path, unit: str = UNIT) -> Iterator[Vault]:
    """A vault in one life."""
    with closing(Vault(folder, unit)) as vault:
        yield vault


def signed(of: Plan) -> Signed:
    """A plan's document, as headquarters would send it."""
    body = PlanDoc.of(of, "squaretown", "analyst", "because").model_dump(mode="json")
    return Signed(kind="plan", body=body, signature="ab" * 64)


def play(vault: Vault, rules: Setting, state: State, given: list[Input]) -> tuple[State, list[Event]]:
    """Decide and commit every input, as the engine does."""
    made: list[Event] = []
    for one in given:
        if isinstance(one, AdoptPlan):
            vault.keep_plan(signed(one.plan), one.plan)
        state, events = decide(rules, state, one)
        vault.commit(events, state)
        made += events
    return state, made


def lived_two_days(state: State) -> State:
    """A car that knew the time two days before the shift, and was at work since."""
    return replace(state, lived=2 * DAY_S, marks=((0, int(UTC - 2 * DAY_S)),))


def test_a_new_vault_is_empty(tmp_path: Path) -> None:
    """A state of this unit and this ledger; the folder is made."""
    with opened(tmp_path / "new" / "data") as vault:
        state, plans = vault.load(as_said)
        assert state == State(UNIT, vault.ledger.id)
        assert plans == []
        assert vault.notices == []


def test_a_state_comes_back_as_it_was_at_any_point_of_a_shift(tmp_path: Path, square_agency: Agency) -> None:
    """In visit, paused, lost, suppressed: equal after every stretch, in a new life, with plans, visits and notices."""
    rules, everything = setting(square_agency), list(inputs(square_agency))
    for life in range(0, len(everything), 37):
        with opened(tmp_path) as vault:
            state, new = vault.load(as_said)
            assert new == []
            state, _ = play(vault, rules, state, everything[life : life + 37])
        with opened(tmp_path) as vault:
            back, _ = vault.load(as_said)
            assert back == state
            assert TypeAdapter(State).dump_python(back, exclude={"visits"}) == TypeAdapter(State).dump_python(
                state, exclude={"visits"}
            )
            assert vault.notices == []


def test_lives_make_the_same_records_as_one_life(tmp_path: Path, square_agency: Agency) -> None:
    """Saved and loaded between any two inputs, the rules decide as if nothing had been."""
    rules, everything = setting(square_agency), list(inputs(square_agency))
    with opened(tmp_path / "one") as vault:
        _, whole = play(vault, rules, replace(vault.load(as_said)[0], ledger="x"), everything)
    parts: list[Event] = []
    for life in range(0, len(everything), 50):
        with opened(tmp_path / "many") as vault:
            _, more = play(vault, rules, replace(vault.load(as_said)[0], ledger="x"), everything[life : life + 50])
            parts += more
    assert parts == whole


def test_a_plan_that_was_adopted_is_known_one_that_was_only_stored_is_new(
    tmp_path: Path, square_agency: Agency
) -> None:
    """A kill between storing the document and deciding on it: the plan is handed out to be adopted, once."""
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        state, _ = play(vault, setting(square_agency), state, list(inputs(square_agency))[:3])
        newer = plan(square_agency, 2)
        vault.keep_plan(signed(newer), newer)
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert new == [newer]
        state, _ = play(vault, setting(square_agency), state, [AdoptPlan(10.0, newer)])
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert new == []
        assert state.plans == (newer,)


def test_every_plan_that_was_only_stored_survives_until_it_is_adopted(tmp_path: Path, square_agency: Agency) -> None:
    """Several at once, and another restart after the first of them: none of their documents is lost."""
    stored = [
        plan(square_agency),
        plan(square_agency, shift="2026-10-14/night"),
        plan(square_agency, shift="2026-10-15/day"),
    ]
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        play(vault, setting(square_agency), state, list(inputs(square_agency))[:2])
        for one in stored:
            vault.keep_plan(signed(one), one)
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert new == stored
        play(vault, setting(square_agency), state, [AdoptPlan(5.0, new[0])])
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert (list(state.plans), new) == (stored[:1], stored[1:])


def test_an_older_plan_never_replaces_the_newer_one_that_is_kept(tmp_path: Path, square_agency: Agency) -> None:
    """The rules ignore it, so must the disk: else a restart brings back boxes that version 2 had suppressed."""
    newer, older = plan(square_agency, 2), plan(square_agency, 1)
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        given = [*list(inputs(square_agency))[:2], AdoptPlan(2.0, newer), AdoptPlan(3.0, older)]
        before, _ = play(vault, setting(square_agency), state, given)
        assert before.plans == (newer,)
    with opened(tmp_path) as vault:
        after, new = vault.load(as_said)
        assert after.plans == (newer,)
        assert new == []


def test_plans_of_ended_shifts_are_not_taken_for_new(tmp_path: Path, square_agency: Agency) -> None:
    """The rules drop them when a shift begins; a restart must not adopt, and record, them again."""
    rules = setting(square_agency)
    old = plan(square_agency, shift="2026-10-11/day")
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        state, _ = play(vault, rules, state, [*list(inputs(square_agency))[:1], AdoptPlan(0.5, old)])
        state, _ = play(vault, rules, lived_two_days(state), list(inputs(square_agency))[1:4])
        assert [one.shift for one in state.plans] == [plan(square_agency).shift]
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[1] == []


def test_plans_published_ahead_leave_the_one_in_force(tmp_path: Path, square_agency: Agency) -> None:
    """Three weeks ahead: every one is there after a restart, the first of them too."""
    with opened(tmp_path) as vault:
        for day in range(10, 31):
            one = plan(square_agency, shift=f"2026-10-{day}/day")
            vault.keep_plan(signed(one), one)
        kept = [one.shift for one in vault.load(as_said)[1]]
    assert sorted(kept) == [f"2026-10-{day}/day" for day in range(10, 31)]


def test_a_stored_plan_that_may_not_be_obeyed_is_dropped_in_a_sentence(tmp_path: Path, square_agency: Agency) -> None:
    """The agency has opted a box out since, or somebody edited the file: the check is the wire's own."""
    check = stored_in(square_agency, "2")
    with opened(tmp_path) as vault:
        one = plan(square_agency)
        vault.keep_plan(signed(one), one)
        assert vault.load(check)[1] == []
        assert "not used: plan rejected: not signed with this agency's key" in shown(vault.notices[-1])


def test_a_folder_belongs_to_one_daemon(tmp_path: Path) -> None:
    """A second one is told so and touches nothing; when the first has ended, even by kill, the folder is free."""
    with opened(tmp_path), pytest.raises(UserError, match="in use by another vehicle daemon"):
        Vault(tmp_path, UNIT)
    with opened(tmp_path) as vault:
        assert vault.notices == []


def test_only_damage_sets_a_file_aside() -> None:
    """A disk without room, or a file without rights, is the technician's to mend; a broken file makes room."""
    too_small = sqlite3.OperationalError("database or disk is full")
    too_small.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert not is_damage(too_small)
    broken = sqlite3.DatabaseError("malformed")
    broken.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    assert is_damage(broken)


def visit(number: int, *, dosage_s: float = 60.0, opened_at: float = 0.0) -> VisitSummary:
    """Another vehicle's visit."""
    return VisitSummary(f"car-2:x:{number}", "car-2", f"{number}-1", "s", opened_at, None, dosage_s, True, False)


def test_visits_are_kept_as_they_change_and_go_with_the_rules(tmp_path: Path) -> None:
    """Told, told longer, pruned: the disk follows the book; a commit without a change of the book writes none."""
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        book = VisitBook().merge([visit(1), visit(2, opened_at=900.0)])
        vault.commit((), replace(state, visits=book))
        book = book.merge([visit(2, dosage_s=80.0, opened_at=900.0)])
        vault.commit((), replace(state, visits=book))
        assert len(vault.ledger.visits()) == 2
        vault.commit((), replace(state, visits=book.since(500.0)))
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        assert list(state.visits.all()) == [visit(2, dosage_s=80.0, opened_at=900.0)]
        vault.commit((), replace(state, visits=VisitBook()))
        assert vault.ledger.visits() == []


def set_aside(folder: Path) -> list[Path]:
    """The ledgers that were set aside, without the files that SQLite keeps beside one."""
    return [each for each in folder.glob("ledger.sqlite3.damaged-*") if not each.name.endswith(("-wal", "-shm"))]


def damage(path: Path) -> None:
    """Overwrite all of a file but its first bytes with noise."""
    body = bytearray(path.read_bytes())
    body[100 : len(body)] = b"\xa5" * (len(body) - 100)
    path.write_bytes(bytes(body))


def test_a_damaged_ledger_is_set_aside_and_a_new_one_begun(tmp_path: Path, square_agency: Agency) -> None:
    """One sentence; the damaged file is kept under another name; records go on from 1 under a new id, readable."""
    with opened(tmp_path) as vault:
        old = vault.ledger.id
        play(vault, setting(square_agency), vault.load(as_said)[0], list(inputs(square_agency))[:10])
    damage(tmp_path / "ledger.sqlite3")
    with opened(tmp_path) as vault:
        assert len(vault.notices) == 1
        assert shown(vault.notices[0]).startswith("ledger.sqlite3 set aside, new file started (")
        assert len(set_aside(tmp_path)) == 1
        assert vault.ledger.id != old
        state, _ = vault.load(as_said)
        assert (state.ledger, state.seq) == (vault.ledger.id, 0)
        _, events = play(vault, setting(square_agency), state, list(inputs(square_agency))[:10])
        with closing(Reader(vault.ledger_path)) as reader:
            assert len(reader.after(0, 100)) == len(events) > 0
    with opened(tmp_path) as vault:
        assert vault.notices == []
        assert vault.ledger.seq == len(events)


def test_a_card_from_another_car_keeps_that_cars_records(tmp_path: Path, square_agency: Agency) -> None:
    """Set aside whole: with its write-ahead log it opens as that car's ledger, nothing lost."""
    with opened(tmp_path, "car-9") as vault:
        foreign = vault.ledger.id
        play(vault, setting(square_agency), replace(vault.load(as_said)[0]), list(inputs(square_agency))[:10])
        held = vault.ledger.seq
        other = Reader(vault.ledger_path)  # a power cut leaves the log beside the file: so does a second connection
    with closing(other), opened(tmp_path) as vault:
        assert "the ledger belongs to unit 'car-9', not 'car-1'" in shown(vault.notices[0])
        assert vault.load(as_said)[0] == State(UNIT, vault.ledger.id)
    (copy,) = set_aside(tmp_path)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT ledger FROM meta").fetchone() == (foreign,)
        assert db.execute("SELECT max(seq) FROM records").fetchone() == (held,)


def test_a_saved_state_that_cannot_be_read_starts_metering_afresh(tmp_path: Path, square_agency: Agency) -> None:
    """From other software: the ledger goes on with its next number, and the screen says so."""
    with opened(tmp_path) as vault:
        play(vault, setting(square_agency), vault.load(as_said)[0], list(inputs(square_agency))[:10])
        seq = vault.ledger.seq
        vault.ledger.commit([], b'{"state": {"unit": 7}, "plans": []}')
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        assert (state.unit, state.ledger, state.seq) == (UNIT, vault.ledger.id, seq)
        assert all_shown(vault.notices) == ["Saved state unreadable (ValidationError). Metering starts over."]


def test_a_saved_state_that_is_of_another_ledger_number_is_not_believed(tmp_path: Path) -> None:
    """The state and the records are one transaction, so the numbers agree; a state that is no object is unreadable."""
    with opened(tmp_path) as vault:
        vault.ledger.commit([], b"[1, 2]")
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[0].seq == 0
        assert len(vault.notices) == 1


def test_a_saved_visit_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """The car starts, and says so: one bad row must not stop a vehicle."""
    with opened(tmp_path) as vault:
        vault.ledger.commit([], b"", [("bad", b'{"id": null}')])
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        assert list(state.visits.all()) == []
        assert vault.notices


def test_a_damaged_plan_is_left_out(tmp_path: Path, square_agency: Agency) -> None:
    """A document that somebody edited: the car starts without that plan, and says so."""
    one = plan(square_agency)
    with opened(tmp_path) as vault:
        vault.keep_plan(signed(one), one)
    path = tmp_path / "documents.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"district": "2"', '"dis": "2"'), encoding="utf-8")
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[1] == []
        assert vault.notices


def test_a_plan_out_of_force_is_not_warned_of_once_its_shift_is_long_over(
    tmp_path: Path, square_agency: Agency
) -> None:
    """Such as one by a key that was revoked: each start warned of it, for ever. One of this shift is kept."""
    now = plan(square_agency)
    with opened(tmp_path) as vault:
        for one in (now, replace(now, shift="2026-10-09/night"), replace(now, shift="2026-10-12/night")):
            vault.keep_plan(signed(one), one)
    with opened(tmp_path) as vault:
        state = vault.load(refused)[0]
        assert len(vault.notices) == 3
        play(vault, setting(square_agency), lived_two_days(state), list(inputs(square_agency))[:10])
    with opened(tmp_path) as vault:
        vault.load(refused)
        assert sorted(all_shown(vault.notices)) == [
            f"Saved plan for {shift} {now.district} not used: not any more" for shift in ("2026-10-12/night", now.shift)
        ]


def test_damaged_documents_are_said_and_set_aside(tmp_path: Path) -> None:
    """Both versions gone: the car starts without documents, keeps the file for a technician, and says so."""
    with opened(tmp_path) as vault:
        vault.documents.put("device", {"unit": UNIT})
    for each in tmp_path.glob("documents*.json"):
        each.write_bytes(b"noise")
    with opened(tmp_path) as vault:
        assert vault.documents.get("device") is None
        assert any("documents" in notice for notice in all_shown(vault.notices))


def test_documents_that_are_no_table_do_not_stop_a_car(tmp_path: Path) -> None:
    """Valid JSON of another form is damage too."""
    (tmp_path / "documents.json").write_text(json.dumps({"_default": 5}), encoding="utf-8")
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[1] == []


def test_a_damaged_trail_is_set_aside(tmp_path: Path) -> None:
    """It is the least of all: the ledger is untouched."""
    with opened(tmp_path) as vault:
        ledger = vault.ledger.id
    (tmp_path / "breadcrumbs.sqlite3").write_bytes(b"noise " * 3000)
    with opened(tmp_path) as vault:
        assert vault.ledger.id == ledger
        assert [notice.split()[0] for notice in all_shown(vault.notices)] == ["breadcrumbs.sqlite3"]
        vault.add_fix(Fix(1.0, 1.0, 40.0, -99.0, None, 3.0), 0.0)


@pytest.mark.parametrize("present", ["ledger.sqlite3", "breadcrumbs.sqlite3"])
def test_an_empty_file_is_a_new_one(tmp_path: Path, present: str) -> None:
    """Made and never written, as a power cut on the first start leaves it."""
    (tmp_path / present).touch()
    with opened(tmp_path) as vault:
        assert vault.notices == []
        assert vault.load(as_said)[0].seq == 0


@pytest.fixture
def nobodys(tmp_path: Path) -> Iterator[Path]:
    """A data folder of a user without rights, who is this process for a while."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become a user who may not read a file")
    folder = Path(tempfile.mkdtemp())
    with opened(folder) as vault:
        vault.documents.put("device", {"unit": UNIT})
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    yield folder
    os.seteuid(0)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["ledger.sqlite3", "breadcrumbs.sqlite3", "documents.json"])
@pytest.mark.parametrize("mode", [0o000, 0o400])
def test_a_file_of_another_user_is_set_aside(nobodys: Path, name: str, mode: int) -> None:
    """Somebody ran the daemon as root once: the car starts, says so, and keeps what it could not read."""
    os.seteuid(0)
    os.chown(nobodys / name, 0, 0)
    (nobodys / name).chmod(mode if mode == 0 else 0o444)
    os.seteuid(NOBODY)
    with opened(nobodys) as vault:
        assert shown(vault.notices[0]).startswith(
            f"{name} set aside, new file started (no permission to read and write {name})"
        )
        state, _ = vault.load(as_said)
        vault.commit((), state)
        vault.describe("device", {"unit": UNIT})
    with opened(nobodys) as vault:
        assert vault.notices == []


def test_a_folder_of_another_user_is_a_mistake_to_be_mended(nobodys: Path) -> None:
    """Nothing can be kept there, so nothing is begun; the sentence names the key and the folder."""
    os.seteuid(0)
    os.chown(nobodys, 0, 0)
    nobodys.chmod(0o755)
    os.seteuid(NOBODY)
    with pytest.raises(UserError, match=r"data: .* is not writable; make the roundsman user its owner"):
        Vault(nobodys, UNIT)


class Full:
    """A disk that takes nothing for a while: SQLite's own error, from a limit of pages."""

    def __init__(self, vault: Vault) -> None:
        self._db = vault.ledger._db
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        self._db.execute(f"PRAGMA max_page_count={pages}")

    def free(self) -> None:
        """There is room again."""
        self._db.execute("PRAGMA max_page_count=1000000")


def test_for_want_of_room_the_trail_goes_then_nothing_is_stored(tmp_path: Path, square_agency: Agency) -> None:
    """The same commit may be made again, and stores everything once there is room."""
    rules, given = setting(square_agency), list(inputs(square_agency))
    with opened(tmp_path) as vault:
        state, _ = play(vault, rules, vault.load(as_said)[0], given[:10])
        events: list[Event] = []
        for one in given[10:]:
            state, more = decide(rules, state, one)
            events += more
        seq, disk = vault.ledger.seq, Full(vault)
        with pytest.raises(OSError, match="full"):
            vault.commit(events, state)
        assert vault.notices == [TRAIL_GIVEN_UP]
        assert not (tmp_path / "breadcrumbs.sqlite3").exists()
        assert vault.ledger.seq == seq
        vault.add_fix(Fix(1.0, 1.0, 40.0, -99.0, None, 3.0), 0.0)
        disk.free()
        vault.commit(events, state)
        assert vault.ledger.seq == seq + len(events)
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[0].seq == seq + len(events)


@pytest.mark.parametrize("spoil", ["nothing is left", "a version of its own"])
def test_a_stored_plan_that_is_void_shields_nothing(tmp_path: Path, square_agency: Agency, spoil: str) -> None:
    """Somebody edited it: the genuine plan, which the broker retains, takes its place on disk."""
    good, path = plan(square_agency), tmp_path / "documents.json"

    def check(kind: SignedKind[Any], document: Signed) -> Verified[Any]:
        if document.body["version"] != good.version:
            msg = "plan rejected: not signed with this agency's key"
            raise UserError(msg)
        return as_said(kind, document)

    with opened(tmp_path) as vault:
        vault.keep_plan(signed(good), good)
    text = path.read_text(encoding="utf-8")
    edited = text.replace('"version": 1', '"version": 99') if "version" in spoil else emptied(text)
    path.write_text(edited, encoding="utf-8")
    with opened(tmp_path) as vault:
        assert vault.load(check)[1] == []
        vault.keep_plan(signed(good), good)
    with opened(tmp_path) as vault:
        assert [one.version for one in vault.load(check)[1]] == [good.version]


def emptied(text: str) -> str:
    """The documents with nothing in each stored plan."""
    tables = json.loads(text)
    for documents in tables.values():
        for one in documents.values():
            if one["name"] == "plans":
                one["body"] = {key: {} for key in one["body"]}
    return json.dumps(tables)


def test_a_data_folder_under_a_closed_one_is_a_mistake_to_be_mended(nobodys: Path) -> None:
    """Not even whether it is there can be known: one sentence all the same."""
    closed = nobodys / "closed"
    closed.mkdir(mode=0o000)
    with pytest.raises(UserError, match=r"data: .* cannot be created \(Permission denied\)"):
        Vault(closed / "data", UNIT)


def test_the_context_in_force_survives_a_restart(tmp_path: Path) -> None:
    """One that may not be obeyed any more, or cannot be read, is left out with a sentence; at first there is none."""
    with opened(tmp_path) as vault:
        assert vault.load_documents(at_its_word) == []
        vault.keep_document(at_its_word(KIND, SIGNED_CONTEXT))
    with opened(tmp_path) as vault:
        assert [one.body for one in vault.load_documents(at_its_word)] == [CONTEXT]
        assert vault.alarms() == ()
        assert vault.load_documents(refused) == []
        assert all_shown(vault.alarms()) == ["Saved context not used: not any more"]
    with opened(tmp_path) as vault:
        vault.documents.put("context", {"kind": "context"})
        assert vault.load_documents(at_its_word) == []
        assert all_shown(vault.alarms())[-1] == "Saved context not used: it cannot be read"


def test_a_context_that_the_disk_does_not_take_is_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come that day: the screen has one sentence, not one for each."""
    with opened(tmp_path) as vault:
        monkeypatch.setattr(vault.documents, "put", no_room)
        vault.keep_document(at_its_word(KIND, SIGNED_CONTEXT))
        vault.keep_document(at_its_word(KIND, SIGNED_CONTEXT))
        assert all_shown(vault.alarms()) == ["Document context could not be written (No space left on device)."]


def no_room(*_: object) -> None:
    """A full disk."""
    raise OSError(28, "No space left on device")


def refused(*_: object) -> Verified[Any]:
    """The agency's key has changed."""
    raise UserError("not any more")


def test_a_vehicles_own_plan_hides_no_approved_one(tmp_path: Path, square_agency: Agency) -> None:
    """An approved plan that was stored in the very moment of a crash is new after it, whatever the car had computed."""
    own = replace(plan(square_agency), source="vehicle")
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        state = replace(state, plans=(own,))
        vault.commit((), state)
        vault.keep_plan(signed(plan(square_agency)), plan(square_agency))
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert state.plans == ()
        assert [one.source for one in new] == ["approved"]
