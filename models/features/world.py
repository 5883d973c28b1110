"""The world that training and evaluation start from: an agency's grid and shifts, its counts, and the feature tables.

Must not count an incident.
"""

from pathlib import Path

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.risk.counts import Counts
from edge.risk.days import Days, load_days
from edge.risk.events import Events, load_events
from edge.risk.features import World
from edge.risk.frame import Frame
from edge.risk.layers import Layers, load_layers
from models.features.grid_stamp import check_grid


def read_world(agency: Agency, counts: Counts, tables: Path | None, *, whole: bool) -> World:
    """The counts with the tables of a folder, as ``models layers`` or a bundle has them; without any where it is None.

    ``whole``: the folder must have all three tables; otherwise one that is absent is empty. Raises UserError where a
    table is damaged or another grid's.
    """
    frame = Frame.of(agency.grid)
    layers, days, events = Layers.none(frame.size), Days.none(), Events.none()
    if tables is not None:
        check_grid(tables, frame)
        here = {name for name in ("layers", "days", "events") if whole or (tables / f"{name}.npz").exists()}
        layers = load_layers(tables / "layers.npz") if "layers" in here else layers
        days = load_days(tables / "days.npz") if "days" in here else days
        events = load_events(tables / "events.npz") if "events" in here else events
    if len(layers.values) != frame.size:
        msg = f"{tables}: layers.npz is for another grid than the agency's; run `roundsman models layers` again"
        raise UserError(msg)
    return World(frame, len(agency.calendar.rules), counts, layers, days, events)
