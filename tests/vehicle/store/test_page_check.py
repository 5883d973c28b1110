"""Large databases are looked at while the car patrols: no start waits, and a fault found later costs no state."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.state import State
from edge.vehicle.engine import Engine
from edge.vehicle.inbox import Damaged, Item
from edge.vehicle.store import page_check
from edge.vehicle.store.ledger import connect
from edge.vehicle.store.page_check import SoundPages
from edge.vehicle.store.vault import Vault
from tests.vehicle.store.vaults import opened, play, set_aside
from tests.vehicle.test_engine import FakeClock
from tests.vehicle.town_shift import as_said, inputs, setting
from tests.waiting import wait_for
from tests.words import shown


@pytest.fixture(autouse=True)
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every database but an empty one has too many pages to be looked at before the start."""
    monkeypatch.setattr(page_check, "AT_ONCE", 0)


@pytest.fixture
def half_sent(tmp_path: Path, square_agency: Agency) -> State:
    """A ledger of half a shift, of which headquarters holds the first half; the state it led to."""
    given = list(inputs(square_agency))
    with opened(tmp_path) as vault:
        state, events = play(vault, setting(square_agency), vault.load(as_said)[0], given[: len(given) * 2 // 3])
        assert len(events) > 8
        vault.acknowledge(state.seq // 2)
        vault.commit((), state)
    return state


def break_page_of(path: Path, seq: int) -> None:
    """Overwrite the page that has a record, which its list's root is not; SQLite's log is folded in before."""
    with closing(connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        body = raw.execute("SELECT body FROM records WHERE seq = ?", (seq,)).fetchone()[0]
    content = bytearray(path.read_bytes())
    page = content.index(body[:60]) // size * size
    content[page : page + 8] = b"\xa5" * 8
    path.write_bytes(bytes(content))


@contextmanager
def looking(vault: Vault) -> Iterator[list[Item]]:
    """The look goes on; what it posts."""
    posted: list[Item] = []
    stop = threading.Event()
    thread = threading.Thread(target=SoundPages(vault.unchecked, posted.append).run, args=(stop,))
    thread.start()
    try:
        yield posted
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.parametrize("part", ["what headquarters holds", "what it lacks"])
def test_a_fault_that_is_found_while_patrolling_costs_no_state(
    part: str, half_sent: State, tmp_path: Path, square_agency: Agency
) -> None:
    """The start takes the checkpoint up; the file is set aside, and a new ledger goes on with the visit, said in words.

    Records that headquarters lacks move into the new one, where they can be read.
    """
    path = tmp_path / "ledger.sqlite3"
    acknowledged = half_sent.seq // 2
    break_page_of(path, 2 if part == "what headquarters holds" else acknowledged + 2)
    given = list(inputs(square_agency))
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        assert vault.notices == []
        assert (state.ledger, state.seq, state.visit) == (half_sent.ledger, half_sent.seq, half_sent.visit)
        assert path in vault.unchecked
        engine = Engine(setting(square_agency), state, vault, FakeClock(), lambda _: None)
        reader = vault.reader()
        with looking(vault) as posted:
            wait_for(lambda: posted)
        (found,) = [one for one in posted if isinstance(one, Damaged)]
        engine.take(found)
        assert "tell your fleet admin (ledger.sqlite3: SQLite reports: " in shown(vault.notices[0])
        assert vault.notices[0].severity == "fault"
        assert len(set_aside(tmp_path)) == 1
        after = engine.state
        assert after.ledger == vault.ledger.id != half_sent.ledger
        moved = half_sent.seq - acknowledged if part == "what headquarters holds" else 0
        assert (after.seq, after.officer, len(reader.after(0, 1000))) == (moved, half_sent.officer, moved)
        engine.take(found)  # the file is another one by now
        assert engine.state is after
        for one in given[len(given) * 2 // 3 :]:
            engine.take(one)
        assert len(reader.after(0, 1000)) == engine.state.seq > moved
        reader.close()
    with opened(tmp_path) as vault:
        assert vault.notices == []
        assert vault.load(as_said)[0].seq == engine.state.seq


def test_sound_databases_are_looked_at_and_nothing_is_said(half_sent: State, tmp_path: Path) -> None:
    """Ledger and trail; the log of the ledger in use stays whole."""
    with opened(tmp_path) as vault:
        assert len(vault.unchecked) == 2
        with looking(vault) as posted:
            pass
        assert posted == []
        state, _ = vault.load(as_said)
        vault.commit((), state)
        assert (tmp_path / "ledger.sqlite3-wal").stat().st_size > 0


def test_a_ledger_begun_anew_in_mid_look_keeps_its_log(half_sent: State, tmp_path: Path) -> None:
    """SQLite deletes a log by its name as its last reader leaves; the connection of the look may write nothing."""
    path = tmp_path / "ledger.sqlite3"
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        looks = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        assert looks.execute("PRAGMA quick_check").fetchone() == ("ok",)
        state = vault.begin_anew(state, state.seq // 2)
        vault.commit((), state)
        looks.close()
        assert path.with_name(f"{path.name}-wal").stat().st_size > 0
        with closing(vault.reader()) as reader:
            assert len(reader.after(0, 1000)) == state.seq


def test_what_the_start_itself_needs_is_read_before_it(half_sent: State, tmp_path: Path) -> None:
    """A broken checkpoint, or a file that is none, is set aside at once, as ever."""
    path = tmp_path / "ledger.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xa5" * (len(content) - 100))
    with opened(tmp_path) as vault:
        assert "tell your fleet admin (ledger.sqlite3: SQLite reports: " in shown(vault.notices[0])
        assert vault.load(as_said)[0].seq == 0


def test_what_a_life_found_broken_is_looked_at_as_it_is_opened_next(half_sent: State, tmp_path: Path) -> None:
    """The link read a broken page before the look came to it: the next start does not wait for the look."""
    path = tmp_path / "ledger.sqlite3"
    break_page_of(path, 2)
    with opened(tmp_path) as vault, closing(vault.reader()) as reader:
        assert vault.notices == []
        with pytest.raises(sqlite3.DatabaseError):
            reader.after(0, 1000)
    with opened(tmp_path) as vault:
        assert "tell your fleet admin (ledger.sqlite3: SQLite reports: " in shown(vault.notices[0])
    with opened(tmp_path) as vault:
        assert vault.notices == []


def test_a_broken_trail_is_begun_anew(half_sent: State, tmp_path: Path, square_agency: Agency) -> None:
    """Nothing else hangs on it."""
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        trail = tmp_path / "breadcrumbs.sqlite3"
        after = vault.replace_damaged(trail, state, "a page is broken")
        assert after is state
        assert (
            shown(vault.notices[0])
            == "breadcrumbs.sqlite3 set aside, new file started (SQLite reports: a page is broken)."
        )
        assert list(tmp_path.glob("breadcrumbs.sqlite3.damaged-*"))
