"""Signed documents of every kind as they were signed, and when the broker took them.

A new kind needs no table of its own: its row in `edge.contract.signed_kinds` says in which slots its documents lie, and
what its version is.
"""

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select

from edge.headquarters.store.audit import Audit, Done
from edge.headquarters.store.columns import instant, octets, table, text, whole

UNDER_WAY_S: Final = 60.0
"""What was stored so lately may still be on its way to the broker."""

signed: Final = table(
    "signed",
    *(text("kind", key=True), text("slot", key=True), whole("version", key=True)),
    *(text("role"), text("reason"), text("digest")),
    octets("body"),  # the envelope, as sent
    instant("stored"),
    instant("published", nullable=True),  # when the broker took it; NULL: it has not, or it went another way
)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as signed. ``published``: POSIX seconds, None where the broker has not taken it.

    ``slot``: where it lies among its kind; ``version``: the first number of its kind's order.
    """

    kind: str
    slot: str
    version: int
    role: str
    reason: str
    digest: str
    body: bytes
    stored: float
    published: float | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as reports read it."""

    district: str
    shift: str
    version: int
    role: str
    reason: str
    digest: str
    body: bytes
    stored: float
    published: float | None = None


class SignedDocuments(Audit):
    """What headquarters has signed. Each is in the audit log, by whichever way it came."""

    def put_signed(self, document: StoredDocument, account: str = "") -> bool:
        """Store a document as signed; False where another of its version is there, and nothing was stored.

        ``account``: who approved it; empty for a command at headquarters' keyboard. One that was never published is
        replaced, but not while whoever stored it may still be publishing it.
        """
        abandoned = and_(signed.c.published.is_(None), signed.c.stored < document.stored - UNDER_WAY_S)
        with self.transaction():
            self.execute(signed.delete().where(_key(document), abandoned))
            new = self.insert(signed).values(asdict(document)).on_conflict_do_nothing()
            if self.row(new.returning(signed.c.version)) is None:
                return False
            done = Done(account, document.role, f"{document.kind}.signed", _named(document), document.reason)
            self.audit(done, document.stored)
            return True

    def withdraw(self, document: StoredDocument) -> None:
        """Forget a document that was not published."""
        own = signed.c.digest == document.digest
        with self.transaction():
            if self.execute(signed.delete().where(_key(document), own, signed.c.published.is_(None))):
                done = Done("", document.role, f"{document.kind}.withdrawn", _named(document), "not published")
                self.audit(done, document.stored)

    def mark_published(self, document: StoredDocument, published: float) -> None:
        """The broker took a document."""
        with self.transaction():
            self.execute(signed.update().where(_key(document)).values(published=published))

    def newest_signed(self, kind: str, *, since: str = "") -> list[StoredDocument]:
        """The newest published document of each slot of a kind, of the slots from one on."""
        wanted = and_(signed.c.kind == kind, signed.c.slot >= since, signed.c.published.is_not(None))
        newest = (
            select(signed.c.slot, func.max(signed.c.version).label("version")).where(wanted).group_by(signed.c.slot)
        ).subquery()
        same = and_(signed.c.slot == newest.c.slot, signed.c.version == newest.c.version)
        query = select(signed).join(newest, same).where(signed.c.kind == kind).order_by(signed.c.slot)
        return [StoredDocument(*row) for row in self.rows(query)]

    def last_of_each(self, kind: str) -> list[StoredDocument]:
        """The document with the highest version of each slot of a kind, whether or not a broker took it."""
        newest = (
            select(signed.c.slot, func.max(signed.c.version).label("version"))
            .where(signed.c.kind == kind)
            .group_by(signed.c.slot)
        ).subquery()
        same = and_(signed.c.slot == newest.c.slot, signed.c.version == newest.c.version)
        query = select(signed).join(newest, same).where(signed.c.kind == kind).order_by(signed.c.slot)
        return [StoredDocument(*row) for row in self.rows(query)]

    def last_signed(self, kind: str, slot: str = "") -> StoredDocument | None:
        """The document with the highest version of a slot, whether or not the broker took it."""
        of_slot = (signed.c.kind == kind, signed.c.slot == slot)
        row = self.row(select(signed).where(*of_slot).order_by(signed.c.version.desc()).limit(1))
        return None if row is None else StoredDocument(*row)

    def next_version(self, kind: str, slot: str = "") -> int:
        """The number that the next document of a slot gets: the first is 1."""
        last = self.last_signed(kind, slot)
        return 1 if last is None else last.version + 1

    def plans(self, shift: str | None = None) -> list[StoredPlan]:
        """The published plans, of one shift or all, in the order they were published."""
        query = select(signed).where(signed.c.kind == "plan", signed.c.published.is_not(None))
        if shift is not None:
            query = query.where(signed.c.slot >= f"{shift} ", signed.c.slot < f"{shift}!")  # which follows the space
        rows = self.rows(query.order_by(signed.c.published, signed.c.version))
        return [_plan(StoredDocument(*row)) for row in rows]


def _key(document: StoredDocument) -> ColumnElement[bool]:
    return and_(signed.c.kind == document.kind, signed.c.slot == document.slot, signed.c.version == document.version)


def _named(document: StoredDocument) -> str:
    return f"{document.slot} version {document.version}".strip()


def _plan(document: StoredDocument) -> StoredPlan:
    """A plan's slot is its shift and its district."""
    shift, _, district = document.slot.partition(" ")
    rest = {name: value for name, value in asdict(document).items() if name not in ("kind", "slot")}
    return StoredPlan(district, shift, **rest)
