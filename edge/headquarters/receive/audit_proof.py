"""The proof of the audit log: walked as a ledger is, and each entry's columns held against the bytes that are hashed.

Must not repair anything.
"""

import json
from typing import Final

from edge.contract.records import GENESIS, chain
from edge.domain.events import instant
from edge.headquarters.receive.proof import LedgerCheck
from edge.headquarters.store import AUDIT_LEDGER, AuditRow, Store

COLUMNS: Final = ("seq", "account", "action", "subject")


def verify_audit(store: Store) -> LedgerCheck:
    """Walk the log: every number from 1 to its head, each hash from the one before and the bytes."""
    with store.snapshot():
        head, seq, hash_, problem = store.audit_head(), 0, GENESIS, None
        for row in store.audit_rows():
            hash_ = chain(hash_, row.body)
            problem = _problem(row, seq + 1, hash_)
            if problem is not None:
                break
            seq = row.seq
    if problem is None and (seq, hash_) != (head.seq, head.hash):
        problem = f"the log ends at entry {seq}; entry {head.seq} was written"
    return LedgerCheck(*AUDIT_LEDGER, head.seq, seq, problem)


def _problem(row: AuditRow, expected: int, hash_: bytes) -> str | None:
    """What is wrong with an entry; None where nothing is."""
    if row.seq != expected:
        return f"entry {expected} is missing"
    if row.hash != hash_:
        return f"entry {row.seq} does not fit the chain: this entry or an earlier one was changed"
    said = json.loads(row.body)
    shown = {name: getattr(row, name) for name in COLUMNS}
    if {name: said[name] for name in COLUMNS} != shown or said["time"] != f"{instant(row.time):%Y-%m-%dT%H:%M:%SZ}":
        return f"entry {row.seq}: what is shown of it was changed"
    return None
