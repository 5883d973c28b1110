"""Whether a name and a password open a session, and whose request a session's token is.

Every try counts against the account and the network address before its password is looked at. Must not say whether an
account exists.
"""

import hashlib
import secrets
import threading
from contextlib import suppress
from typing import Final

from edge.errors import UserError
from edge.headquarters.accounts.lifetime import LONGEST_S, SEEN_EVERY_S, is_live
from edge.headquarters.accounts.lock_out import Of, Tries, counted, left_s, taken_back
from edge.headquarters.accounts.names import account_name
from edge.headquarters.accounts.passwords import NOBODYS, is_right
from edge.headquarters.store import Account, Done, Session, Store, StoreError

WRONG: Final = "Name or password is not correct."
AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Passwords verified at a time: each takes 64 MiB."""

PATIENCE_S: Final = 10.0
_UNKNOWN: Final = "(unknown)"
_LONGEST_AGENT: Final = 200


class LoginError(UserError):
    """A login was refused; the sentence is for whoever tried. ``locked``: not even the password was looked at."""

    def __init__(self, sentence: str, *, locked: bool = False) -> None:
        super().__init__(sentence)
        self.locked = locked


def log_in(store: Store, name: str, password: str, address: str, agent: str, now: float) -> str:
    """Begin a session; its token. Raises LoginError."""
    known = account_name(name)
    _count(store, known, address, now)
    account = store.account(known) if known is not None else None
    right = _verified(password, account, now)
    with store.transaction():
        if account is None or not right:
            store.audit(Done(_UNKNOWN if account is None else account.name, "", "login.failed", address=address), now)
        else:
            store.forgive("account", account.name)
            store.change_tries("address", address, taken_back)
            store.forget_sessions(now - LONGEST_S)
            store.forget_tries(now - LONGEST_S)
            store.audit(Done(account.name, account.role, "login", address=address), now)
            return _begin(store, account, address, agent, now)
    raise LoginError(WRONG)


def user_of(store: Store, token: str, now: float) -> tuple[Session, Account] | None:
    """The session and the account of a token; None where it is over, or the account is disabled."""
    found = store.session(key_of(token))
    if found is None or found[1].disabled or not is_live(found[0].began, found[0].seen, now):
        return None
    if now - found[0].seen >= SEEN_EVERY_S:
        with suppress(StoreError):  # a disk that is full keeps nobody from reading
            store.see_session(found[0].key, now)
    return found


def log_out(store: Store, session: Session, role: str, now: float) -> None:
    """End a session."""
    with store.transaction():
        store.end_session(session.key)
        store.audit(Done(session.account, role, "logout", address=session.address), now)


def key_of(token: str) -> str:
    """What is held of a token that is random enough by itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def _begin(store: Store, account: Account, address: str, agent: str, now: float) -> str:
    token = secrets.token_urlsafe(32)
    store.put_session(Session(key_of(token), account.name, now, now, address, agent[:_LONGEST_AGENT]))
    return token


def _count(store: Store, name: str | None, address: str, now: float) -> None:
    """One more try; raises LoginError where account or address are locked."""
    counts: list[tuple[Of, str]] = [("address", address)]
    if name is not None:
        counts.append(("account", name))
    locked_s = 0.0

    def count(tries: Tries, of: Of) -> Tries:
        nonlocal locked_s
        locked_s = max(locked_s, left_s(tries, now))
        return tries if locked_s else counted(tries, of, now)

    with store.transaction():
        for of, each in counts:
            store.change_tries(of, each, lambda tries, of=of: count(tries, of))  # type: ignore[misc]  # of is bound here
    if locked_s:
        minutes = max(1, round(locked_s / 60))
        msg = f"Too many failed logins. Try again in {minutes} min, or ask an administrator."
        raise LoginError(msg, locked=True)


def _verified(password: str, account: Account | None, now: float) -> bool:
    """Whether the password opens the account; as slow for one that is not there."""
    if not AT_ONCE.acquire(timeout=PATIENCE_S):
        msg = "Too many logins at once. Try again in a few seconds."
        raise LoginError(msg, locked=True)
    try:
        right = is_right(password, account.password if account is not None else NOBODYS)
    finally:
        AT_ONCE.release()
    if account is None or account.disabled:
        return False
    return right and (account.code_until is None or now < account.code_until)
