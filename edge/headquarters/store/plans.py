"""Plans and contexts as they were signed, and when the broker took them."""

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import select

from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.database import Database

plans: Final = table(
    "plans",
    *(text("district", key=True), text("shift", key=True), whole("version", key=True)),
    *(text("role"), text("reason"), text("digest")),
    octets("body"),  # the signed document, as sent
    instant("stored"),
    instant("published", nullable=True),  # when the broker took it; NULL: it has not
)

contexts: Final = table(
    "contexts",
    *(whole("number", key=True), text("role"), text("reason"), text("digest")),
    octets("body"),  # the signed document, as sent
    instant("stored"),
    instant("published", nullable=True),  # when the broker took it; NULL: it has not, or it went another way
)


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


class Plans(Database):
    """What headquarters has signed."""

    def put_plan(self, plan: StoredPlan) -> None:
        """Store a plan as signed; one of the same version that was never published is replaced."""
        key = (plans.c.district == plan.district, plans.c.shift == plan.shift, plans.c.version == plan.version)
        with self.transaction():
            self.execute(plans.delete().where(*key, plans.c.published.is_(None)))
            self.execute(plans.insert(), asdict(plan))

    def mark_published(self, plan: StoredPlan, published: float) -> None:
        """The broker took a plan."""
        key = (plans.c.district == plan.district, plans.c.shift == plan.shift, plans.c.version == plan.version)
        with self.transaction():
            self.execute(plans.update().where(*key).values(published=published))

    def plans(self, shift: str | None = None, *, since: str = "") -> list[StoredPlan]:
        """The published plans, of one shift or all, or from a date on (ISO 8601), in the order they were published."""
        query = select(plans).where(plans.c.published.is_not(None), plans.c.shift >= since)
        if shift is not None:
            query = query.where(plans.c.shift == shift)
        return [StoredPlan(*row) for row in self.rows(query.order_by(plans.c.published, plans.c.version))]

    def put_context(self, context: StoredContext) -> None:
        """Store a context as signed."""
        with self.transaction():
            self.execute(contexts.insert(), asdict(context))

    def mark_context(self, number: int, published: float) -> None:
        """The broker took a context."""
        with self.transaction():
            self.execute(contexts.update().where(contexts.c.number == number).values(published=published))

    def last_context(self, *, published: bool = False) -> StoredContext | None:
        """The context with the highest number, of all or of those that the broker took."""
        query = select(contexts).order_by(contexts.c.number.desc()).limit(1)
        if published:
            query = query.where(contexts.c.published.is_not(None))
        row = self.row(query)
        return None if row is None else StoredContext(*row)
