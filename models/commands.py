"""``roundsman models …``: the table of training's commands, each loaded by name when it is called.

Who calls one of them does not wait for the libraries of another. Must not hold a command of its own.
"""

from typing import Final

import click

from edge.command_table import CommandTable, Row

_ROWS: Final = {
    "card": ("models.export.card_command", "card", "Add an evaluation's figures to the models' cards."),
    "context": (
        "models.daily.context",
        "context",
        "Make the daily context: what has changed since a bundle, for headquarters to sign.",
    ),
    "count": ("models.count.commands", "count", "Count imported incidents by box, type, shift and day."),
    "evaluate": ("models.evaluate.commands", "evaluate", "Test forecasts on a past year against simple baselines."),
    "forecast": ("models.daily.forecast", "forecast_command", "Forecast every box for a shift from a bundle."),
    "ingest": ("models.ingest.commands", "ingest", "Import an agency's incidents by a mapping file."),
    "layers": ("models.features.commands", "layers", "Build the features other than counts: places, weather, events."),
    "look": ("models.look.commands", "look", "Look at an unknown export and draft its mapping."),
    "train": ("models.export.train_command", "train", "Train a model for each crime type."),
}
COMMANDS: Final = {name: Row(*row, extra="train") for name, row in _ROWS.items()}


@click.command(cls=CommandTable, rows=COMMANDS)
def models() -> None:
    """From an agency's incidents to explained models: import, train, evaluate, forecast."""
