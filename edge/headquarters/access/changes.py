"""Changes of accounts, each with its entry in the audit log: who may log in, in which role, with which password.

Whoever loses a role, a password or the account loses every session at once. Must not read a password from anywhere.
"""

from dataclasses import dataclass, replace
from typing import get_args

from edge.errors import UserError
from edge.headquarters.accounts.lifetime import CODE_S
from edge.headquarters.accounts.names import new_name
from edge.headquarters.accounts.passwords import hash_code, hash_password, is_right, one_time_code
from edge.headquarters.accounts.roles import Role
from edge.headquarters.store import Account, Done, Store


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change; an empty account: a command at headquarters' own keyboard."""

    account: str = ""
    role: str = ""
    address: str = ""

    def did(self, action: str, subject: str = "", detail: str = "") -> Done:
        """The audit log's entry of it."""
        return Done(self.account, self.role, action, subject, detail, self.address)


KEYBOARD = By()


def add_account(
    store: Store, name: str, role: str, password: str | None, by: By, now: float, officer: str | None = None
) -> tuple[Account, str | None]:
    """Make an account; and the one-time code that opens it where no password is given. Raises UserError."""
    own = new_name(name)
    code = one_time_code() if password is None else None
    hashed = hash_code(code) if code is not None else hash_password(password or "", own)
    made = Account(own, _role(role), hashed, now + CODE_S if code is not None else None, False, officer, now)
    with store.transaction():
        if not store.put_account(made):
            msg = f"account {own}: there is one already; choose another name"
            raise UserError(msg)
        of = f", officer {officer}" if officer else ""
        store.audit(by.did("account.added", own, f"role {role}{of}"), now)
    return made, code


def change_role(store: Store, name: str, role: str, by: By, now: float) -> None:
    """Give an account another role; its sessions end. Raises UserError."""
    before = known_account(store, name)
    with store.transaction():
        store.change_account(replace(before, role=_role(role)))
        store.end_sessions(before.name)
        store.audit(by.did("account.role", before.name, f"{before.role} to {role}"), now)


def change_officer(store: Store, name: str, officer: str | None, by: By, now: float) -> None:
    """Say which officer of the roster an account's owner is. Raises UserError."""
    before = known_account(store, name)
    with store.transaction():
        store.change_account(replace(before, officer=officer))
        store.audit(by.did("account.officer", before.name, f"officer {officer or 'none'}"), now)


def reset_password(store: Store, name: str, password: str | None, by: By, now: float) -> str | None:
    """Another password, or a one-time code, which is returned; its sessions end. Raises UserError."""
    before = known_account(store, name)
    code = one_time_code() if password is None else None
    hashed = hash_code(code) if code is not None else hash_password(password or "", before.name)
    until = now + CODE_S if code is not None else None
    _put_password(store, replace(before, password=hashed, code_until=until), "account.password_reset", by, now)
    return code


def choose_password(store: Store, account: Account, old: str, new: str, by: By, now: float) -> None:
    """An owner's own choice; every session of the account ends. Raises UserError."""
    if not is_right(old, account.password):
        msg = "the present password is not correct; type it again"
        raise UserError(msg)
    if old == new:
        msg = "the new password is the present one; choose another"
        raise UserError(msg)
    chosen = replace(account, password=hash_password(new, account.name), code_until=None)
    _put_password(store, chosen, "account.password_changed", by, now)


def _put_password(store: Store, account: Account, action: str, by: By, now: float) -> None:
    with store.transaction():
        store.change_account(account)
        store.end_sessions(account.name)
        store.forgive("account", account.name)
        store.audit(by.did(action, account.name), now)


def set_disabled(store: Store, name: str, disabled: bool, by: By, now: float) -> None:
    """Close an account or open it again; its sessions end. Raises UserError."""
    before = known_account(store, name)
    with store.transaction():
        store.change_account(replace(before, disabled=disabled))
        store.end_sessions(before.name)
        store.audit(by.did("account.disabled" if disabled else "account.enabled", before.name), now)


def unlock(store: Store, name: str, by: By, now: float) -> None:
    """Forgive failed logins. Raises UserError."""
    own = known_account(store, name).name
    with store.transaction():
        store.forgive("account", own)
        store.audit(by.did("account.unlocked", own), now)


def known_account(store: Store, name: str) -> Account:
    """The account of a name. Raises UserError where there is none."""
    account = store.account(new_name(name))
    if account is None:
        msg = f"account {name!r:.70}: there is none of that name; `roundsman hq user list` shows all"
        raise UserError(msg)
    return account


def _role(role: str) -> str:
    if role not in get_args(Role):
        msg = f"role {role!r:.40}: choose one of {', '.join(get_args(Role))}"
        raise UserError(msg)
    return role
