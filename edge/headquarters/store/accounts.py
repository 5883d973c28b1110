"""Accounts of headquarters' pages and their sessions. Must not decide who may do what (`edge.headquarters.accounts`).

Of a session's token only the hash is held: who reads the database has no session.
"""

import secrets
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Index, select

from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.database import Database

accounts: Final = table(
    "accounts",
    *(text("name", key=True), text("role"), text("password")),
    instant("code_until", nullable=True),  # the password is a one-time code, good until then
    whole("disabled", default=0),
    text("officer", nullable=True),  # whose record is their own: an id of the roster
    instant("made"),
)
sessions: Final = table(
    "sessions",
    *(text("key", key=True), text("account")),
    *(instant("began"), instant("seen")),
    *(text("address"), text("agent")),
)
Index("sessions_of_account", sessions.c.account)
web_secrets: Final = table("web_secrets", text("name", key=True), octets("secret"))


@dataclass(frozen=True, slots=True)
class Account:
    """``password``: its hash. ``code_until``: where it is a one-time code, how long it is good (POSIX seconds)."""

    name: str
    role: str
    password: str
    code_until: float | None = None
    disabled: bool = False
    officer: str | None = None
    made: float = 0.0


@dataclass(frozen=True, slots=True)
class Session:
    """``key``: SHA-256 of its token. ``agent``: what the browser says of itself."""

    key: str
    account: str
    began: float
    seen: float
    address: str
    agent: str


class Accounts(Database):
    """Accounts and sessions."""

    def put_account(self, account: Account) -> bool:
        """Store a new account; False where there is one of that name."""
        new = self.insert(accounts).values(**_row(account)).on_conflict_do_nothing()
        return self.row(new.returning(accounts.c.name)) is not None

    def change_account(self, account: Account) -> None:
        """Store what an account is now."""
        self.execute(accounts.update().where(accounts.c.name == account.name).values(**_row(account)))

    def account(self, name: str) -> Account | None:
        """The account of a name."""
        row = self.row(select(accounts).where(accounts.c.name == name))
        return None if row is None else _account(row)

    def accounts(self) -> list[Account]:
        """Every account."""
        return [_account(row) for row in self.rows(select(accounts).order_by(accounts.c.name))]

    def put_session(self, session: Session) -> None:
        """Begin a session."""
        self.execute(self.insert(sessions).values(**asdict(session)))

    def session(self, key: str) -> tuple[Session, Account] | None:
        """A session and its account."""
        row = self.row(select(sessions).where(sessions.c.key == key))
        account = None if row is None else self.account(row.account)
        return None if account is None else (Session(*row), account)

    def sessions(self, account: str) -> list[Session]:
        """Every session of an account, the one used last first."""
        query = select(sessions).where(sessions.c.account == account).order_by(sessions.c.seen.desc())
        return [Session(*row) for row in self.rows(query)]

    def see_session(self, key: str, now: float) -> None:
        """A session was used."""
        self.execute(sessions.update().where(sessions.c.key == key).values(seen=now))

    def end_session(self, key: str) -> None:
        """End a session."""
        self.execute(sessions.delete().where(sessions.c.key == key))

    def end_sessions(self, account: str, *, but: str = "") -> int:
        """End every session of an account but one; how many."""
        return self.execute(sessions.delete().where(sessions.c.account == account, sessions.c.key != but))

    def forget_sessions(self, before: float) -> None:
        """Those that were used last before an instant."""
        self.execute(sessions.delete().where(sessions.c.seen < before))

    def web_secret(self, name: str) -> bytes:
        """A random secret of the pages, the same for every process; made where there is none."""
        query = select(web_secrets.c.secret).where(web_secrets.c.name == name)
        if (row := self.row(query)) is None:
            new = self.insert(web_secrets).values(name=name, secret=secrets.token_bytes(32))
            self.execute(new.on_conflict_do_nothing())
            row = self.row(query)
        return bytes(row[0])


def _row(account: Account) -> dict[str, object]:
    return {**asdict(account), "disabled": int(account.disabled)}


def _account(row: tuple[object, ...]) -> Account:
    values = dict(zip(accounts.c.keys(), row, strict=True))
    return Account(**{**values, "disabled": bool(values["disabled"])})  # type: ignore[arg-type]  # as the columns are
