"""``roundsman models forecast``: what a bundle expects of every box in a shift, or in some days together.

The very computation of the car, printed: of a shift with each group's share, of days as files. Must not draw a plan.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from edge.contract.agency import Agency, load_agency
from edge.contract.context import load_context
from edge.errors import UserError
from edge.risk.explain import factors_of
from edge.risk.forecast import Forecast, forecast, known_for, open_bundle, require_models
from edge.risk.update import load_world
from edge.text.words import say
from models.daily.forecast_files import write_csv, write_geojson
from models.daily.period import PeriodForecast, forecast_period

MOST_DAYS = 62
"""Two months: a bundle's models are valid for three."""
MOST_SHOWN = 20
MILLION = 1e6


def forecast_of(bundle: Path, shift: str, context_path: Path | None = None) -> tuple[Agency, Forecast, tuple[str, ...]]:
    """The forecast of a bundle, and what is to be said of it. Raises UserError where it has no model that may be used.

    ``context_path``: a context, not signed yet.
    """
    agency = load_agency(bundle)
    opened = open_bundle(bundle, agency)
    require_models(opened, bundle)
    given = load_context(context_path) if context_path is not None else None
    world, _, remarks = known_for(load_world(bundle, agency), agency, shift, given)
    made = forecast(opened, world, agency, shift)
    return agency, made, tuple(map(say, (*opened.refused, *remarks, *made.remarks)))


def rows_of(agency: Agency, made: Forecast) -> Iterator[dict[str, Any]]:
    """One row a box and type. ``share``: each group's factor; they multiply to ``times``, of the average box."""
    boxes = sorted(agency.grid.boxes.values(), key=lambda box: box.number)
    for name, one in made.types.items():
        factors = factors_of(one, made.index)
        for box in boxes:
            at = box.number - 1
            yield {
                "box": box.id,
                "number": box.number,
                "district": box.district,
                "opt_out": box.opt_out,
                "crime_type": name,
                "expected": int(one.units[at]) / MILLION,
                "times": float(factors.times[at]),
                "share": {group: float(factors.values[at, index]) for index, group in enumerate(factors.names)},
                "percentile": float(one.percentile[at]),
            }


@click.command("forecast")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The date the shift starts, or the first of the days.  [default with --days: the day after the incidents end]",
)
@click.option("--shift", help="The shift's name, such as night.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="Forecast so many days together instead, all shifts.")
@click.option(
    "--context", "context_path", type=click.Path(path_type=Path), help="The context that `models context` wrote."
)
@click.option("--json", "as_json", is_flag=True, help="Of a shift: print every box and crime type as JSON.")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Of days: write every box to this CSV file.")
@click.option(
    "--geojson", "geojson_path", type=click.Path(path_type=Path), help="Of days: write the boxes as polygons."
)
def forecast_command(
    bundle: Path,
    day: datetime | None,
    shift: str | None,
    days: int | None,
    context_path: Path | None,
    as_json: bool,
    csv_path: Path | None,
    geojson_path: Path | None,
) -> None:
    """What BUNDLE expects by box and crime type: of a shift with each group's share; of days, with files to map."""
    files = csv_path is not None or geojson_path is not None
    if days is not None and shift is None and not as_json:
        made = forecast_period(bundle, day.date() if day is not None else None, days, context_path)
        _tell_period(made, csv_path, geojson_path)
    elif days is None and shift is not None and day is not None and not files:
        _tell_shift(bundle, f"{day.date().isoformat()}/{shift}", context_path, as_json)
    else:
        msg = "give --date and --shift (with --json for all boxes), or --days (with --csv and --geojson for files)"
        raise UserError(msg)


def _tell_shift(bundle: Path, shift_id: str, context_path: Path | None, as_json: bool) -> None:
    agency, made, said = forecast_of(bundle, shift_id, context_path)
    rows = list(rows_of(agency, made))
    for sentence in said:
        click.echo(sentence, err=True)
    if as_json:
        head = {"agency": agency.id, "bundle": agency.hash, "shift": shift_id, "known_to": made.known_to.isoformat()}
        click.echo(json.dumps({**head, "inputs": made.inputs, "output": made.output, "rows": rows}))
        return
    click.echo(f"{agency.name}, {shift_id}: incidents counted through {made.known_to}")
    for name, one in made.types.items():
        click.echo(f"\n{name}: {one.units.sum() / MILLION:.2f} expected; the {MOST_SHOWN} highest-risk boxes")
        mine = sorted((row for row in rows if row["crime_type"] == name), key=lambda row: -row["expected"])
        for row in mine[:MOST_SHOWN]:
            factors = ", ".join(f"{group} ×{factor:.2f}" for group, factor in row["share"].items())
            click.echo(f"  box {row['number']:5d}  {row['expected']:.4f}  ×{row['times']:.1f}  {factors}")


def _tell_period(made: PeriodForecast, csv_path: Path | None, geojson_path: Path | None) -> None:
    for sentence in made.remarks:
        click.echo(sentence, err=True)
    click.echo(f"{made.agency.name}, {made.first} to {made.last}: incidents counted through {made.known_to}")
    for name, units in made.expected.items():
        click.echo(f"  {name}: {units.sum() / MILLION:.2f} expected")
    for path, write in ((csv_path, write_csv), (geojson_path, write_geojson)):
        if path is not None:
            write(made, path)
            click.echo(f"{path}: {len(made.agency.grid.boxes)} boxes")
