"""The rows that reports read are those of the stored records: written with them, made anew from them, the same."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from edge.agency.build import build_agency
from edge.contract.agency import Agency
from edge.contract.records import chain
from edge.headquarters.address import Address
from edge.headquarters.commands import hq
from edge.headquarters.receive.decoding import read_event
from edge.headquarters.receive.projecting import catch_up, rebuild
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.shift import make_report
from edge.headquarters.store import Store, StoreError
from tests.agency.square import write_square
from tests.headquarters.databases import accept_events, refuse_events, sql
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import TOPICS, Ledger, a_busy_ledger
from tests.headquarters.projected import report_on

OLD = Path(__file__).parents[1] / "schema_2.sql"


@pytest.fixture(scope="module")
def ledgers(square_agency: Agency) -> list[Ledger]:
    """Two cars' nights as the rules record them, and a ledger of ever the same."""
    return [*(car.ledger for car in two_cars(square_agency)[0]), a_busy_ledger(60, "car-9", "ledger-z")]


def rows_in(store: Store) -> list[tuple[Any, ...]]:
    """Every row of the projections, and where they stand."""
    rows = [row for ledger in store.ledgers() for row in store.stored_rows(ledger.unit, ledger.id)]
    return rows + [(key, one.written) for key, one in sorted(store.standings().items())]


def in_order(path: Path, ledgers: list[Ledger]) -> list[tuple[Any, ...]]:
    """The rows of a database that received every record once, in order."""
    with Store(path) as store:
        for ledger in ledgers:
            Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
        return rows_in(store)


@pytest.mark.parametrize("seed", range(3))
def test_repeats_and_disorder_change_no_row(seed: int, store: Store, ledgers: list[Ledger], tmp_path: Path) -> None:
    """Batches of any size, records before their time, many twice: the same rows, and those that a rebuild makes."""
    chance, receiver = random.Random(seed), Receiver(store, TOPICS, lambda: 1.0)  # noqa: S311 - no secret
    waiting = [message for ledger in ledgers for message in ledger.messages()]
    while any(store.head(one.unit, one.id).seq < len(one.bodies) for one in ledgers):
        start = chance.randrange(len(waiting))
        batch = waiting[start : start + chance.choice((1, 7, 60, 400))]
        if chance.random() < 0.2:
            chance.shuffle(batch)
        receiver.handle(batch)
        for ledger in ledgers:
            held = store.head(ledger.unit, ledger.id).seq
            receiver.handle(ledger.messages()[held : held + chance.choice((1, 30))])
    assert rows_in(store) == in_order(tmp_path / "other.sqlite", ledgers)
    assert [one.differing for one in rebuild(store)] == [0] * len(ledgers)


def test_a_batch_that_fails_leaves_neither_records_nor_rows(
    store: Store, database: Address, ledgers: list[Ledger]
) -> None:
    """Both are of one transaction; tried again, both are there."""
    receiver, ledger = Receiver(store, TOPICS, lambda: 1.0), ledgers[0]
    receiver.handle(ledger.messages()[:40])
    before = rows_in(store)
    refuse_events(database, when="NEW.seq > 50")
    with pytest.raises(StoreError):
        receiver.handle(ledger.messages()[40:60])
    assert rows_in(store) == before
    accept_events(database)
    receiver.handle(ledger.messages()[40:])
    assert [one.differing for one in rebuild(store)] == [0]


def test_a_rebuild_says_which_rows_were_not_what_the_records_come_to(
    store: Store, database: Address, ledgers: list[Ledger]
) -> None:
    """A figure changed, a row deleted, one added: all are put right, and the next rebuild finds nothing."""
    for ledger in ledgers:
        Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
    before = rows_in(store)
    sql(database, "UPDATE visits SET dosage_s=1.0 WHERE unit='car-9' AND opened=(SELECT min(opened) FROM visits)")
    sql(database, "DELETE FROM stays WHERE unit='car-1'")
    sql(database, "INSERT INTO box_days VALUES ('car-2', ?, '2026-01-01', '1-1', 1, 1)", ledgers[1].id)
    assert all(one.differing > 0 for one in rebuild(store) if one.ledger.unit != "car-9")
    assert rows_in(store) == before
    assert [one.differing for one in rebuild(store)] == [0] * len(ledgers)


def test_rows_of_an_older_version_are_made_anew(store: Store, database: Address, ledgers: list[Ledger]) -> None:
    """Whatever they were; those of this version are not touched."""
    for ledger in ledgers:
        Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
    before = rows_in(store)
    assert list(catch_up(store)) == []
    sql(database, "UPDATE projections SET version=0, state='what version 0 meant' WHERE unit='car-1'")
    sql(database, "UPDATE stays SET seconds=0.0 WHERE unit='car-1'")
    assert list(catch_up(store)) == [1]
    assert rows_in(store) == before


def test_what_comes_before_older_rows_are_made_anew_does_that(
    store: Store, database: Address, ledgers: list[Ledger]
) -> None:
    """A receiver meets another version's rows: its ledger's are made anew with the new records."""
    receiver, ledger = Receiver(store, TOPICS, lambda: 1.0), ledgers[0]
    receiver.handle(ledger.messages()[:-5])
    sql(database, "UPDATE projections SET version=0")
    receiver.handle(ledger.messages()[-5:])
    assert [one.differing for one in rebuild(store)] == [0]


def test_a_database_of_before_is_filled_from_its_ledgers(file: Path, ledgers: list[Ledger], tmp_path: Path) -> None:
    """Made by commit 8f83bf7, without a projection: the rows are those of a database that received the same today."""
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.executescript(OLD.read_text(encoding="utf-8"))
        raw.executescript("DELETE FROM events; DELETE FROM heads;")
        for ledger in ledgers:
            hash_ = bytes(32)
            for event, body in zip(ledger.events, ledger.bodies, strict=True):
                hash_ = chain(hash_, body)
                key = (event.unit, event.ledger, event.seq, event.id, event.data.type, event.shift)
                values = (*key, event.time.timestamp(), body, hash_, 1.0)
                raw.execute("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", values)
            raw.execute("INSERT INTO heads VALUES (?,?,?,?,0)", (ledger.unit, ledger.id, len(ledger.bodies), hash_))
    with Store(file, make=False) as store:
        assert len(list(catch_up(store))) == len(ledgers)
        assert rows_in(store) == in_order(tmp_path / "other.sqlite", ledgers)
        assert [one.differing for one in rebuild(store)] == [0] * len(ledgers)


def test_what_is_read_of_the_tables_is_what_the_records_come_to(
    store: Store, square_agency: Agency, ledgers: list[Ledger]
) -> None:
    """The report of each shift, from the database's rows and from all rows of all records: the same."""
    for ledger in ledgers:
        Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
    events = [read_event(body) for ledger in ledgers for body in ledger.bodies]
    for name in ("2026-11-22/day", "2026-11-22/night", "2026-11-23/day"):
        shift = square_agency.calendar.shift(name)
        for now in (shift.starts + 3600.0, shift.ends):
            at = datetime.fromtimestamp(now, UTC)
            rows = store.shift_rows(name, shift.starts, now)
            assert make_report(shift, rows, [], at) == report_on(shift, events, [], at)


def test_rebuild_is_a_command(file: Path, ledgers: list[Ledger], tmp_path: Path) -> None:
    """Exit status 0 where the rows were those of the records, else 1 and how many were not."""
    in_order(file, ledgers)
    build_agency(write_square(tmp_path), tmp_path / "agency")
    config = tmp_path / "hq.toml"
    config.write_text(f'agency = "{tmp_path / "agency"}"\ndatabase = "{file}"\n', encoding="utf-8")
    done = CliRunner().invoke(hq, ["rebuild", "--config", str(config)])
    assert (done.exit_code, done.output.count("rows, identical")) == (0, len(ledgers))
    sql(file, "DELETE FROM visits WHERE unit='car-1'")
    for exit_code, said in ((1, "differed and were replaced"), (0, "identical")):
        done = CliRunner().invoke(hq, ["rebuild", "--config", str(config)])
        assert done.exit_code == exit_code
        assert f" {said}" in done.output.splitlines()[0]
