"""A group of commands as a table: each is loaded by name when it is called, and nobody waits for another's libraries.

Must not name a command.
"""

import importlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import click

from edge.errors import UserError

OURS: Final = ("edge", "models", "provisioning")
"""A module of ours that is missing is a defect, not a library that the user can install."""


class Row(NamedTuple):
    """Where a command stands, what it is for, and the extra of the install that brings its libraries."""

    module: str
    attribute: str
    purpose: str
    extra: str = "hq"


class CommandTable(click.Group):
    """A click group whose commands are the rows of a table, by name."""

    def __init__(self, rows: Mapping[str, Row], **given: Any) -> None:
        super().__init__(**given)
        self.rows = rows

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every name."""
        return sorted(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name. Raises UserError where a library that it needs is not installed."""
        row = self.rows.get(cmd_name)
        if row is None:
            return None
        try:
            command = getattr(importlib.import_module(row.module), row.attribute)
        except ModuleNotFoundError as error:
            raise not_installed(error, f"{ctx.command_path} {cmd_name}", row.extra) from error
        assert isinstance(command, click.Command)  # noqa: S101 - the table says so
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Raises UserError where a library is missing that it imports only as it runs."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            name = ctx.invoked_subcommand or ""
            raise not_installed(error, f"{ctx.command_path} {name}", self.rows[name].extra) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """The table, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.rows[name].purpose) for name in sorted(self.rows)])


def not_installed(error: ModuleNotFoundError, command: str, extra: str) -> UserError:
    """What to install. Raises the error as it is where the module is one of ours."""
    if error.name is None or error.name.partition(".")[0] in OURS:
        raise error
    install = f"pip install 'roundsman[{extra}]' (in a clone: pip install '.[{extra}]')"
    return UserError(f"`{command}` needs {error.name}; {install}")
