"""Reads what training starts from: an agency directory, imported incidents, and the tables of `models layers`.

Must not train.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from edge.contract.agency import Agency, load_agency
from edge.errors import UserError
from edge.risk.days import Days, load_days
from edge.risk.events import Events, load_events
from edge.risk.features import World
from edge.risk.frame import Frame
from edge.risk.layers import Layers, load_layers
from models.counting import Tally, tally
from models.export.facts import DataFacts
from models.export.gaps import gaps_of
from models.export.write import Place
from models.ingest.incidents import read_incidents
from models.sources.made_for import check_grid


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
    held = read_incidents(incidents)
    found = tally(held, agency)
    frame = Frame.of(agency.grid)
    layers, days, events = Layers.none(frame.size), Days.none(), Events.none()
    if features is not None:
        check_grid(features, frame)
        layers, days = load_layers(features / "layers.npz"), load_days(features / "days.npz")
        events = load_events(features / "events.npz")
        if len(layers.values) != frame.size:
            msg = f"{features}: layers.npz is of another grid than {directory}; run `roundsman models layers` again"
            raise UserError(msg)
    world = World(frame, len(agency.calendar.rules), found.counts, layers, days, events)
    return Inputs(agency, world, facts_of(held, found))


def facts_of(incidents: pd.DataFrame, found: Tally) -> DataFacts:
    """What the card says of the data: their sources, and what was left out."""
    sources: Sequence[str] = sorted(incidents["source"].dropna().unique())
    told = bool(incidents["initiated_by"].notna().any())
    return DataFacts(
        source=f"{found.counted:,} incidents of {', '.join(sources)}.",
        gaps=gaps_of(found.counts),
        rejected=dict(found.left_out),
        officer_initiated_left_out=found.left_out.get("initiated by an officer", 0) if told else None,
    )
