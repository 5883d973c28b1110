"""``roundsman models …``: the table of training's commands, each loaded by name when it is called.

Who calls one of them does not wait for the libraries of another. Must not hold a command of its own.
"""

import importlib
from typing import Final

import click

from edge.errors import UserError

COMMANDS: Final = {
    "card": ("models.export.card_command", "card", "Put an evaluation's figures into the models' cards."),
    "context": (
        "models.daily.context",
        "context",
        "What has happened since a bundle was made, for signing.",
    ),
    "count": ("models.count.commands", "count", "Count imported incidents by box, type, shift and day."),
    "evaluate": ("models.evaluate.commands", "evaluate", "Roll forecasts over a past year, beside simple rivals."),
    "forecast": ("models.daily.forecast", "forecast_command", "What a bundle expects of every box in a shift."),
    "ingest": ("models.ingest.commands", "ingest", "Import an agency's incidents by a mapping file."),
    "layers": ("models.features.commands", "layers", "Make the features that are not counts: places, weather, events."),
    "train": ("models.export.train_command", "train", "Train a model for each crime type."),
}
"""Name: module, attribute, and what it is for."""


class Table(click.Group):
    """Commands loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of a name. Raises UserError where training's libraries are not installed."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] in ("edge", "models"):
                raise
            install = "pip install 'roundsman[train]' (in a clone: pip install '.[train]')"
            msg = f"`roundsman models {cmd_name}` needs {error.name}; {install}"
            raise UserError(msg) from error
        assert isinstance(command, click.Command)  # noqa: S101 - the table above says so
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """The table, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in sorted(COMMANDS)])


@click.command(cls=Table)
def models() -> None:
    """From an agency's incidents to explained models: import, train, evaluate, forecast."""
