"""Headquarters' database: ledger records, standing of vehicles, plans, findings. SQLite, WAL, synchronous=FULL.

One `Store` is one connection and belongs to one thread; open another for another. Everything written within one
`transaction` is on disk when it ends, or not there at all. Must not decide what is accepted
(`edge.headquarters.receive.receiver` does), and must not change or delete a record.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from edge.contract.records import GENESIS
from edge.domain.events import KINDS
from edge.headquarters.database import Database

KEPT_OF_FINDING: Final = 4096
MOST_OF_A_KIND: Final = 500
"""Findings of one kind and vehicle that are kept one by one: a vehicle must not fill headquarters' disk."""

CONTEXT_TYPES: Final = tuple(name for name, kind in KINDS.items() if kind.PAST_SHIFT)
"""Kinds whose meaning reaches past the shift they are recorded in."""

CONTEXT_S: Final = 2 * 86_400.0


@dataclass(frozen=True, slots=True)
class Head:
    """How far a ledger is held: the last number and the chain's hash after it."""

    seq: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger held, with how many of its records came more than once."""

    unit: str
    id: str
    head: Head
    duplicates: int


class Row(NamedTuple):
    """One record to store, as the table has it. ``time``, ``received``: POSIX seconds."""

    unit: str
    ledger: str
    seq: int
    id: str
    type: str
    shift: str | None
    time: float
    body: bytes
    hash: bytes
    received: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Something refused, how often, and when first and last (POSIX seconds). ``seq`` 0: of no record."""

    kind: str
    unit: str
    ledger: str
    seq: int
    detail: str
    times: int
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as signed. ``published``: POSIX seconds, None where the broker has not taken it."""

    district: str
    shift: str
    version: int
    role: str
    reason: str
    digest: str
    body: bytes
    stored: float
    published: float | None = None


@dataclass(frozen=True, slots=True)
class StoredContext:
    """A context as signed. ``published``: POSIX seconds, None where the broker has not taken it."""

    number: int
    role: str
    reason: str
    digest: str
    body: bytes
    stored: float
    published: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A vehicle's latest status or visits, and when it came (POSIX seconds)."""

    unit: str
    body: bytes
    received: float


class Store(Database):
    """One connection to the database, and what headquarters asks of it."""

    # -- ledgers

    def head(self, unit: str, ledger: str) -> Head:
        """How far a ledger is held; seq 0 and the genesis hash where nothing is."""
        row = self._db.execute("SELECT seq, hash FROM heads WHERE unit=? AND ledger=?", (unit, ledger)).fetchone()
        return Head() if row is None else Head(*row)

    def ledgers(self, unit: str | None = None) -> list[Ledger]:
        """Every ledger held, or those of one vehicle."""
        rows = self._db.execute("SELECT unit, ledger, seq, hash, duplicates FROM heads ORDER BY unit, ledger")
        return [
            Ledger(one, ledger, Head(seq, hash_), dup) for one, ledger, seq, hash_, dup in rows if unit in (None, one)
        ]

    def append(self, rows: Sequence[Row]) -> None:
        """Store records, each ledger's in order, and move its head to the last of them."""
        self._db.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
        heads = {(row.unit, row.ledger): (row.seq, row.hash) for row in rows}
        self._db.executemany(
            "INSERT INTO heads (unit, ledger, seq, hash) VALUES (?,?,?,?)"
            " ON CONFLICT DO UPDATE SET seq=excluded.seq, hash=excluded.hash",
            [(*key, *head) for key, head in heads.items()],
        )

    def body(self, unit: str, ledger: str, seq: int) -> bytes | None:
        """A record's bytes, None where it is not held."""
        row = self._db.execute(
            "SELECT body FROM events WHERE unit=? AND ledger=? AND seq=?", (unit, ledger, seq)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def count_duplicates(self, unit: str, ledger: str, count: int) -> None:
        """So many records came that are held already."""
        self._db.execute("UPDATE heads SET duplicates=duplicates+? WHERE unit=? AND ledger=?", (count, unit, ledger))

    def hash(self, unit: str, ledger: str, seq: int) -> bytes | None:
        """The chain's hash after a record, None where it is not held."""
        query = "SELECT hash FROM events WHERE unit=? AND ledger=? AND seq=?"
        row = self._db.execute(query, (unit, ledger, seq)).fetchone()
        return None if row is None else bytes(row[0])

    def records(self, unit: str, ledger: str, after: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
        """Number, bytes and hash of each record of a ledger after a number, in order."""
        query = "SELECT seq, body, hash FROM events WHERE unit=? AND ledger=? AND seq>? ORDER BY seq"
        with closing(self._db.execute(query, (unit, ledger, after))) as rows:
            yield from rows

    def links(self, unit: str, ledger: str, seqs: Iterable[int]) -> Iterator[tuple[int, bytes, bytes, bytes]]:
        """Number, hash before, bytes and hash of some records of a ledger."""
        query = (
            "SELECT e.seq, ifnull(p.hash, zeroblob(32)), e.body, e.hash FROM events AS e LEFT JOIN events AS p"
            " ON p.unit=e.unit AND p.ledger=e.ledger AND p.seq=e.seq-1 WHERE e.unit=? AND e.ledger=? AND e.seq=?"
        )
        for seq in seqs:
            yield from self._db.execute(query, (unit, ledger, seq))

    def headless(self) -> list[tuple[str, str]]:
        """Unit and id of the ledgers with records and no head."""
        query = "SELECT unit, ledger FROM events WHERE seq=1 EXCEPT SELECT unit, ledger FROM heads"
        return self._db.execute(query).fetchall()

    def count(self) -> int:
        """How many records are held."""
        return int(self._db.execute("SELECT count(*) FROM events").fetchone()[0])

    # -- shifts

    def shifts(self, limit: int = 60) -> list[tuple[str, int]]:
        """The latest shifts with records, newest first, and of how many vehicles. Goes by the index, from id to id."""
        query = """
            WITH RECURSIVE latest (shift) AS (
                SELECT max(shift) FROM events
                UNION ALL
                SELECT (SELECT max(shift) FROM events WHERE shift < latest.shift) FROM latest
                    WHERE latest.shift IS NOT NULL
                LIMIT ?)
            SELECT shift, (SELECT count(*) FROM (SELECT DISTINCT unit FROM heads) AS held
                WHERE EXISTS (SELECT 1 FROM events WHERE shift=latest.shift AND unit=held.unit))
            FROM latest WHERE shift IS NOT NULL
            ORDER BY (SELECT time FROM events WHERE shift=latest.shift LIMIT 1) DESC"""
        return self._db.execute(query, (limit,)).fetchall()

    def of_shift(self, shift: str, starts: float, ends: float) -> list[bytes]:
        """The records of a shift (POSIX seconds) and those around it that its report needs, by ledger and number."""
        kinds = ",".join("?" * len(CONTEXT_TYPES))
        query = f"""
            SELECT unit, ledger, seq, body FROM events WHERE shift=?1
            UNION SELECT unit, ledger, seq, body FROM events
                WHERE unit IN (SELECT unit FROM events WHERE shift=?1) AND shift IS NULL
            UNION SELECT unit, ledger, seq, body FROM events
                WHERE unit IN (SELECT unit FROM events WHERE shift=?1) AND time BETWEEN ?2 AND ?3 AND type IN ({kinds})
            ORDER BY unit, ledger, seq"""  # noqa: S608 - `kinds` is question marks alone
        parameters = (shift, starts - CONTEXT_S, ends + CONTEXT_S, *CONTEXT_TYPES)
        return [bytes(body) for _, _, _, body in self._db.execute(query, parameters)]

    # -- documents, plans, contexts, findings

    def put_document(self, kind: Literal["status", "visits"], document: Document) -> None:
        """Keep a vehicle's latest status or visits."""
        self._db.execute(
            "INSERT OR REPLACE INTO documents VALUES (?,?,?,?)",
            (document.unit, kind, document.body, document.received),
        )

    def document(self, kind: Literal["status", "visits"], unit: str) -> Document | None:
        """The latest of a vehicle."""
        query = "SELECT unit, body, received FROM documents WHERE kind=? AND unit=?"
        row = self._db.execute(query, (kind, unit)).fetchone()
        return None if row is None else Document(*row)

    def documents(self, kind: Literal["status", "visits"]) -> list[Document]:
        """The latest of each vehicle."""
        rows = self._db.execute("SELECT unit, body, received FROM documents WHERE kind=? ORDER BY unit", (kind,))
        return [Document(*row) for row in rows]

    def put_plan(self, plan: StoredPlan) -> None:
        """Keep a plan as signed; one of the same version that was never published is replaced."""
        with self.transaction():
            self._db.execute(
                "DELETE FROM plans WHERE district=? AND shift=? AND version=? AND published IS NULL",
                (plan.district, plan.shift, plan.version),
            )
            values = (plan.district, plan.shift, plan.version, plan.role, plan.reason, plan.digest, plan.body)
            self._db.execute("INSERT INTO plans VALUES (?,?,?,?,?,?,?,?,?)", (*values, plan.stored, plan.published))

    def mark_published(self, plan: StoredPlan, published: float) -> None:
        """The broker took a plan."""
        with self.transaction():
            self._db.execute(
                "UPDATE plans SET published=? WHERE district=? AND shift=? AND version=?",
                (published, plan.district, plan.shift, plan.version),
            )

    def plans(self, shift: str | None = None, *, since: str = "") -> list[StoredPlan]:
        """The published plans, of one shift or all, or from a date on (ISO 8601), in the order they were published."""
        query = "SELECT * FROM plans WHERE published IS NOT NULL AND shift=ifnull(?,shift) AND shift>=?"
        rows = self._db.execute(f"{query} ORDER BY published, version", (shift, since))
        return [StoredPlan(*row) for row in rows]

    def put_context(self, context: StoredContext) -> None:
        """Keep a context as signed."""
        with self.transaction():
            values = (context.number, context.role, context.reason, context.digest, context.body)
            self._db.execute(
                "INSERT INTO contexts VALUES (?,?,?,?,?,?,?)", (*values, context.stored, context.published)
            )

    def mark_context(self, number: int, published: float) -> None:
        """The broker took a context."""
        with self.transaction():
            self._db.execute("UPDATE contexts SET published=? WHERE number=?", (published, number))

    def last_context(self, *, published: bool = False) -> StoredContext | None:
        """The context with the highest number, of all or of those that the broker took."""
        query = "SELECT * FROM contexts WHERE published IS NOT NULL OR NOT ? ORDER BY number DESC LIMIT 1"
        row = self._db.execute(query, (published,)).fetchone()
        return None if row is None else StoredContext(*row)

    def find(self, kind: str, unit: str, ledger: str, seq: int, detail: str, body: bytes, now: float) -> None:
        """Record something refused; the same thing again is counted, and so is what is beyond `MOST_OF_A_KIND`."""
        again = "UPDATE findings SET times=times+1, last=? WHERE kind=? AND unit=? AND ledger=? AND seq=?"
        if self._db.execute(again, (now, kind, unit, ledger, seq)).rowcount:
            return
        of_kind = self._db.execute("SELECT count(*) FROM findings WHERE kind=? AND unit=?", (kind, unit)).fetchone()[0]
        if of_kind >= MOST_OF_A_KIND:
            ledger, seq, detail, body = "", 0, f"more than {MOST_OF_A_KIND}: others are counted, not kept", b""
        self._db.execute(
            "INSERT INTO findings VALUES (?,?,?,?,?,?,1,?,?)"
            " ON CONFLICT DO UPDATE SET times=times+1, last=excluded.last",
            (kind, unit, ledger, seq, detail, body[:KEPT_OF_FINDING], now, now),
        )

    def findings(self, limit: int = -1) -> list[Finding]:
        """Everything refused, or the latest so many, the latest first."""
        columns = "SELECT kind, unit, ledger, seq, detail, times, first, last"
        rows = self._db.execute(columns + " FROM findings ORDER BY last DESC LIMIT ?", (limit,))
        return [Finding(*row) for row in rows]
