"""The audit log: who did or saw what, one chain as a ledger is. Must not change or delete an entry.

An entry is written in the transaction of what it tells, so that neither is without the other.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import rfc8785
from sqlalchemy import ColumnElement, Index, select

from edge.contract.records import chain
from edge.domain.events import instant as utc
from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.database import Database
from edge.headquarters.store.ledgers import CHUNK, Head, Key

audit: Final = table(
    "audit",
    *(whole("seq", key=True), instant("time"), text("account"), text("action"), text("subject")),
    octets("body"),  # canonical JSON: what is hashed
    octets("hash"),  # of the chain, after this entry
)
Index("audit_of_account", audit.c.account, audit.c.seq)
Index("audit_of_subject", audit.c.subject, audit.c.seq)
audit_head: Final = table("audit_head", whole("one", key=True), whole("seq"), octets("hash"))

AUDIT_LEDGER: Final[Key] = ("headquarters", "audit")
"""Its name among the ledgers that are anchored."""


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did. ``account``: its name, a machine key's, or empty for a command at headquarters' keyboard.

    ``subject``: of whom or of what, such as an officer's id or a plan's slot; ``detail``: the rest, in words.
    """

    account: str
    role: str
    action: str
    subject: str = ""
    detail: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as stored; ``time``: POSIX seconds. The rest stands in its bytes."""

    seq: int
    time: float
    account: str
    action: str
    subject: str
    body: bytes
    hash: bytes

    @property
    def role(self) -> str:
        """In which role it was done."""
        return self._said("role")

    @property
    def detail(self) -> str:
        """What more is to be said."""
        return self._said("detail")

    @property
    def address(self) -> str:
        """From where, on the network."""
        return self._said("address")

    def _said(self, name: str) -> str:
        return str(json.loads(self.body)[name])


class Audit(Database):
    """The audit log."""

    def audit(self, done: Done, now: float) -> None:
        """Within a transaction: append an entry."""
        row = self.row(select(audit_head.c.seq, audit_head.c.hash).with_for_update())
        seq, time = row[0] + 1, int(now)
        body = rfc8785.dumps({"seq": seq, "time": utc(time).strftime("%Y-%m-%dT%H:%M:%SZ"), **asdict(done)})
        head = chain(bytes(row[1]), body)
        columns = {"account": done.account, "action": done.action, "subject": done.subject}
        self.execute(self.insert(audit).values(seq=seq, time=time, **columns, body=body, hash=head))
        self.execute(audit_head.update().values(seq=seq, hash=head))

    def audit_head(self) -> Head:
        """How far the log goes."""
        return Head(*self.row(select(audit_head.c.seq, audit_head.c.hash)))

    def audit_rows(self) -> Iterator[AuditRow]:
        """Every entry, in order."""
        last = 0
        while rows := self.rows(select(audit).where(audit.c.seq > last).order_by(audit.c.seq).limit(CHUNK)):
            yield from (AuditRow(*row) for row in rows)
            last = rows[-1].seq

    def audit_hashes(self, seqs: Sequence[int]) -> list[tuple[int, bytes]]:
        """The chain's hashes after some entries, of those that are held."""
        query = select(audit.c.seq, audit.c.hash).where(audit.c.seq.in_(seqs))
        return [(seq, bytes(hash_)) for seq, hash_ in self.rows(query)]

    def latest_audit(
        self, most: int, *, account: str = "", action: str = "", subject: str = "", before: int | None = None
    ) -> list[AuditRow]:
        """The newest entries, of an account, an action (or its beginning) or a subject; ``before``: a number."""
        wanted: list[ColumnElement[bool]] = []
        if account:
            wanted.append(audit.c.account == account)
        if action:
            wanted.append(audit.c.action.startswith(action, autoescape=True))
        if subject:
            wanted.append(audit.c.subject == subject)
        if before is not None:
            wanted.append(audit.c.seq < before)
        query = select(audit).where(*wanted).order_by(audit.c.seq.desc()).limit(most)
        return [AuditRow(*row) for row in self.rows(query)]
