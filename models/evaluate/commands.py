"""``roundsman models evaluate``: words in, calls out, nothing else."""

from datetime import datetime
from pathlib import Path

import click

from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from models.evaluate.evaluation import Evaluation, evaluate_agency
from models.evaluate.period import REFIT_DAYS, Period

ORDER = ("theft", "robbery", "burglary", "motor_vehicle_theft", "aggravated_assault", "gunfire", "homicide")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("directory", type=Path, metavar="AGENCY_DIR")
@click.argument("incidents", type=Path, metavar="INCIDENTS.parquet")
@click.option("--from", "first", type=DAY, required=True, help="First day to forecast.")
@click.option("--to", "last", type=DAY, required=True, help="Last day to forecast.")
@click.option("--tune-from", "tune_first", type=DAY, required=True, help="First day used to tune the baselines.")
@click.option("--tune-to", "tune_last", type=DAY, required=True, help="Last day used to tune the baselines.")
@click.option("--features", type=Path, help="Folder that `models layers` wrote.  [default: AGENCY_DIR]")
@click.option("--out", type=Path, required=True, help="Folder for the JSON document and the plots.")
@click.option("--page", type=Path, help="The Markdown page to write.  [default: EVALUATION.md in --out]")
@click.option(
    "--work",
    type=Path,
    help="Folder for work in progress; an interrupted run resumes from it.  [default: work in --out]",
)
@click.option("--types", default=",".join(ORDER), show_default=True, help="Crime types, separated by commas.")
@click.option(
    "--lag", "lags", type=click.IntRange(0, 28), multiple=True, help="Days of delay in the data.  [default: 0]"
)
@click.option(
    "--refit-days", type=click.IntRange(1), default=REFIT_DAYS, show_default=True, help="Days between refits."
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Crime types to run in parallel.")
def evaluate(
    directory: Path,
    incidents: Path,
    first: datetime,
    last: datetime,
    tune_first: datetime,
    tune_last: datetime,
    features: Path | None,
    out: Path,
    page: Path | None,
    work: Path | None,
    types: str,
    lags: tuple[int, ...],
    refit_days: int,
    jobs: int,
) -> None:
    """Forecast each past day from what was known before it and compare with simple baselines.

    Started again, it resumes where it stopped.
    """
    spans = [day.date().isoformat() for day in (first, last, tune_first, tune_last)]
    evaluation = Evaluation(
        directory=directory,
        incidents=incidents,
        features=features,
        period=Period(spans[0], spans[1], spans[2], spans[3], refit_days),
        types=_types(types),
        lags=tuple(sorted({0, *lags})),
        work=work or out / "work",
    )
    for path in evaluate_agency(evaluation, out, page or out / "EVALUATION.md", jobs, click.echo):
        click.echo(f"{path}: written")


def _types(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in CRIME_TYPES:
            msg = f"--types: {name!r} is not a forecast crime type; choose from {', '.join(CRIME_TYPES)}"
            raise UserError(msg)
    return names
