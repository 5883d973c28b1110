"""The proof: walks stored ledgers again, record by record. Must not mend anything."""

from dataclasses import dataclass

from edge.contract.records import GENESIS, chain
from edge.headquarters.store import Ledger, Store


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """How a stored ledger stands the proof; ``problem`` None: intact from record 1 to ``head_seq``."""

    unit: str
    ledger: str
    head_seq: int
    records: int
    problem: str | None

    @property
    def intact(self) -> bool:
        """No record missing, none changed."""
        return self.problem is None


def verify_all(store: Store) -> list[LedgerCheck]:
    """Check every ledger that is held."""
    with store.snapshot():
        return [verify_ledger(store, ledger) for ledger in store.ledgers()]


def verify_ledger(store: Store, ledger: Ledger) -> LedgerCheck:
    """Walk one ledger: every number from 1 to its head, each hash from the one before and the stored bytes."""
    expected, hash_ = 0, GENESIS
    problem: str | None = None
    for seq, body, stored in store.records(ledger.unit, ledger.id):
        expected += 1
        hash_ = chain(hash_, body)
        if seq != expected:
            problem = f"record {expected} is missing"
        elif hash_ != stored:
            problem = f"record {seq} does not fit the chain: it, or one before it, was changed"
        if problem is not None:
            break
    if problem is None and expected != ledger.head.seq:
        problem = f"the records end at {expected}, the head says {ledger.head.seq}"
    if problem is None and hash_ != ledger.head.hash:
        problem = "the head is not the last record's hash"
    return LedgerCheck(ledger.unit, ledger.id, ledger.head.seq, expected, problem)
