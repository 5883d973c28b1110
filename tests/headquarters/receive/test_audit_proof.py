"""The audit log's chain: whatever is changed in the database afterwards is found, on both databases."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.contract.records import chain
from edge.headquarters.address import Address
from edge.headquarters.commands import hq
from edge.headquarters.publish.anchors import due
from edge.headquarters.receive.anchored import Anchored
from edge.headquarters.receive.audit_proof import verify_audit
from edge.headquarters.store import AUDIT_LEDGER, Done, Store, StoredDocument
from tests.headquarters.databases import sql

NOW = 1_800_000_000.0
ENTRY = Done("meyer", "analyst", "export", "/reports/presence.csv", "", "192.0.2.7")


@pytest.fixture
def log(store: Store) -> Store:
    """Five entries."""
    for number in range(5):
        with store.transaction():
            store.audit(replace(ENTRY, detail=str(number)), NOW + number)
    return store


def test_a_log_that_nobody_touched_is_intact(store: Store) -> None:
    """An empty one, too; what is left of an entry is what was given."""
    assert (verify_audit(store).problem, verify_audit(store).records) == (None, 0)
    with store.transaction():
        store.audit(replace(ENTRY, subject="日本 \u0001 <b>"), NOW + 0.7)
    (row,) = store.audit_rows()
    assert (row.subject, row.role, row.address, row.time) == ("日本 \u0001 <b>", "analyst", "192.0.2.7", NOW)
    assert verify_audit(store).intact


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE audit SET account = 'lopez' WHERE seq = 3", "entry 3: what is shown of it was changed"),
        ("UPDATE audit SET action = 'login' WHERE seq = 3", "entry 3: what is shown of it was changed"),
        ("UPDATE audit SET subject = '' WHERE seq = 3", "entry 3: what is shown of it was changed"),
        ("UPDATE audit SET time = time + 60 WHERE seq = 3", "entry 3: what is shown of it was changed"),
        ("DELETE FROM audit WHERE seq = 3", "entry 3 is missing"),
        ("DELETE FROM audit WHERE seq = 5", "the log ends at entry 4; entry 5 was written"),
        ("DELETE FROM audit", "the log ends at entry 0; entry 5 was written"),
    ],
)
def test_whatever_is_changed_is_found(change: str, why: str, log: Store, database: Address) -> None:
    """The first entry that is not as it was."""
    sql(database, change)
    assert verify_audit(log).problem == why


def test_bytes_that_were_changed_do_not_fit(log: Store, database: Address) -> None:
    """Nor does anything after them."""
    (_, _, third, *_) = log.audit_rows()
    sql(database, "UPDATE audit SET body = ? WHERE seq = 3", third.body.replace(b"meyer", b"lopez"))
    assert verify_audit(log).problem == "entry 3 does not fit the chain: this entry or an earlier one was changed"


def test_a_whole_chain_that_was_forged_differs_from_its_anchor(log: Store, database: Address) -> None:
    """Whoever has the database can write every hash anew; what was anchored outside tells."""
    (doc,) = due({}, log, "squaretown", NOW)
    assert (doc.unit, doc.heads[0].ledger, doc.heads[0].seq) == (*AUDIT_LEDGER, 5)
    anchored = Anchored()
    anchored.add(doc)
    assert list(anchored.differing(log)) == []
    head = b"\0" * 32
    for row in list(log.audit_rows()):
        body = row.body.replace(b"meyer", b"lopez")
        head = chain(head, body)
        sql(database, "UPDATE audit SET body = ?, hash = ?, account = 'lopez' WHERE seq = ?", body, head, row.seq)
    sql(database, "UPDATE audit_head SET hash = ?", head)
    assert verify_audit(log).intact
    (found,) = anchored.differing(log)
    assert str(found).startswith("record 5 is not the one anchored on")


def test_entries_of_many_at_once_are_one_chain(store: Store, database: Address) -> None:
    """Six connections, each some: none is lost, no number is twice."""

    def write() -> None:
        with Store(database) as own:
            for _ in range(10):
                with own.transaction():
                    own.audit(ENTRY, NOW)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100.0)
    check = verify_audit(store)
    assert (check.records, check.problem) == (60, None)


def test_what_is_signed_is_in_the_log(store: Store) -> None:
    """Whichever kind it is and whoever signs it; a version that was refused is not, one that was withdrawn is again."""
    plan = StoredDocument("plan", "2026-11-22/night 1", 3, "analyst", "robberies", "d" * 64, b"{}", NOW)
    assert store.put_signed(plan, "meyer")
    assert not store.put_signed(replace(plan, digest="e" * 64), "lopez")
    store.withdraw(plan)
    rows = list(store.audit_rows())
    assert [(row.account, row.role, row.action, row.subject, row.detail) for row in rows] == [
        ("meyer", "analyst", "plan.signed", "2026-11-22/night 1 version 3", "robberies"),
        ("", "analyst", "plan.withdrawn", "2026-11-22/night 1 version 3", "not published"),
    ]


def test_verify_says_it_and_ends_with_1(tmp_path: Path) -> None:
    """Beside the ledgers."""
    database = tmp_path / "hq.sqlite"
    with Store(database) as store, store.transaction():
        store.audit(ENTRY, NOW)
    said = CliRunner().invoke(hq, ["verify", str(database)])
    assert "audit log: 1 entries, chain intact" in said.output
    sql(database, "UPDATE audit SET account = ''")
    said = CliRunner().invoke(hq, ["verify", str(database)])
    assert "audit log: 0 entries, entry 1: what is shown of it was changed" in said.output
    assert said.exit_code == 1
