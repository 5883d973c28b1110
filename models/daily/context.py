"""``roundsman models context``: what has happened since the bundle was made, as the document that headquarters signs.

Must not sign or number it: `roundsman hq publish-context` does.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from pydantic import ValidationError

from edge.contract.agency import Agency, load_agency
from edge.contract.context import ContextDoc, EventRow, WeatherDoc, load_context
from edge.contract.messages import encode, shortened
from edge.errors import UserError
from edge.risk.counts import WEIGHT, Counts, load_counts
from edge.risk.days import load_days
from edge.risk.events import Events, load_events
from edge.risk.update import rows_between
from edge.text.mistakes import explain
from edge.text.whole_file import write_whole

UNNUMBERED = 1
EVENT_DAYS = 14


def make_context(
    agency: Agency,
    base: Counts,
    now: Counts,
    day: date,
    events: Events | None = None,
    weather: tuple[WeatherDoc, ...] = (),
) -> ContextDoc:
    """The context of a date: from the bundle's counts to what was known at 00:00 of it.

    ``now``: the counts of all incidents imported to this day. Raises UserError where so much has changed that a new
    bundle is due, or ``now`` ends before the bundle does.
    """
    at = day.toordinal()
    last = min(now.last, at - 1)
    if last < base.last:
        until = date.fromordinal(base.last)
        msg = (
            f"the incidents end on {date.fromordinal(last)}, but the bundle's on {until}; import newer incidents first"
        )
        if now.last >= base.last:
            msg = f"--date {day}: the bundle already has the incidents through {until}; give a later date"
        raise UserError(msg)
    try:
        return ContextDoc(
            agency=agency.id,
            base=base.digest(),
            number=UNNUMBERED,
            date=day,
            complete=at - last,
            counts=rows_between(base, now, day),
            events=_events(events or Events.none(), at),
            weather=weather,
        )
    except ValidationError as error:
        msg = f"cannot make a context for {day}: {shortened(explain(error))}; build a new bundle"
        raise UserError(msg) from error


def context_of(
    bundle: Path,
    agency: Agency,
    now: Counts,
    day: date,
    events_path: Path | None = None,
    pairs: Sequence[str] = (),
) -> ContextDoc:
    """The context of a date upon the bundle in a directory. ``pairs``: see `weather_of`. Raises UserError."""
    events = load_events(events_path) if events_path is not None else None
    days = load_days(bundle / "days.npz").names if (bundle / "days.npz").exists() else ()
    return make_context(agency, load_counts(bundle / "counts.npz"), now, day, events, weather_of(pairs, days))


def _events(events: Events, at: int) -> tuple[EventRow, ...]:
    """Those of the next two weeks."""
    return tuple(
        (max(first - at, 0), min(last - at, EVENT_DAYS), shift, box + 1, size)
        for first, last, shift, box, size in events.rows()
        if first - at <= EVENT_DAYS and last >= at
    )


def weather_of(pairs: Sequence[str], columns: Collection[str]) -> tuple[WeatherDoc, ...]:
    """The weather expected on the context's date, from ``name=value``; ``columns``: those of the bundle's days.

    Raises UserError for a name that is no column, or a value that is no number.
    """
    values = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        if name not in columns:
            msg = f"--weather {pair}: the bundle has no column {name!r}; it has {', '.join(columns) or 'none'}"
            raise UserError(msg)
        try:
            values[name] = float(text)
        except ValueError as error:
            msg = f"--weather {pair}: {text!r} is not a number; write it as {name}=12.5"
            raise UserError(msg) from error
    return (WeatherDoc(ahead=0, values=values),) if values else ()


def with_timetables(made: ContextDoc, bundle: Path, agency: Agency, previous_path: Path) -> ContextDoc:
    """The context with the weekly timetables, which go on from those of the context before, or begin.

    Raises UserError where the file is no context of this agency, or the bundle cannot forecast.
    """
    from models.daily.timetable import timetables  # noqa: PLC0415 - scipy, for who wants them

    before = load_context(previous_path)
    if before.agency != agency.id:
        msg = f"{previous_path}: is the context of the agency {before.agency}, not of {agency.id}; give one of its own"
        raise UserError(msg)
    return made.model_copy(update={"timetables": timetables(bundle, agency, made, before)})


@click.command("context")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("incidents", type=click.Path(path_type=Path))
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The date of the context; it has what was known at 00:00.",
)
@click.option("--events", "events_path", type=click.Path(path_type=Path), help="Upcoming events: an events.npz.")
@click.option(
    "--weather",
    "pairs",
    multiple=True,
    help="Expected weather that day, name=value; name is a column of the bundle's days.",
)
@click.option(
    "--previous",
    "previous_path",
    type=click.Path(path_type=Path),
    help="The context written the day before: add a weekly timetable of plans, which goes on from the one in it.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The file to write, for `hq publish-context`."
)
def context(
    bundle: Path,
    incidents: Path,
    day: datetime,
    events_path: Path | None,
    pairs: tuple[str, ...],
    previous_path: Path | None,
    out: Path,
) -> None:
    """Write what has changed since BUNDLE was made, from all INCIDENTS imported to this day (incidents.parquet)."""
    from models.count.tally import tally  # noqa: PLC0415 - pandas, for who has incidents
    from models.ingest.incidents import read_incidents  # noqa: PLC0415

    agency = load_agency(bundle)
    now = tally(read_incidents(incidents), agency)
    made = context_of(bundle, agency, now.counts, day.date(), events_path, pairs)
    if previous_path is not None:
        made = with_timetables(made, bundle, agency, previous_path)
    body = encode(made)
    write_whole(out, body + b"\n")
    incidents_since = sum(row[5] for row in made.counts) / WEIGHT
    click.echo(f"{out}: {len(made.counts)} rows, {incidents_since:.0f} incidents since the bundle, {len(body):,} bytes")
    for one in made.timetables:
        boxes = len({box for shift in one.shifts for box in shift})
        click.echo(f"  weekly timetable of {one.district}: {boxes} boxes, {sum(map(len, one.shifts))} visits")
