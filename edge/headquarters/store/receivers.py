"""Which receivers are at work, and since when each was heard of. Must not decide what follows from it."""

from typing import Final

from sqlalchemy import select

from edge.headquarters.store.columns import instant, table, text
from edge.headquarters.store.database import Database

receivers: Final = table(
    "receivers",
    *(text("name", key=True), text("process"), instant("seen")),  # `process`: drawn by each at its start
)


class Receivers(Database):
    """Signs of life of the receivers."""

    def record_receiver(self, name: str, process: str, now: float) -> bool:
        """A receiver is at work (POSIX seconds); whether the last sign of that name was its own."""
        last = self.row(select(receivers.c.process).where(receivers.c.name == name))
        new = self.insert(receivers)
        set_ = {"process": new.excluded.process, "seen": new.excluded.seen}
        put = new.on_conflict_do_update(index_elements=["name"], set_=set_)
        self.execute(put, {"name": name, "process": process, "seen": now})
        return last is not None and last[0] == process

    def receivers(self, since: float) -> list[str]:
        """The names of those that were at work since an instant."""
        rows = self.rows(select(receivers.c.name).where(receivers.c.seen >= since).order_by(receivers.c.name))
        return [name for (name,) in rows]
