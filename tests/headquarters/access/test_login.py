"""Logins and sessions on both databases: lock-outs, ends, and what is left of a password."""

import threading

import pytest

from edge.errors import UserError
from edge.headquarters.access.changes import (
    KEYBOARD,
    add_account,
    change_role,
    choose_password,
    reset_password,
    set_disabled,
    unlock,
)
from edge.headquarters.access.login import LoginError, key_of, log_in, log_out, user_of
from edge.headquarters.accounts.lifetime import CODE_S, IDLE_S, LONGEST_S
from edge.headquarters.accounts.lock_out import LOCK_S, TRIES
from edge.headquarters.address import Address
from edge.headquarters.store import Store

NOW = 1_800_000_000.0
PASSWORD = "marble otter 19 lanterns"
OFFICE = "192.0.2.7"


@pytest.fixture
def desk(store: Store) -> Store:
    """A store with one analyst."""
    add_account(store, "Meyer", "analyst", PASSWORD, KEYBOARD, NOW)
    return store


def enter(store: Store, password: str = PASSWORD, now: float = NOW, name: str = "meyer", address: str = OFFICE) -> str:
    """Log in."""
    return log_in(store, name, password, address, "Firefox", now)


def test_the_right_password_opens_a_session(desk: Store) -> None:
    """Whatever the case of the name; the token is nowhere in the database."""
    token = enter(desk, name=" MEYER ")
    found = user_of(desk, token, NOW)
    assert found is not None
    assert (found[1].name, found[1].role, found[0].address, found[0].agent) == ("meyer", "analyst", OFFICE, "Firefox")
    assert user_of(desk, token[:-1], NOW) is None
    assert [one.key for one in desk.sessions("meyer")] == [key_of(token)] != [token]


def test_a_wrong_password_and_an_unknown_name_say_the_same(desk: Store) -> None:
    """Who tries learns nothing of which accounts there are."""
    said = set()
    for name, password in (("meyer", "wrong"), ("nobody", PASSWORD), ("<b>", PASSWORD), ("", "")):
        with pytest.raises(LoginError) as error:
            enter(desk, password, name=name)
        said.add((str(error.value), error.value.locked))
    assert len(said) == 1


@pytest.mark.parametrize("name", ["meyer", "nobody"])
def test_failed_logins_lock_the_account_wherever_they_come_from(name: str, desk: Store) -> None:
    """Even for the right password, and one that is not there alike; the lock ends, or an administrator ends it."""
    for number in range(TRIES["account"]):
        with pytest.raises(LoginError, match="not correct"):
            enter(desk, "wrong", name=name, address=f"192.0.2.{number}")
    with pytest.raises(LoginError, match="Try again in 15 min"):
        enter(desk, name=name, address="192.0.2.99")
    if name == "meyer":
        assert enter(desk, now=NOW + LOCK_S)
        unlock(desk, "meyer", KEYBOARD, NOW)
        assert enter(desk)


def test_failed_logins_lock_the_address_for_every_account(desk: Store) -> None:
    """One who tries a few passwords with many names; another address is not concerned."""
    for number in range(TRIES["address"]):
        with pytest.raises(LoginError, match="not correct"):
            enter(desk, "wrong", name=f"somebody{number}")
    with pytest.raises(LoginError, match="Too many"):
        enter(desk)
    assert enter(desk, address="198.51.100.1")


def test_right_logins_lock_no_office(desk: Store) -> None:
    """However many people share its address."""
    for _ in range(TRIES["address"] + 2):
        enter(desk)


def test_tries_at_once_are_as_many(desk: Store, database: Address) -> None:
    """Twelve threads: no more than five passwords are looked at."""
    refusals: list[bool] = []

    def attempt() -> None:
        with Store(database) as own:
            try:
                enter(own, "wrong")
            except LoginError as error:
                refusals.append(error.locked)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(110.0)
    assert sorted(refusals) == [False] * TRIES["account"] + [True] * (12 - TRIES["account"])


def test_a_session_ends_when_it_is_not_used(desk: Store) -> None:
    """Half an hour after the last request; and after twelve hours, however much it is used."""
    token = enter(desk)
    assert user_of(desk, token, NOW + IDLE_S - 1) is not None
    assert user_of(desk, token, NOW + IDLE_S + 60) is not None
    assert user_of(desk, token, NOW + 2 * IDLE_S + 60) is None
    token, now = enter(desk), NOW
    while now < NOW + LONGEST_S - 600:
        now += 600
        assert user_of(desk, token, now) is not None
    assert user_of(desk, token, NOW + LONGEST_S) is None


@pytest.mark.parametrize("what", ["logout", "disabled", "role", "password", "own password"])
def test_a_session_is_ended_from_here(what: str, desk: Store) -> None:
    """At once, wherever its cookie is."""
    token, other = enter(desk), enter(desk)
    found = user_of(desk, token, NOW)
    assert found is not None
    if what == "logout":
        log_out(desk, *found[:1], "analyst", NOW)
    elif what == "disabled":
        set_disabled(desk, "meyer", True, KEYBOARD, NOW)
        with pytest.raises(LoginError, match="not correct"):
            enter(desk)
    elif what == "role":
        change_role(desk, "meyer", "auditor", KEYBOARD, NOW)
    elif what == "password":
        reset_password(desk, "meyer", "copper kettle 40 bridges", KEYBOARD, NOW)
    else:
        choose_password(desk, found[1], PASSWORD, "copper kettle 40 bridges", KEYBOARD, NOW)
    assert user_of(desk, token, NOW) is None
    assert (user_of(desk, other, NOW) is None) == (what != "logout")


def test_a_one_time_code_opens_for_three_days(desk: Store) -> None:
    """And is no password any more once its owner has chosen one."""
    made, code = add_account(desk, "lopez", "command", None, KEYBOARD, NOW)
    assert code is not None
    enter(desk, code, name="lopez")
    with pytest.raises(LoginError):
        enter(desk, code, name="lopez", now=NOW + CODE_S)
    choose_password(desk, made, code, "copper kettle 40 bridges", KEYBOARD, NOW)
    with pytest.raises(LoginError):
        enter(desk, code, name="lopez", address="198.51.100.1")
    enter(desk, "copper kettle 40 bridges", name="lopez")


@pytest.mark.parametrize("name", ["", "x", "two words", "-dash", "a" * 64, "jo\u0301", "a/b"])
def test_a_name_that_cannot_be_is_refused(name: str, store: Store) -> None:
    """By what it may be of."""
    with pytest.raises(UserError, match="account name"):
        add_account(store, name, "analyst", PASSWORD, KEYBOARD, NOW)
    assert store.accounts() == []


def test_an_account_is_not_made_twice(desk: Store) -> None:
    """The one that is there stays as it is."""
    before = desk.account("meyer")
    with pytest.raises(UserError, match="there is one already"):
        add_account(desk, "MEYER", "admin", "copper kettle 40 bridges", KEYBOARD, NOW)
    assert desk.account("meyer") == before
    with pytest.raises(UserError, match="choose one of officer"):
        change_role(desk, "meyer", "chief", KEYBOARD, NOW)
    assert desk.account("meyer") == before


def test_each_change_is_in_the_audit_log_and_no_password(desk: Store) -> None:
    """Who, what, of whom; of a login that failed not even the name that was typed, which may be a password."""
    for name, password in (("meyer", "wrong horse"), (PASSWORD, "")):
        with pytest.raises(LoginError):
            enter(desk, password, name=name)
    enter(desk)
    rows = list(desk.audit_rows())
    assert [(row.account, row.action, row.subject) for row in rows] == [
        ("", "account.added", "meyer"),
        ("meyer", "login.failed", ""),
        ("(unknown)", "login.failed", ""),
        ("meyer", "login", ""),
    ]
    everything = b"".join(row.body for row in rows)
    assert not any(word in everything for word in (b"wrong", b"marble", b"argon2"))
