"""A file that is damaged, another's or too large for its disk stops no vehicle, and the screen says so."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.events import Event
from edge.domain.inputs import Fix
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.store.data_folder import TRAIL_GIVEN_UP
from edge.vehicle.store.files import is_damage
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from tests.vehicle.store.vaults import (
    NOBODY,
    UNIT,
    damage,
    opened,
    play,
    set_aside,
)
from tests.vehicle.town_shift import as_said, inputs, setting
from tests.words import all_shown, shown


def test_only_damage_sets_a_file_aside() -> None:
    """A disk without room, or a file without rights, is the technician's to mend; a broken file makes room."""
    too_small = sqlite3.OperationalError("database or disk is full")
    too_small.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert not is_damage(too_small)
    broken = sqlite3.DatabaseError("malformed")
    broken.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    assert is_damage(broken)


def test_a_damaged_ledger_is_set_aside_and_a_new_one_begun(tmp_path: Path, square_agency: Agency) -> None:
    """One sentence; the damaged file is kept under another name; records go on from 1 under a new id, readable."""
    with opened(tmp_path) as vault:
        old = vault.ledger.id
        play(vault, setting(square_agency), vault.load(as_said)[0], list(inputs(square_agency))[:10])
    damage(tmp_path / "ledger.sqlite3")
    with opened(tmp_path) as vault:
        assert len(vault.notices) == 1
        assert "tell your fleet admin (ledger.sqlite3: SQLite reports: " in shown(vault.notices[0])
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


def test_a_data_folder_under_a_closed_one_is_a_mistake_to_be_mended(nobodys: Path) -> None:
    """Not even whether it is there can be known: one sentence all the same."""
    closed = nobodys / "closed"
    closed.mkdir(mode=0o000)
    with pytest.raises(UserError, match=r"data: .* cannot be created \(Permission denied\)"):
        Vault(closed / "data", UNIT)
