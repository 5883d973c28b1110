"""Old records go from the car once headquarters holds them: never another, and the chain goes on from the last one."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.contract.records import chain, encode_event
from edge.domain.events import Event, SignedIn
from edge.domain.state import State
from edge.vehicle.store import ledger as ledger_file
from edge.vehicle.store import retention
from edge.vehicle.store.data_folder import RECORDS_GIVEN_UP, TRAIL_GIVEN_UP
from edge.vehicle.store.ledger import Ledger, Reader
from edge.vehicle.store.retention import Retention, give_up
from tests.contract.samples import event
from tests.vehicle.store.test_vault_damage import Full
from tests.vehicle.store.vaults import UNIT, lived_two_days, opened, play
from tests.vehicle.town_shift import as_said, inputs, setting

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = 86_400
LEAST = 10


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers; what they are in a car is a constant's matter."""
    monkeypatch.setattr(retention, "KEEP_LEAST", LEAST)
    monkeypatch.setattr(retention, "EVERY", 5)
    monkeypatch.setattr(retention, "MOST", 20)
    monkeypatch.setattr(ledger_file, "CURSOR_STEP", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger(path, UNIT)) as made:
        yield made


def record(ledger: Ledger, seq: int, days_ago: float) -> Event:
    return replace(event(SignedIn(), seq, UNIT, ledger.id), time=NOW - timedelta(days=days_ago))


def fill(ledger: Ledger, days_ago: Sequence[float], acknowledged: int) -> None:
    """Records of so many days ago each, and so many of them acknowledged, on disk."""
    ledger.commit([record(ledger, ledger.seq + n, ago) for n, ago in enumerate(days_ago, 1)], b"state")
    ledger.acknowledged = acknowledged
    ledger.commit([], b"state")


def state(seq: int) -> State:
    """A car that has been at work for long, and knows the time."""
    marks = ((0, int(NOW.timestamp()) - 9 * DAY), (9 * DAY, int(NOW.timestamp())))
    return State(UNIT, "x", seq, lived=9.0 * DAY, marks=marks)


def tend(ledger: Ledger) -> None:
    Retention().tend(ledger, state(ledger.seq))


def numbers(ledger: Ledger) -> list[int]:
    return [seq for seq, _, _ in ledger.after(0, 10_000)]


def test_what_is_old_and_acknowledged_goes_and_the_chain_goes_on_from_it(ledger: Ledger, path: Path) -> None:
    """The last one's hash stays: what follows can be proved from it, before and after a restart."""
    fill(ledger, [20.0] * 15 + [1.0] * 15, acknowledged=30)
    head, hashes = ledger.head, {seq: hash_ for seq, _, hash_ in ledger.after(0, 100)}
    tend(ledger)
    assert numbers(ledger) == list(range(16, 31))
    assert (ledger.purged, ledger.seq, ledger.head) == (15, 30, head)
    with closing(Ledger(path, UNIT)) as again, closing(Reader(path)) as reader:
        assert (again.purged, again.seq, again.head, reader.purged()) == (15, 30, head, 15)
        assert (reader.hash_at(15), reader.hash_at(14), reader.hash_at(0)) == (hashes[15], None, bytes(32))
        new = record(again, 31, 0.0)
        again.commit([new], b"state")
        walked = reader.hash_at(15)
        for _, body, stored in again.after(15, 100):
            assert walked is not None
            walked = chain(walked, body)
            assert walked == stored
        assert again.after(30, 1)[0][1] == encode_event(new)


@pytest.mark.parametrize(
    ("acknowledged", "days_ago", "gone"),
    [
        pytest.param(0, [20.0] * 30, 0, id="headquarters holds none"),
        pytest.param(7, [20.0] * 30, 7, id="it holds seven"),
        pytest.param(30, [20.0] * 30, 20, id="the newest stay"),
        pytest.param(30, [1.0] * 30, 0, id="none is old"),
        pytest.param(30, [20.0] * 5 + [-9000.0] * 3 + [20.0] * 4 + [1.0] * 18, 12, id="a clock was far ahead"),
    ],
)
def test_nothing_else_goes(ledger: Ledger, acknowledged: int, days_ago: list[float], gone: int) -> None:
    """Neither what is not acknowledged, nor the newest, nor what is young."""
    fill(ledger, days_ago, acknowledged)
    tend(ledger)
    assert numbers(ledger) == list(range(gone + 1, 31))


def test_an_acknowledgment_counts_once_it_is_on_disk(ledger: Ledger) -> None:
    """A power cut must not leave a cursor that points to what is gone."""
    fill(ledger, [20.0] * 30, acknowledged=0)
    ledger.acknowledged = 30
    tend(ledger)
    assert numbers(ledger)[0] == 1


def test_while_the_time_was_never_known_nothing_is_old(ledger: Ledger) -> None:
    """No date that a receiver says makes anything go."""
    fill(ledger, [20.0] * 30, acknowledged=30)
    Retention().tend(ledger, State(UNIT, "x", 30))
    assert numbers(ledger)[0] == 1


def test_it_is_looked_at_now_and_then_and_a_ledger_of_before_is_caught_up_with(ledger: Ledger) -> None:
    """So many at a time, more than come."""
    fill(ledger, [20.0] * 100, acknowledged=100)
    tending = Retention()
    left = []
    for _ in range(20):
        ledger.commit([record(ledger, ledger.seq + 1, 0.0)], b"state")
        tending.tend(ledger, state(ledger.seq))
        left.append(len(numbers(ledger)))
    assert left[:6] == [81, 82, 83, 84, 85, 66]
    assert left[-1] < 50


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 40), st.booleans()), min_size=1, max_size=12))
def test_whatever_comes_in_whatever_order_no_unacknowledged_record_goes(
    steps: list[tuple[int, int, bool]],
) -> None:
    """Records come, headquarters acknowledges some (or fewer: it was restored), the disk is full or not."""
    with TemporaryDirectory() as folder, closing(Ledger(Path(folder) / "ledger.sqlite3", UNIT)) as ledger:
        lowest = 0
        for count, acknowledged, full in steps:
            fill(ledger, [20.0] * count, min(acknowledged, ledger.seq + count))
            lowest = max(lowest, ledger.stored_cursor)
            (give_up if full else tend)(ledger)
            kept = numbers(ledger)
            assert kept == list(range(ledger.purged + 1, ledger.seq + 1))
            assert ledger.purged <= max(0, min(lowest, ledger.seq - LEAST))


def test_on_a_full_disk_the_trail_goes_then_old_records_then_nothing(
    tmp_path: Path, square_agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What headquarters lacks stays; with all given up that may go, the commit is refused and can be made again."""
    monkeypatch.setattr(retention, "KEEP_LEAST", 2)
    rules, given_ = setting(square_agency), list(inputs(square_agency))
    with opened(tmp_path) as vault:
        now, _ = play(vault, rules, lived_two_days(vault.load(as_said)[0]), given_)
        held = vault.ledger.seq - 5
        vault.acknowledge(held)
        vault.commit((), now)
        disk = Full(vault)
        many = [record(vault.ledger, vault.ledger.seq + n, 0.0) for n in range(1, 400)]
        with pytest.raises(OSError, match="full"):
            vault.commit(many, replace(now, seq=now.seq + len(many)))
        assert vault.notices == [TRAIL_GIVEN_UP, RECORDS_GIVEN_UP]
        assert numbers(vault.ledger) == list(range(held + 1, held + 6))
        disk.free()
        vault.commit(many, replace(now, seq=now.seq + len(many)))
        assert vault.ledger.seq == held + 5 + len(many)


def test_a_ledger_begun_anew_has_what_is_still_here(tmp_path: Path, square_agency: Agency) -> None:
    """From 1 on, whatever number the two had in common: what went cannot move."""
    rules, given_ = setting(square_agency), list(inputs(square_agency))
    with opened(tmp_path) as vault:
        now, _ = play(vault, rules, vault.load(as_said)[0], given_)
        vault.acknowledge(now.seq)
        vault.commit((), now)
        assert vault.ledger.purge(6)
        after = vault.begin_anew(now, 2)
        assert numbers(vault.ledger) == list(range(1, now.seq - 6 + 1))
        assert (after.seq, vault.ledger.purged) == (now.seq - 6, 0)


def test_a_ledger_of_earlier_software_is_taken_up(path: Path) -> None:
    """Without the table of what went: it is made."""
    with closing(Ledger(path, UNIT)) as made:
        fill(made, [20.0] * 30, acknowledged=30)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE purged")
    with closing(Reader(path)) as reader:
        assert (reader.purged(), reader.hash_at(31)) == (0, None)
    with closing(Ledger(path, UNIT)) as again:
        tend(again)
        assert again.purged == 20
