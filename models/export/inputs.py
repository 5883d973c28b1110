"""Reads what training starts from: an agency directory, imported incidents, and the tables of `models layers`.

Must not train.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from edge.contract.agency import Agency, load_agency
from edge.risk.features import World
from models.count.size import check_size
from models.count.tally import Tally, tally
from models.export.facts import DataFacts
from models.export.gaps import empty_sources, gaps_of
from models.export.write import Place
from models.features.world import read_world
from models.ingest.incidents import read_incidents


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """An agency, its world, and what the card says of the incidents."""

    agency: Agency
    world: World
    facts: DataFacts

    @property
    def place(self) -> Place:
        """Whose models they are."""
        columns = (*self.world.layers.columns, *self.world.days.columns)
        return Place(self.agency.id, tuple(rule.name for rule in self.agency.calendar.rules), columns)


def read_inputs(directory: Path, incidents: Path, features: Path | None) -> Inputs:
    """Raises UserError where a file is missing or not what it should be; ``features``: what `models layers` wrote."""
    agency = load_agency(directory)
    check_size(agency, directory)
    held = read_incidents(incidents)
    found = tally(held, agency)
    world = read_world(agency, found.counts, features, whole=True)
    facts = facts_of(held, found)
    return Inputs(agency, world, replace(facts, gaps=(*facts.gaps, *empty_sources(world.layers, world.events))))


def facts_of(incidents: pd.DataFrame, found: Tally) -> DataFacts:
    """What the card says of the data: their sources, and what was left out."""
    sources: Sequence[str] = sorted(incidents["source"].dropna().unique())
    recorded = bool(incidents["initiated_by"].notna().any())
    return DataFacts(
        source=f"{found.counted:,} incidents of {', '.join(sources)}.",
        gaps=gaps_of(found.counts),
        rejected=dict(found.left_out),
        officer_initiated_left_out=found.left_out.get("initiated by an officer", 0) if recorded else None,
    )
