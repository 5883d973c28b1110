"""``roundsman hq user``, ``hq key``: accounts by command; a password is asked for, unseen, and never printed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edge.errors import UserError
from edge.headquarters.access.login import LoginError, log_in
from edge.headquarters.commands import hq
from edge.headquarters.store import Store

PASSWORD = "marble otter 19 lanterns"
NOW = 1_800_000_000.0


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration, and its empty database."""
    Store(tmp_path / "hq.sqlite").close()
    path = tmp_path / "hq.toml"
    path.write_text(f'agency = "{tmp_path}"\ndatabase = "{tmp_path / "hq.sqlite"}"\n')
    return path


def run(config: Path, *args: str, typed: str = "") -> Result:
    """One command that must succeed."""
    done = CliRunner().invoke(hq, [*args, "--config", str(config)], input=typed, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_the_first_administrator_is_made_by_command(config: Path) -> None:
    """There is no account before, and no password but the one that is typed twice, unseen."""
    assert "No accounts yet" in run(config, "user", "list").output
    done = run(config, "user", "add", "Meyer", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in done.output
    assert run(config, "user", "list").output == "meyer  admin\n"
    with Store(config.with_name("hq.sqlite")) as store:
        assert log_in(store, "meyer", PASSWORD, "127.0.0.1", "", NOW)


def test_a_one_time_code_is_printed_instead(config: Path) -> None:
    """For somebody else, who chooses a password at the first login."""
    done = run(config, "user", "add", "lopez", "--role", "officer", "--officer", "4711", "--code")
    code = done.output.split()[-1]
    assert "lopez  officer  (officer 4711, one-time code not used yet)" in run(config, "user", "list").output
    assert run(config, "user", "password", "lopez", "--code").output.split()[-1] != code
    run(config, "user", "password", "lopez", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "not used yet" not in run(config, "user", "list").output


def test_an_account_is_changed_by_command(config: Path) -> None:
    """Role, officer, disabled, enabled, unlocked."""
    run(config, "user", "add", "meyer", "--role", "analyst", "--code")
    run(config, "user", "role", "meyer", "auditor")
    run(config, "user", "officer", "meyer", "4712")
    run(config, "user", "disable", "meyer")
    assert "meyer  auditor  (officer 4712, one-time code not used yet, disabled)" in run(config, "user", "list").output
    run(config, "user", "enable", "meyer")
    run(config, "user", "officer", "meyer")
    run(config, "user", "unlock", "meyer")
    assert "meyer  auditor  (one-time code not used yet)" in run(config, "user", "list").output


@pytest.mark.parametrize(
    ("args", "typed", "why"),
    [
        (["user", "add", "two words", "--role", "admin", "--code"], "", "account name 'two words'"),
        (["user", "add", "meyer", "--role", "admin"], "short\nshort\n", "a password has 12 to 128 characters"),
        (["user", "role", "nobody", "admin"], "", "there is none of that name"),
        (["user", "password", "nobody"], "", "there is none of that name"),
        (["key", "add", "cad", "--scope", "status.report", "--until", "2020-01-01"], "", "last day is over"),
        (["key", "revoke", "cad"], "", "there is none of that name in force"),
    ],
)
def test_a_mistake_changes_nothing(args: list[str], typed: str, why: str, config: Path) -> None:
    """One sentence."""
    with pytest.raises(UserError, match=why):
        CliRunner().invoke(hq, [*args, "--config", str(config)], input=typed, catch_exceptions=False)
    with Store(config.with_name("hq.sqlite")) as store:
        assert (store.accounts(), store.machine_keys(), list(store.audit_rows())) == ([], [], [])


def test_a_disabled_account_cannot_log_in(config: Path) -> None:
    """Whatever its password."""
    run(config, "user", "add", "meyer", "--role", "analyst", typed=f"{PASSWORD}\n{PASSWORD}\n")
    run(config, "user", "disable", "meyer")
    with Store(config.with_name("hq.sqlite")) as store, pytest.raises(LoginError):
        log_in(store, "meyer", PASSWORD, "127.0.0.1", "", NOW)


def test_a_machines_key_is_printed_once(config: Path) -> None:
    """The database has its hash alone; the list has its scopes and its end."""
    key = run(config, "key", "add", "cad", "--scope", "status.report", "--until", "2099-12-31").stdout.strip()
    assert key.startswith("roundsman_")
    assert run(config, "key", "list").output == "cad  status.report  until 2099-12-31\n"
    assert not any(key.encode() in file.read_bytes() for file in config.parent.glob("hq.sqlite*"))
    run(config, "key", "revoke", "cad")
    assert run(config, "key", "list").output == "cad  status.report  revoked\n"
