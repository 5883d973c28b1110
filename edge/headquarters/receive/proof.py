"""The proof: walks stored ledgers again, record by record. Must not mend anything.

`verify_ledger` walks all of a ledger. A page need not do that each time: `verify_new` goes on from where this process
found the ledger intact before, and its check says from which record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from edge.contract.records import chain
from edge.headquarters.store import Head, Ledger, Store


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """How a stored ledger stands the proof; ``problem`` None: intact from record 1 to ``head_seq``.

    ``walked_from``: the first record that was walked now; those before it were walked earlier.
    """

    unit: str
    ledger: str
    head_seq: int
    records: int
    problem: str | None
    walked_from: int = 1

    @property
    def intact(self) -> bool:
        """No record missing, none changed."""
        return self.problem is None


_WALKED: Final[dict[tuple[object, str, str], Head]] = {}
"""By database, unit and ledger: how far this process has found it intact."""


def verify_all(store: Store) -> list[LedgerCheck]:
    """Check every ledger that is held, from record 1."""
    with store.snapshot():
        headless = [Ledger(unit, ledger, Head(), 0) for unit, ledger in store.headless()]
        return [verify_ledger(store, ledger) for ledger in [*store.ledgers(), *headless]]


def verify_new(store: Store, ledger: Ledger, read: Iterable[int] = ()) -> LedgerCheck:
    """Check a ledger from where this process found it intact before; from record 1 where that record is another now.

    ``read``: the records that are read now: each is held against the chain again, whenever it was walked.
    """
    key = (store.identity, ledger.unit, ledger.id)
    before = _WALKED.get(key, Head())
    same = before.seq == 0 or store.hash(ledger.unit, ledger.id, before.seq) == before.hash
    check = verify_ledger(store, ledger, before if same else Head())
    if check.intact:
        _WALKED[key] = ledger.head
        links = store.links(ledger.unit, ledger.id, (seq for seq in read if seq < check.walked_from))
        changed = next((seq for seq, previous, body, hash_ in links if chain(previous, body) != hash_), None)
        if changed is not None:
            return replace(check, problem=_changed(changed))
    return check


def _changed(seq: int) -> str:
    return f"record {seq} does not fit the chain: it, or one before it, was changed"


def verify_ledger(store: Store, ledger: Ledger, after: Head = Head()) -> LedgerCheck:  # noqa: B008 - frozen
    """Walk a ledger: every number from 1 (or ``after``) to its head, each hash from the one before and the bytes."""
    expected, hash_ = after.seq, after.hash
    problem: str | None = None
    for seq, body, stored in store.records(ledger.unit, ledger.id, after.seq):
        expected += 1
        hash_ = chain(hash_, body)
        if seq != expected:
            problem = f"record {expected} is missing"
        elif hash_ != stored:
            problem = _changed(seq)
        if problem is not None:
            break
    if problem is None and expected != ledger.head.seq:
        problem = f"the records end at {expected}, the head says {ledger.head.seq}"
    if problem is None and hash_ != ledger.head.hash:
        problem = "the head is not the last record's hash"
    return LedgerCheck(ledger.unit, ledger.id, ledger.head.seq, expected, problem, after.seq + 1)
