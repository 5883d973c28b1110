"""``roundsman hq user …``, ``hq key …``: who may log in to the pages. Must not do anything but read, call, print.

A password is asked for, unseen; none is an argument, as others see arguments. What is called is imported when it is.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.headquarters.accounts.roles import MACHINES, ROLES
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.options import CONFIG, database_at
from edge.text.config import load

if TYPE_CHECKING:
    from edge.headquarters.store import Account

NAME = click.argument("name")
AS_ROLE = click.option("--role", type=click.Choice(ROLES), required=True, help="What the account may see and do.")
CODE = click.option("--code", is_flag=True, help="Print a one-time code instead of asking for a password.")


@click.group("user")
def user() -> None:
    """Accounts of headquarters' pages: add, list, role, password, disable, enable, unlock."""


@user.command("add")
@NAME
@AS_ROLE
@click.option("--officer", help="The roster id of the account's owner, who may then see who viewed that record.")
@CODE
@CONFIG
def add_command(name: str, role: str, officer: str | None, code: bool, config_path: Path) -> None:
    """Add an account; asks twice for its password (hidden), or prints a one-time code that its owner replaces."""
    from edge.headquarters.access.changes import KEYBOARD, add_account  # noqa: PLC0415 - see the module's docstring

    config = load(HeadquartersConfig, config_path)
    password = None if code else _new_password(name)
    with database_at(config.database) as store:
        made, given = add_account(store, name, role, password, KEYBOARD, time.time(), officer)
    click.echo(f"account {made.name} added with role {role}")
    _show(given)


@user.command("list")
@CONFIG
def list_command(config_path: Path) -> None:
    """List every account with its role."""
    with database_at(load(HeadquartersConfig, config_path).database) as store:
        accounts = store.accounts()
    for one in accounts:
        click.echo(f"{one.name}  {one.role}{_state(one)}")
    if not accounts:
        click.echo("No accounts yet; add the first with `roundsman hq user add NAME --role admin`.")


@user.command("role")
@NAME
@click.argument("role", type=click.Choice(ROLES))
@CONFIG
def role_command(name: str, role: str, config_path: Path) -> None:
    """Give an account another role; its sessions end."""
    from edge.headquarters.access.changes import KEYBOARD, change_role  # noqa: PLC0415

    with database_at(load(HeadquartersConfig, config_path).database) as store:
        change_role(store, name, role, KEYBOARD, time.time())
    click.echo(f"account {name}: role {role}; its sessions ended")


@user.command("officer")
@NAME
@click.argument("officer", required=False)
@CONFIG
def officer_command(name: str, officer: str | None, config_path: Path) -> None:
    """Set the roster id of an account's owner, or remove it."""
    from edge.headquarters.access.changes import KEYBOARD, change_officer  # noqa: PLC0415

    with database_at(load(HeadquartersConfig, config_path).database) as store:
        change_officer(store, name, officer, KEYBOARD, time.time())
    click.echo(f"account {name}: officer {officer or 'none'}")


@user.command("password")
@NAME
@CODE
@CONFIG
def password_command(name: str, code: bool, config_path: Path) -> None:
    """Set another password, or print a one-time code; the account's sessions end."""
    from edge.headquarters.access.changes import KEYBOARD, known_account, reset_password  # noqa: PLC0415

    config = load(HeadquartersConfig, config_path)
    with database_at(config.database) as store:
        known = known_account(store, name).name
    password = None if code else _new_password(known)
    with database_at(config.database) as store:
        given = reset_password(store, known, password, KEYBOARD, time.time())
    click.echo(f"account {known}: password set; its sessions ended")
    _show(given)


@user.command("disable")
@NAME
@CONFIG
def disable_command(name: str, config_path: Path) -> None:
    """Let an account log in no more; its sessions end."""
    _set_disabled(name, config_path, disabled=True)


@user.command("enable")
@NAME
@CONFIG
def enable_command(name: str, config_path: Path) -> None:
    """Let a disabled account log in again."""
    _set_disabled(name, config_path, disabled=False)


@user.command("unlock")
@NAME
@CONFIG
def unlock_command(name: str, config_path: Path) -> None:
    """Forget an account's failed logins."""
    from edge.headquarters.access.changes import KEYBOARD, unlock  # noqa: PLC0415

    with database_at(load(HeadquartersConfig, config_path).database) as store:
        unlock(store, name, KEYBOARD, time.time())
    click.echo(f"account {name}: unlocked")


@click.group("key")
def key() -> None:
    """Keys of machines that read or report over HTTP: add, list, revoke."""


@key.command("add")
@NAME
@click.option("--scope", "scopes", type=click.Choice(sorted(MACHINES)), multiple=True, required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day (UTC) it is valid.")
@CONFIG
def key_add_command(name: str, scopes: tuple[str, ...], until: datetime, config_path: Path) -> None:
    """Add a key and print it, once. The machine sends it as `Authorization: Bearer KEY`."""
    from edge.headquarters.access.changes import KEYBOARD  # noqa: PLC0415
    from edge.headquarters.access.machines import add_key  # noqa: PLC0415

    ends = (until.replace(tzinfo=UTC) + timedelta(days=1)).timestamp()
    with database_at(load(HeadquartersConfig, config_path).database) as store:
        click.echo(add_key(store, name, scopes, ends, KEYBOARD, time.time()))
    click.echo("This is shown once; headquarters holds only its hash.", err=True)


@key.command("list")
@CONFIG
def key_list_command(config_path: Path) -> None:
    """List every key with its scopes and its end."""
    with database_at(load(HeadquartersConfig, config_path).database) as store:
        for one in store.machine_keys():
            ends = "revoked" if one.revoked is not None else f"until {datetime.fromtimestamp(one.expires - 1, UTC):%F}"
            click.echo(f"{one.name}  {one.scopes}  {ends}")


@key.command("revoke")
@NAME
@CONFIG
def key_revoke_command(name: str, config_path: Path) -> None:
    """Let a key open nothing any more."""
    from edge.headquarters.access.changes import KEYBOARD  # noqa: PLC0415
    from edge.headquarters.access.machines import revoke_key  # noqa: PLC0415

    with database_at(load(HeadquartersConfig, config_path).database) as store:
        revoke_key(store, name, KEYBOARD, time.time())
    click.echo(f"key {name}: revoked")


def _set_disabled(name: str, config_path: Path, *, disabled: bool) -> None:
    from edge.headquarters.access.changes import KEYBOARD, set_disabled  # noqa: PLC0415

    with database_at(load(HeadquartersConfig, config_path).database) as store:
        set_disabled(store, name, disabled, KEYBOARD, time.time())
    click.echo(f"account {name}: {'disabled; its sessions ended' if disabled else 'enabled'}")


def _new_password(name: str) -> str:
    """Asked for twice, unseen. Raises UserError for one that is not accepted."""
    from edge.headquarters.accounts.passwords import LEAST  # noqa: PLC0415

    question = f"Password of {name} (at least {LEAST} characters)"
    return str(click.prompt(question, hide_input=True, confirmation_prompt="Repeat it"))


def _show(code: str | None) -> None:
    if code is not None:
        click.echo(f"one-time code, valid for 72 hours: {code}")


def _state(account: "Account") -> str:
    parts = [
        f"officer {account.officer}" if account.officer else "",
        "one-time code not used yet" if account.code_until is not None else "",
        "disabled" if account.disabled else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"  ({said})" if said else ""
