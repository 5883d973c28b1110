"""The latest of what each vehicle says of itself, by the name of its row in `edge.contract.vehicle_messages`."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from edge.headquarters.store.columns import instant, octets, table, text
from edge.headquarters.store.database import Database

documents: Final = table(
    "documents",
    *(text("unit", key=True), text("kind", key=True), octets("body"), instant("received")),
)
_COLUMNS: Final = (documents.c.unit, documents.c.body, documents.c.received)
_ONE: Final = select(*_COLUMNS).where(documents.c.kind == bindparam("kind"), documents.c.unit == bindparam("unit"))

_RECEIVED: Final = select(documents.c.unit, documents.c.received).where(documents.c.kind == bindparam("kind"))


@dataclass(frozen=True, slots=True)
class Document:
    """A vehicle's latest message of a kind, and when it came (POSIX seconds)."""

    unit: str
    body: bytes
    received: float


class Documents(Database):
    """The latest of each vehicle."""

    def put_document(self, kind: str, document: Document) -> None:
        """Store a vehicle's latest; the one before is replaced."""
        put = self.insert(documents)
        put = put.on_conflict_do_update(
            index_elements=["unit", "kind"], set_={"body": put.excluded.body, "received": put.excluded.received}
        )
        values = {"unit": document.unit, "kind": kind, "body": document.body, "received": document.received}
        self.execute(put, values)

    def document(self, kind: str, unit: str) -> Document | None:
        """The latest of a vehicle."""
        row = self.row(_ONE, {"kind": kind, "unit": unit})
        return None if row is None else Document(*row)

    def received(self, kind: str) -> dict[str, float]:
        """When the latest of each vehicle came (POSIX seconds)."""
        return {row[0]: row[1] for row in self.rows(_RECEIVED, {"kind": kind})}

    def documents(self, kind: str) -> list[Document]:
        """The latest of each vehicle."""
        query = select(*_COLUMNS).where(documents.c.kind == kind).order_by(documents.c.unit)
        return [Document(*row) for row in self.rows(query)]
