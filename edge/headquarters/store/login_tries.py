"""Failed logins by account and by network address, shared by every process. Must not decide what locks."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from sqlalchemy import and_, select

from edge.headquarters.accounts.lock_out import Of, Tries
from edge.headquarters.store.columns import instant, table, text, whole
from edge.headquarters.store.database import Database

login_tries: Final = table(
    "login_tries",
    *(text("of", key=True), text("name", key=True)),
    *(whole("wrong"), instant("since"), instant("until", nullable=True)),
)


class LoginTries(Database):
    """What is counted of each name."""

    def change_tries(self, of: Of, name: str, change: Callable[[Tries], Tries]) -> None:
        """Within a transaction: change what is counted of a name, which stays locked until it ends."""
        new = self.insert(login_tries).values(of=of, name=name, **asdict(Tries()))
        self.execute(new.on_conflict_do_nothing())
        own = and_(login_tries.c.of == of, login_tries.c.name == name)
        row = self.row(select(login_tries).where(own).with_for_update())
        self.execute(login_tries.update().where(own).values(**asdict(change(Tries(*row[2:])))))

    def forgive(self, of: Of, name: str) -> None:
        """Forget what was counted of a name."""
        self.execute(login_tries.delete().where(login_tries.c.of == of, login_tries.c.name == name))

    def forget_tries(self, before: float) -> None:
        """Those that began before an instant, and lock nothing after it."""
        old = and_(login_tries.c.since < before, (login_tries.c.until.is_(None)) | (login_tries.c.until < before))
        self.execute(login_tries.delete().where(old))
