"""The proof: what was changed, cut out or cut off shows; what was walked before is not walked again for a page."""

import shutil
from pathlib import Path

from edge.headquarters.address import Address
from edge.headquarters.receive.proof import LedgerCheck, verify_all, verify_new
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import TOPICS, a_busy_ledger
from tests.headquarters.receive.test_receiver import a_ledger


def test_verify_says_what_was_changed_or_cut_out(receiver: Receiver, store: Store, database: Address) -> None:
    """A byte changed in the database, or a row deleted, shows by its number."""
    ledger = a_ledger(4)
    receiver.handle(ledger.messages())
    sql(database, "UPDATE events SET body=? WHERE seq=2", ledger.bodies[1].replace(b"117", b"118"))
    (check,) = verify_all(store)
    assert check.problem is not None
    assert "record 2" in check.problem
    sql(database, "UPDATE events SET body=? WHERE seq=2", ledger.bodies[1])
    sql(database, "DELETE FROM events WHERE seq=3")
    (check,) = verify_all(store)
    assert check.problem == "record 3 is missing"


def test_verify_sees_a_tail_cut_off(receiver: Receiver, store: Store, database: Address) -> None:
    """Records deleted at the end leave a head without them."""
    receiver.handle(a_ledger(4).messages())
    sql(database, "DELETE FROM events WHERE seq=4")
    (check,) = verify_all(store)
    assert check.problem == "the records end at 3, the head says 4"


def check(database: Address) -> LedgerCheck:
    """As a page does it: a connection of its own."""
    with Store(database) as store:
        return verify_new(store, store.ledgers()[0])


def hold(database: Address, first: int, last: int) -> None:
    """Have the database hold the records of one ledger."""
    ledger = a_busy_ledger(50)
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages()[first - 1 : last])


def test_a_page_walks_only_what_is_new(database: Address) -> None:
    """And says so; the first time it is all of it."""
    for first, last in ((1, 20), (21, 35), (36, 35)):
        hold(database, first, last)
        found = check(database)
        assert (found.problem, found.walked_from, found.head_seq) == (None, first, last)


def test_a_problem_in_what_is_new_shows_each_time(database: Address) -> None:
    """A ledger that is not intact is not remembered as if it were."""
    hold(database, 1, 20)
    check(database)
    hold(database, 21, 30)
    sql(database, "DELETE FROM events WHERE seq=25")
    for _ in range(2):
        assert check(database).problem == "record 25 is missing"


def test_a_change_in_what_was_walked_before_is_seen_by_the_whole_proof_only(database: Address) -> None:
    """`hq verify` walks everything; a page says from which record it walked, and sees it after a restart."""
    hold(database, 1, 20)
    check(database)
    sql(database, "UPDATE events SET body=? WHERE seq=5", b"\0")
    assert check(database).walked_from == 21
    with Store(database) as store:
        (whole,) = verify_all(store)
    assert whole.problem is not None
    assert "record 5" in whole.problem


def test_another_database_or_another_history_is_walked_from_record_1(file: Path, tmp_path: Path) -> None:
    """What was remembered is of one file, and of the record it ends with."""
    hold(file, 1, 20)
    check(file)
    shutil.copy(file, tmp_path / "copy.sqlite")
    assert check(tmp_path / "copy.sqlite").walked_from == 1
    sql(file, "UPDATE events SET hash=? WHERE seq=20", b"\0")
    found = check(file)
    assert (found.walked_from, found.intact) == (1, False)


def test_a_ledger_whose_head_is_gone_is_not_passed_over(receiver: Receiver, store: Store, database: Address) -> None:
    """Deleted from the table of heads, its records are still to be proved."""
    receiver.handle(a_busy_ledger(20).messages())
    sql(database, "DELETE FROM heads")
    assert [check.problem for check in verify_all(store)] == ["the records end at 20, the head says 0"]
