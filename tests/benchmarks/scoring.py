"""What scoring a shift of Chicago costs: features, onnxruntime beside LightGBM's own predict, and what it leaves.

Seven types × all boxes, on real rows (where ../shared/data is absent there are no figures); the trees are as many and
as large as training grows, but of few days, and one set of them stands for every type's. One thread each, the same
float32 rows, in turn. Memory is that of this process, which has a child score and waits, as the car's daemon does.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Final

import lightgbm

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.domain.policy import CRIME_TYPES
from edge.risk.features import Rows, World, rows
from edge.risk.scorer import Scorer
from models.export.onnx_graph import build
from models.export.write import meta_of
from models.features.recipes import recipe_of
from models.train.trained import Trained
from tests.agency.square import LASTING
from tests.benchmarks.processes import alone, resident_mb
from tests.benchmarks.table import Figure, Goal
from tests.benchmarks.town import Town
from tests.chicago import write_chicago
from tests.conftest import SHARED_DATA
from tests.models.chicago_world import DAYS, chicago_world, place_of, quick

ROUNDS: Final = 7
SHIFT: Final = 1
DAY: Final = DAYS[-1].toordinal() + 30
FASTER: Final = Goal("ratio", 1.0 / 1.7)


def figures(_: Town, folder: Path) -> Sequence[Figure]:
    """Features; time, beside LightGBM's; memory kept after a child has scored; a model's size."""
    if not SHARED_DATA.is_dir():
        return ()
    directory = build_agency(write_chicago(folder, SHARED_DATA), folder / "agency", terms=LASTING).directory
    agency = load_agency(directory)
    world = chicago_world(agency, SHARED_DATA)
    trained = quick(world)
    model = build(meta_of(trained, place_of(agency, world)), trained.boosters)
    path = folder / "theft.onnx"
    path.write_bytes(model)
    each = [rows(world, trained.recipe, kind, DAY, SHIFT) for kind in range(len(CRIME_TYPES))]
    ours, theirs = _times(Scorer.load(path), trained, each)
    trees = len(trained.boosters) * int(trained.settings["rounds"])
    return [
        Figure("features of 7 types, one shift of Chicago", _features_s(world), "s", goal=Goal("figure", 1.0)),
        Figure(f"scores of them, {world.frame.size:,} boxes, {trees} trees", ours, "s", "LightGBM", theirs, FASTER),
        Figure("resident memory kept after a child scored", _kept_mb(path, each), "MB", goal=Goal("figure", 5.0)),
        Figure("a model's file", len(model) / 1e6, "MB"),
    ]


def _features_s(world: World) -> float:
    """Seconds, with nothing of the day computed before; the counts are read and indexed already, as in the car."""
    taken = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        for kind in range(len(CRIME_TYPES)):
            rows(world, recipe_of(world, kind), kind, DAY + number, SHIFT)
        taken.append(time.perf_counter() - began)
    return median(taken)


def _times(scorer: Scorer, trained: Trained, each: Sequence[Rows]) -> tuple[float, float]:
    """Seconds for all types, onnxruntime's and LightGBM's: medians of rounds in turn."""
    boosters = [lightgbm.Booster(model_str=text) for text in trained.boosters]
    ours, theirs = list[float](), list[float]()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for one in each:
            scorer.score(one, SHIFT)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        for one in each:
            for booster in boosters:
                booster.predict(one.features, raw_score=True, num_threads=1)
        theirs.append(time.perf_counter() - began)
    return median(ours), median(theirs)


def _kept_mb(path: Path, each: Sequence[Rows]) -> float:
    """Megabytes that this process holds more after a child of its own has scored."""
    few = [replace(one, features=one.features[:9], maps=one.maps[:9]) for one in each]
    alone(_score, path, few)  # what starting a child takes once
    before = resident_mb(os.getpid())
    alone(_score, path, few)
    return resident_mb(os.getpid()) - before


def _score(path: Path, each: Sequence[Rows]) -> None:
    for one in each:
        Scorer.load(path).score(one, SHIFT)
