"""The file of the basemap."""

from collections.abc import Iterator

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.text.words import say
from edge.vehicle.basemap.basemap import Basemap
from edge.vehicle.checks.finding import Finding, warnings
from edge.vehicle.config import VehicleConfig
from edge.vehicle.touchscreen.release import MAP_SOFTWARE


def notes(config: VehicleConfig) -> Iterator[str]:
    """Why the screen would draw its plain map."""
    path = config.touchscreen.basemap
    if path is None:
        return
    try:
        agency = load_agency(config.agency)
    except UserError:
        return  # a problem of the agency's
    found = Basemap(path, agency.grid, drawn=MAP_SOFTWARE.is_file()).look().notice
    if found is not None:
        yield f"touchscreen.basemap: {say(found)}"


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the file, where one is set."""
    noted = list(warnings(notes(config)))
    yield from noted
    if not noted:
        yield Finding("ok", "none is set" if config.touchscreen.basemap is None else "can be drawn")
