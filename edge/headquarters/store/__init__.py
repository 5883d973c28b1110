"""Headquarters' database, on SQLite or PostgreSQL: a module a table group, one error, and `Store` over all of them."""

from edge.headquarters.store.accounts import Account, Accounts, Session
from edge.headquarters.store.audit import AUDIT_LEDGER, Audit, AuditRow, Done
from edge.headquarters.store.chain_checks import ChainCheck, ChainChecks
from edge.headquarters.store.documents import Document, Documents
from edge.headquarters.store.drafts import Draft, DraftEdit, Drafts
from edge.headquarters.store.early import EarlyRecords, EarlyRow
from edge.headquarters.store.errors import StoreError
from edge.headquarters.store.findings import MOST_OF_A_KIND, Finding, Findings
from edge.headquarters.store.ledgers import Head, Key, Ledger, Row
from edge.headquarters.store.login_tries import LoginTries
from edge.headquarters.store.machine_keys import MachineKey, MachineKeys
from edge.headquarters.store.projections import Standing
from edge.headquarters.store.receivers import Receivers
from edge.headquarters.store.reported import Behind, Reported, ReportedLedgers
from edge.headquarters.store.shift_rows import ShiftRows
from edge.headquarters.store.signed import SignedDocuments, StoredDocument, StoredPlan
from edge.headquarters.store.unit_statuses import UnitStatuses, UnitStatusRow

__all__ = [
    "AUDIT_LEDGER", "MOST_OF_A_KIND", "Account", "AuditRow", "Behind", "ChainCheck", "Document", "Done",
    "Draft", "DraftEdit", "EarlyRow", "Finding", "Head", "Key", "Ledger", "MachineKey", "Reported", "Row",
    "Session", "Standing", "Store",
    "StoreError", "StoredDocument", "StoredPlan", "UnitStatusRow",
]  # fmt: skip


class Store(
    EarlyRecords, ReportedLedgers, Receivers, ShiftRows, ChainChecks, Documents, SignedDocuments, Findings,
    UnitStatuses, Accounts, LoginTries, MachineKeys, Drafts, Audit,
):  # fmt: skip
    """One connection to the database, and what headquarters asks of it.

    It belongs to one thread; open another for another. Everything written within one `transaction` is on disk when it
    ends, or not there at all. Must not decide what is accepted (`edge.headquarters.receive.receiver` does).
    """
