"""``roundsman models card``: what an analyst calls. Words in, calls out, nothing else."""

from pathlib import Path

import click

from edge.errors import UserError
from models.export.evaluated import evaluated_types, put_into_card


@click.command()
@click.argument("directory", metavar="MODELS_DIR", type=Path)
@click.argument("evaluation", metavar="EVALUATION.json", type=Path)
def card(directory: Path, evaluation: Path) -> None:
    """Put the figures of EVALUATION.json, as models evaluate wrote it, into the card of every model in MODELS_DIR."""
    types = sorted(path.stem for path in directory.glob("*.onnx"))
    if not types:
        msg = f"{directory}: contains no models; give the models folder that `roundsman models train` wrote"
        raise UserError(msg)
    judged = evaluated_types(evaluation)
    for crime_type in types:
        if crime_type not in judged:
            click.echo(f"{directory / crime_type}.card.md: not changed; {evaluation} has no {crime_type}")
            continue
        put_into_card(directory, crime_type, evaluation)
        click.echo(f"{directory / crime_type}.card.md: updated with the figures of {evaluation}")
