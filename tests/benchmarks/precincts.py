"""Small agencies: single precincts of New York, each evaluated as an agency of its own, and their figures pooled.

``python -m tests.benchmarks.precincts FOLDER`` takes every tenth of the precincts by number, from the fifth on: a rule
made before any of them was looked at. ``… FOLDER 14 75`` takes those that are named. Each has a year of history (2014),
rivals tuned on its last quarter, and is judged on twelve weeks of 2015. What is in the folder already is not done anew,
so the command goes on where it was ended; it prints the tables of models/EVALUATION-small-agencies.md. Needs
../shared/data. Must not choose anything.
"""

import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

import models
from models.evaluate.baselines import NAMES, SIMPLE
from models.evaluate.figures import LABELS, MODEL
from models.evaluate.report import METHODS
from models.evaluate.statistics import Statistics, load
from models.evaluate.tables import between, number, percent, percent_between, table
from models.train.bootstrap import Weeks
from models.train.metrics import Floats
from tests.commands import ROUNDSMAN
from tests.conftest import SHARED_DATA

CITY: Final = Path(models.__file__).parent / "newyork"
DATA: Final = SHARED_DATA / "newyork"
TYPES: Final = ("theft", "robbery", "burglary", "aggravated_assault")
FIFTH, EVERY = 4, 10
DAYS: Final = 83
PERIOD: Final = (
    *("--from", "2015-01-01", "--to", "2015-03-24", "--tune-from", "2014-10-01", "--tune-to", "2014-12-31"),
    *("--refit-days", "84", "--types", ",".join(TYPES)),
)
ONE, FIVE = LABELS.index("1pct"), LABELS.index("5pct")
"""Of 40 boxes 1 % is less than one, and one is taken; 5 % are two."""

Daily = Mapping[str, Floats]
"""By method, float64[days, 4], of all precincts together: deviance, hits at 1 % and at 5 %, incidents."""


def main(folder: Path, named: Sequence[str]) -> None:
    """Evaluate each precinct, one after the other, and print what all are together."""
    folder.mkdir(parents=True, exist_ok=True)
    incidents, areas = folder / "incidents.parquet", _areas()
    if not incidents.exists():
        _run("models", "ingest", CITY / "mapping.toml", DATA / "felonies_2014_2015.parquet", "--out", incidents)
    chosen = named or [str(number) for number in sorted(map(int, areas))[FIFTH::EVERY]]
    for precinct in chosen:
        _evaluate(folder / precinct, precinct, areas[precinct], incidents)
    print(report(folder, chosen))  # noqa: T201 - what the command is for


def report(folder: Path, precincts: Sequence[str]) -> str:
    """The tables: all precincts together, by type; over each rival; and each precinct alone."""
    weeks = Weeks(DAYS)
    by_type = {name: pooled(folder, precincts, [name]) for name in TYPES}
    every = pooled(folder, precincts, TYPES)
    parts = [_by_type(weeks, {**by_type, "all four": every}), _over_each_rival(weeks, every), _each(folder, precincts)]
    return "\n\n".join(parts)


def pooled(folder: Path, precincts: Sequence[str], types: Sequence[str]) -> Daily:
    """The sums of some types over some precincts."""
    works = [load(_work(folder / one) / name / "statistics-0.npz") for one in precincts for name in types]
    return {method: np.sum([_daily(work[method]) for work in works], axis=0) for method in (MODEL, *NAMES)}


def _daily(of: Statistics) -> Floats:
    columns = (of.deviance, of.hits[..., ONE], of.hits[..., FIVE], of.observed)
    return np.stack([column.sum(axis=1) for column in columns], axis=1)


def _by_type(weeks: Weeks, types: Mapping[str, Daily]) -> str:
    """D² beside the one rival that is best of all precincts together, and hits beside the one that has most."""
    rows = []
    for name, of in types.items():
        rival = max(SIMPLE, key=lambda each: -of[each][:, 0].sum())
        hitting = [max(SIMPLE, key=lambda each: of[each][:, at].sum()) for at in (1, 2)]
        events = of[MODEL][:, 3].sum()
        rows.append(
            (
                name.replace("_", " "),
                f"{events:,.0f}",
                number(_d2(of, MODEL)),
                f"{number(_d2(of, rival))} ({METHODS[rival]})",
                between(_d2_gain(weeks, of, rival)),
                *(
                    f"{percent(of[MODEL][:, at].sum() / events)} / {percent(of[one][:, at].sum() / events)} "
                    f"({METHODS[one]})"
                    for at, one in zip((1, 2), hitting, strict=True)
                ),
            )
        )
    return table(
        ("", "incidents", "D²", "best rival's", "over it", "hits at 1%: model / best", "hits at 5%: model / best"), rows
    )


def _over_each_rival(weeks: Weeks, of: Daily) -> str:
    """All types together, beside each rival in turn."""
    rows = [
        (
            METHODS[name],
            between(_d2_gain(weeks, of, name)),
            *(percent_between(_more(weeks, of, name, at)) for at in (1, 2)),
        )
        for name in SIMPLE
    ]
    return table(("over", "D²", "hits at 1%", "hits at 5%"), rows)


def _each(folder: Path, precincts: Sequence[str]) -> str:
    """Each precinct alone: its size, what was chosen, and types below their best rival by more than the interval."""
    rows = []
    for one in precincts:
        (path,) = (folder / one / "evaluation").glob("*.json")
        document = json.loads(path.read_text(encoding="utf-8"))
        types: dict[str, Any] = document["types"]
        names = Counter(of["chosen"].replace("_", " ") for of in types.values())
        below = [name for name, of in types.items() if of["d2_over_best_simple"]["high"] < 0.0]
        gain = document["pooled"]["hit_1pct"]["gain_over_best_simple"]
        rows.append(
            (
                one,
                str(document["boxes"]),
                f"{sum(of['events'] for of in types.values()):,.0f}",
                ", ".join(f"{count} × {name}" for name, count in names.items()),
                ", ".join(below).replace("_", " ") or "none",
                f"{percent_between(gain)}, {METHODS[gain['rival']]}",
            )
        )
    head = ("precinct", "boxes", "incidents", "chosen", "D² below the best rival's", "hits at 1% over its best rival")
    return table(head, rows)


def _d2(of: Daily, method: str) -> float:
    return float(1.0 - of[method][:, 0].sum() / of["uniform"][:, 0].sum())


def _d2_gain(weeks: Weeks, of: Daily, rival: str) -> dict[str, float]:
    deviances = (of[name][:, 0] for name in (MODEL, rival, "uniform"))
    return weeks.interval(lambda a, b, u: (b - a) / u, *deviances)


def _more(weeks: Weeks, of: Daily, rival: str, at: int) -> dict[str, float]:
    return weeks.interval(lambda a, b: a / b - 1.0, of[MODEL][:, at], of[rival][:, at])


def _areas() -> dict[str, shapely.Geometry]:
    """Each precinct's Voronoi cell, by its number."""
    features = json.loads((DATA / "precincts_voronoi.geojson").read_text(encoding="utf-8"))["features"]
    return {str(int(float(one["properties"]["pct"]))): _shape(one["geometry"]) for one in features}


def _evaluate(folder: Path, precinct: str, cell: shapely.Geometry, incidents: Path) -> None:
    """The agency of a precinct: its cell, as far as incidents ever were; and its evaluation."""
    if list((folder / "evaluation").glob("*.json")):
        return
    folder.mkdir(exist_ok=True)
    with gzip.open(DATA / "boundary_boxes.geojson.gz") as file:
        city = shapely.union_all([_shape(one["geometry"]) for one in json.load(file)["features"]])
    area = [part for part in shapely.get_parts(cell.intersection(city).buffer(0)) if part.geom_type == "Polygon"]
    feature = {
        "type": "Feature",
        "properties": {"pct": precinct},
        "geometry": shapely.MultiPolygon(area).__geo_interface__,
    }
    (folder / "precinct.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    rules, _, _ = (CITY / "agency.toml").read_text(encoding="utf-8").partition("[sources]")
    maps = "".join(f'{key} = "precinct.geojson"\n' for key in ("boundary", "districts", "beats"))
    named = 'district_property = "pct"\nbeat_property = "pct"\n'
    text = rules.replace('"new-york"', f'"precinct-{precinct}"') + f"[sources]\n{maps}{named}"
    (folder / "agency.toml").write_text(text, encoding="utf-8")
    agency, features = folder / "agency", folder / "features"
    _run("agency", "build", folder / "agency.toml", "--out", agency)
    _run("models", "layers", CITY / "features.toml", "--agency", agency, "--out", features)
    _run("models", "evaluate", agency, incidents, "--features", features, *PERIOD, "--out", folder / "evaluation")


def _work(folder: Path) -> Path:
    return folder / "evaluation" / "work"


def _shape(geometry: Mapping[str, Any]) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(geometry))


def _run(*arguments: str | Path) -> None:
    subprocess.run([ROUNDSMAN, *arguments], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
