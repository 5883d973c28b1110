"""What a large agency costs: a field case is built, opened as a car does, and the rows of a plan's shifts are made.

``python -m tests.benchmarks.large 22-houston`` prints a line of JSON for each step: processor time, and the peak of
memory so far, so that later types hold what earlier ones took. Needs ../shared/data.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from edge.contract.agency import load_agency
from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts
from edge.risk.days import Days
from edge.risk.events import Events
from edge.risk.features import World, rows
from edge.risk.frame import Frame
from edge.risk.layers import Layers
from models.features.recipes import recipe_of
from tests.commands import ROUNDSMAN
from tests.conftest import SHARED_DATA

TYPES: Final = ("theft", "motor_vehicle_theft", "burglary", "aggravated_assault", "robbery", "gunfire", "homicide")
DAYS: Final = 400
LAST: Final = 740_000
INCIDENTS: Final = 30_000
PLACES: Final = 3_000
"""Boxes in which they happen: some towns."""


def told(what: str, began: float, whose: int = resource.RUSAGE_SELF) -> None:
    """A line of what was reached: processor time since ``began``, and the peak of memory."""
    used = resource.getrusage(whose)
    cpu = round(used.ru_utime + used.ru_stime - began, 1)
    print(json.dumps({"step": what, "cpu_s": cpu, "peak_MB": used.ru_maxrss // 1024}), flush=True)  # noqa: T201 - a report


def made_up(boxes: int, shifts: int) -> Counts:
    """Counts of all types in some of the boxes."""
    random = np.random.default_rng(1)
    day = LAST - random.integers(0, DAYS, INCIDENTS)
    columns = {
        "kind": np.array([CRIME_TYPES.index(name) for name in random.choice(TYPES, INCIDENTS)]),
        "box": random.integers(0, min(PLACES, boxes), INCIDENTS),
        "day": day,
        "shift": random.integers(0, shifts, INCIDENTS),
        "known": day,
        "weight": np.full(INCIDENTS, WEIGHT),
    }
    return Counts.of(columns, first=LAST - DAYS, last=LAST)


def main(case: str) -> None:
    """One case, in this process alone but for the build."""
    with tempfile.TemporaryDirectory() as folder:
        source, directory = SHARED_DATA / "field_cases" / "maps" / case / "agency.toml", Path(folder) / "agency"
        subprocess.run([ROUNDSMAN, "agency", "build", source, "--out", directory], check=True, capture_output=True)
        told("built", 0.0, resource.RUSAGE_CHILDREN)
        began = time.process_time()
        agency = load_agency(directory)
        told(f"opened, {len(agency.grid.boxes):,} boxes", began)
    frame, shifts = Frame.of(agency.grid), len(agency.calendar.rules)
    world = World(frame, shifts, made_up(frame.size, shifts), Layers.none(frame.size), Days.none(), Events.none())
    for name in TYPES:
        began, kind = time.process_time(), CRIME_TYPES.index(name)
        for shift in range(shifts):
            rows(world, recipe_of(world, kind), kind, LAST + 1, shift)
        told(f"rows of {name}", began)


if __name__ == "__main__":
    main(sys.argv[1])
