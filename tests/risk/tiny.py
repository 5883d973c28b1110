"""A tiny bundle with real model files: a town's counts made up from a seed, and bases without trees. For tests only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts, save_counts
from edge.risk.days import Days
from edge.risk.events import Events
from edge.risk.features import Recipe, World, rows
from edge.risk.frame import Frame
from edge.risk.layers import Layers
from models.export.facts import DataFacts
from models.export.write import Place, write
from models.train.findings import Findings
from models.train.trained import Drawn, Trained
from tests.agency.square import LASTING, write_square

TYPES: Final = ("gunfire", "robbery", "theft")
SPAN: Final = 90
MAPS: Final = ("even", "own.any.h30.r0", "own.any.h30.r1", "own.shift.h90.r0", "gunfire.any.h7.r0")
WEIGHTS: Final = (0.1, 0.4, 0.2, 0.2, 0.1)
RECIPE: Final = Recipe(MAPS, {"own": ("shift", "own.any.h30.r0"), "gunfire": ("shift", "gunfire.any.h7.r1")})
PLANNER: Final = """
[planner]
boxes_per_shift = 4
max_per_beat = 4

[[planner.weights]]
crime_type = "robbery"
weight = 1.0
source = "police"
approver = "chief of analysis"
approved = 2026-01-05

[[planner.weights]]
crime_type = "gunfire"
weight = 2.5
source = "community"
approver = "council's safety committee"
approved = 2026-01-05
"""


@dataclass(frozen=True)
class Tiny:
    """The bundle, the private key's file, and the counts that are in it."""

    directory: Path
    key: Path
    agency: Agency
    counts: Counts


def tiny_bundle(
    folder: Path,
    last: date,
    toml: Path | None = None,
    types: tuple[str, ...] = TYPES,
    counted: Callable[[Agency, date], Counts] | None = None,
) -> Tiny:
    """Squaretown, or the town of an ``agency.toml``, with models whose data end on a date (made up, or ``counted``)."""
    source = toml or write_square(folder)
    source.write_text(source.read_text(encoding="utf-8") + PLANNER, encoding="utf-8")
    out, key, risk = folder / "agency", folder / "key.pem", folder / "risk"
    build_agency(source, out, key, terms=LASTING)
    agency = load_agency(out)
    counts = (counted or made_up)(agency, last)
    risk.mkdir()
    save_counts(risk / "counts.npz", counts)
    for name in types:
        write_model(agency, counts, name, risk / "models", last)
    again = LASTING.__class__(version=2, created=LASTING.created, last_day=LASTING.last_day)
    build_agency(source, out, key, risk, again)
    return Tiny(out, key, load_agency(out), counts)


def made_up(agency: Agency, last: date, seed: int = 1, incidents: int = 900) -> Counts:
    """Some boxes have many incidents, most have few."""
    random = np.random.default_rng(seed)
    boxes = len(agency.grid.boxes)
    liked = random.gamma(0.4, 1.0, boxes)
    kinds = [CRIME_TYPES.index(name) for name in TYPES]
    day = last.toordinal() - random.integers(0, SPAN, incidents)
    columns = {
        "kind": random.choice(kinds, incidents),
        "box": random.choice(boxes, incidents, p=liked / liked.sum()),
        "day": day,
        "shift": random.integers(0, len(agency.calendar.rules), incidents),
        "known": np.minimum(day + random.integers(0, 2, incidents), last.toordinal()),
        "weight": np.full(incidents, WEIGHT),
    }
    return Counts.of(columns, last.toordinal() - SPAN + 1, last.toordinal())


def world_of(agency: Agency, counts: Counts) -> World:
    """A world of counts alone."""
    frame = Frame.of(agency.grid)
    shifts = len(agency.calendar.rules)
    return World(frame, shifts, counts, Layers.none(len(agency.grid.boxes)), Days.none(), Events.none())


def write_model(agency: Agency, counts: Counts, name: str, directory: Path, last: date) -> None:
    """A base without trees, as a type too rare for them has."""
    world = world_of(agency, counts)
    shifts, until = world.shifts, last.toordinal() + 1
    trained = Trained(
        crime_type=name,
        recipe=RECIPE,
        weights=(WEIGHTS,) * shifts,
        boosters=(),
        scale=(1.0,) * shifts,
        power=1.0,
        chosen="base",
        judged=(),
        window=(counts.first, counts.last),
        until=until,
        events=len(counts),
        counts_digest=counts.digest(),
        frame_digest=world.frame.digest(),
        layers_digest=world.layers.digest(),
        seed=1,
        settings={"held_out_days": 84},
        notes=(),
    )
    kind = CRIME_TYPES.index(name)
    drawn = [Drawn(rows(world, RECIPE, kind, until, shift), shift) for shift in range(shifts)]
    place = Place(agency.id, tuple(rule.name for rule in agency.calendar.rules), ())
    data = DataFacts(source="Made up for tests.", rejected={})
    write(trained, directory, place, drawn, data, Findings(), evaluated=(), valid_days=timedelta(days=20_000).days)
