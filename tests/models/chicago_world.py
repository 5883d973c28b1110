"""Chicago's world from the shared data, and quick trees on it: for the tests of parity and the benchmark of scoring.

The trees are grown on few days: real in their size and in what they split on, good for no forecast.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np

from edge.contract.agency import Agency
from edge.domain.policy import CRIME_TYPES
from edge.risk.features import World, rows
from edge.risk.frame import Frame
from models.count.tally import count
from models.export.write import Place
from models.features.build import build_features
from models.features.recipes import recipe_of
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest
from models.sources.document import read_features
from models.train.sample import labels
from models.train.settings import Settings
from models.train.trained import Trained
from models.train.trees import grown

FEATURES: Final = Path(__file__).resolve().parents[2] / "models" / "chicago" / "features.toml"
DAYS: Final = (date(2016, 3, 1), date(2016, 8, 6), date(2017, 1, 12), date(2017, 5, 20))
KIND: Final = CRIME_TYPES.index("theft")
SETTINGS: Final = Settings()


def chicago_world(agency: Agency, data: Path) -> World:
    """Seven years of counts, and the layers and days of ``models/chicago``."""
    mapping, _ = read_mapping(Path("chicago-parquet"))
    files = [data / "chicago" / "crimes_part1_2012_2018.parquet"]
    incidents, _ = ingest(mapping, files, datetime(2026, 11, 22, tzinfo=UTC), lambda _: None)
    built = build_features(read_features(FEATURES), FEATURES.parent, agency)
    counts = count(incidents, agency)
    return World(Frame.of(agency.grid), len(agency.calendar.rules), counts, built.layers, built.days, built.events)


def place_of(agency: Agency, world: World) -> Place:
    """Whose model it is."""
    shifts = tuple(rule.name for rule in agency.calendar.rules)
    return Place(agency.id, shifts, (*world.layers.columns, *world.days.columns))


def quick(world: World, boosters: int = SETTINGS.boosters, rounds: int = SETTINGS.rounds) -> Trained:
    """A model of theft with trees of the usual size, grown on `DAYS` alone."""
    recipe = recipe_of(world, KIND)
    parts = [(day.toordinal(), shift) for day in DAYS for shift in range(world.shifts)]
    made = [rows(world, recipe, KIND, day, shift) for day, shift in parts]
    observed = np.concatenate([labels(world.counts, KIND, day, world.shifts, world.frame.size)[s] for day, s in parts])
    expected = np.concatenate([one.maps.mean(axis=1) * one.level for one in made])
    features = np.concatenate([one.features for one in made])
    settings = replace(SETTINGS, rounds=rounds)
    given = (features, observed, np.ones(len(observed)), expected, recipe, settings)
    return Trained(
        crime_type=CRIME_TYPES[KIND],
        recipe=recipe,
        weights=((1.0 / len(recipe.maps),) * len(recipe.maps),) * world.shifts,
        boosters=tuple(grown(*given, seed) for seed in range(boosters)),
        scale=(1.0,) * world.shifts,
        power=0.97,
        chosen="base_trees",
        judged=(),
        window=(parts[0][0], parts[-1][0]),
        until=parts[-1][0] + 7,
        events=int(observed.sum()),
        counts_digest=world.counts.digest(),
        frame_digest=world.frame.digest(),
        layers_digest=world.layers.digest(),
        seed=0,
        settings=settings.to_json(),
        notes=(),
    )
