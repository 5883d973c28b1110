"""``roundsman models train``: what an analyst calls. Words in, calls out, nothing else."""

from datetime import date
from pathlib import Path
from typing import Literal

import click

from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from edge.risk.counts import save_counts
from edge.risk.days import save_days
from edge.risk.layers import save_layers
from models.export.inputs import Inputs, read_inputs
from models.export.write import VALID_DAYS, write
from models.features.recipes import recipe_of
from models.train.backend import locally, on_dask
from models.train.candidates import WORDS
from models.train.job import Job, Result
from models.train.settings import Settings
from models.train.trained import holdings


@click.command()
@click.argument("directory", metavar="AGENCY_DIR", type=Path)
@click.argument("incidents", metavar="INCIDENTS.parquet", type=Path)
@click.option("--out", type=Path, required=True, help="The directory to write counts, features and models to.")
@click.option("--features", type=Path, help="The directory that `roundsman models layers` wrote.")
@click.option("--types", help="Crime types, separated by commas.  [default: all that have incidents]")
@click.option("--without", default="", help="Feature groups to leave out, separated by commas.")
@click.option("--seed", type=click.IntRange(0, 10_000), default=0, show_default=True)
@click.option(
    "--until",
    help="YYYY-MM-DD: use only what was known before this day.  [default: the day after the last complete one]",
)
@click.option(
    "--valid-days",
    type=click.IntRange(1, 3650),
    default=VALID_DAYS,
    show_default=True,
    help="Days the models are valid, counted from the end of the data.",
)
@click.option(
    "--ablation/--no-ablation",
    default=True,
    help="Measure what each feature group contributes (trains once per group).",
)
@click.option("--backend", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", help="The address of a Dask scheduler.  [default: processes on this machine]")
def train(
    directory: Path,
    incidents: Path,
    out: Path,
    features: Path | None,
    types: str | None,
    without: str,
    seed: int,
    until: str | None,
    valid_days: int,
    ablation: bool,
    backend: Literal["local", "dask"],
    scheduler: str | None,
) -> None:
    """Train a model for each crime type; the same seed and incidents give the same files."""
    inputs = read_inputs(directory, incidents, features)
    world, day = inputs.world, _day(until, inputs.world.counts.last + 1)
    off = _off(without, inputs)
    _check_days(inputs, day + valid_days, features)
    jobs = [Job(world, kind, day, Settings(), seed, off, ablation) for kind in _kinds(types, inputs, day)]
    _save_tables(out, inputs, day)
    with click.progressbar(length=len(jobs), label="Training") as bar:
        results = locally(jobs, bar.update) if backend == "local" else on_dask(jobs, bar.update, scheduler)
        pairs = zip(jobs, results, strict=True)
        cards = [_written(out, inputs, job, each, valid_days, types is not None) for job, each in pairs]
    for line in cards:
        click.echo(line)


def _written(out: Path, inputs: Inputs, job: Job, result: Result | str, valid_days: int, asked: bool) -> str:
    """The line of a type; one that nobody asked for by name may have too little to train on."""
    if isinstance(result, Result):
        return _write(out, inputs, result, valid_days)
    if asked:
        raise UserError(result)
    return f"{CRIME_TYPES[job.kind]}: no model; {result}"


def _write(out: Path, inputs: Inputs, result: Result, valid_days: int) -> str:
    evaluated = holdings(result.trained.recipe) if result.findings.figures.each else ()
    write(
        result.trained, out / "models", inputs.place, result.drawn, inputs.facts, result.findings, evaluated, valid_days
    )
    trained = result.trained
    what = WORDS[trained.chosen]
    return f"{out / 'models' / trained.crime_type}.onnx: {trained.events:,} incidents; {what[0].lower()}{what[1:]}"


def _check_days(inputs: Inputs, expires: int, features: Path | None) -> None:
    """Raises UserError where the table of days ends before the models do: holidays would silently be none."""
    days = inputs.world.days
    if days.columns and days.last < expires - 1:
        ends, wanted = (date.fromordinal(day).isoformat() for day in (days.last, expires - 1))
        msg = (
            f"{features}: days.npz ends on {ends}, but the models are valid until {wanted}; set `last` of [days] in"
            " features.toml later and run `roundsman models layers` again, or give fewer --valid-days"
        )
        raise UserError(msg)


def _save_tables(out: Path, inputs: Inputs, until: int) -> None:
    try:
        (out / "models").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{out}: {error.strerror}; give a directory that can be created"
        raise UserError(msg) from error
    save_counts(out / "counts.npz", inputs.world.counts.known_before(until))
    save_layers(out / "layers.npz", inputs.world.layers)
    save_days(out / "days.npz", inputs.world.days)


def _kinds(types: str | None, inputs: Inputs, until: int) -> list[int]:
    """The types asked for, or all that have an incident before the day."""
    known = inputs.world.counts.known_before(until)
    if types is None:
        return [kind for kind in range(len(CRIME_TYPES)) if (known.kind == kind).any()]
    names = [name.strip() for name in types.split(",")]
    if unknown := [name for name in names if name not in CRIME_TYPES]:
        msg = f"--types: {unknown[0]!r} is not a forecast crime type; choose from {', '.join(CRIME_TYPES)}"
        raise UserError(msg)
    return [CRIME_TYPES.index(name) for name in dict.fromkeys(names)]


def _off(without: str, inputs: Inputs) -> tuple[str, ...]:
    """The groups to switch off. Raises UserError for one that no type of this agency has."""
    off = tuple(group for group in without.split(",") if group)
    known = {group for kind in range(len(CRIME_TYPES)) for group in recipe_of(inputs.world, kind).groups}
    if unknown := [group for group in off if group not in known]:
        msg = f"--without {unknown[0]}: no such feature group; available: {', '.join(sorted(known))}"
        raise UserError(msg)
    return off


def _day(text: str | None, usual: int) -> int:
    if text is None:
        return usual
    try:
        day = date.fromisoformat(text).toordinal()
    except ValueError as error:
        msg = f"--until {text}: must be a date such as 2018-01-01"
        raise UserError(msg) from error
    if day > usual:
        msg = (
            f"--until {text}: is after the incidents end; the latest possible is {date.fromordinal(usual).isoformat()}"
        )
        raise UserError(msg)
    return day
