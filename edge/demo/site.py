"""The demo's agency and plans, made by the commands' own code, and the configuration files of its daemons.

Must not know how the daemons are run.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.agency.build import build_agency
from edge.config import load
from edge.contract.agency import Agency, load_agency
from edge.contract.signing import load_private_key
from edge.demo.city import DISTRICT, City, make_city
from edge.demo.city_files import write_city
from edge.domain.shift import Shift
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish import connected_publisher, publish_plan
from edge.headquarters.store import Store

UNITS: Final = ("car-1", "car-2")
OFFICERS: Final = {"car-1": "4711", "car-2": "4712"}

HQ_TOML: Final = """\
agency = "{folder}/agency"
database = "{folder}/headquarters.sqlite3"
signing_key = "{folder}/signing.key"

[broker]
port = {broker}

[web]
port = {web}
"""

VEHICLE_TOML: Final = """\
unit = "{unit}"
agency = "{folder}/agency"
district = "{district}"
data = "{folder}/{unit}"

[gps]
{gps}

[broker]
port = {broker}

[touchscreen]
port = {screen}
"""


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything of a demo lies, and what it is about."""

    folder: Path
    city: City
    agency: Agency

    @property
    def hq_toml(self) -> Path:
        """Headquarters' configuration file."""
        return self.folder / "hq.toml"

    def vehicle_toml(self, unit: str) -> Path:
        """A vehicle's configuration file."""
        return self.folder / f"{unit}.toml"

    def write_hq(self, broker: int, web: int) -> HeadquartersConfig:
        """Write headquarters' configuration, and read it as its daemon will."""
        self.hq_toml.write_text(HQ_TOML.format(folder=self.folder, broker=broker, web=web), encoding="utf-8")
        return load(HeadquartersConfig, self.hq_toml)

    def write_vehicle(self, unit: str, gps: str, broker: int, screen: int) -> Path:
        """Write a vehicle's configuration; ``gps``: the lines of its ``[gps]``."""
        text = VEHICLE_TOML.format(
            unit=unit, folder=self.folder, district=DISTRICT, gps=gps, broker=broker, screen=screen
        )
        self.vehicle_toml(unit).write_text(text, encoding="utf-8")
        return self.vehicle_toml(unit)

    def publish(self, config: HeadquartersConfig, shift: Shift, minutes: float) -> None:
        """Publish the analyst's plan for a shift, as `roundsman hq publish-plan` does."""
        write_city(self.city, self.folder, shift.id, minutes)
        key = load_private_key(self.folder / "signing.key")
        with Store(config.database) as store, connected_publisher(config.broker, self.agency) as client:
            publish_plan(self.folder / "plan.toml", self.agency, key, store, client, "analyst", "the demo's plan")


def make_site(folder: Path) -> Site:
    """Generate the city and build its agency."""
    city = make_city()
    toml = write_city(city, folder, "2026-01-01/day")
    build_agency(toml, folder / "agency", key=folder / "signing.key")
    return Site(folder, city, load_agency(folder / "agency"))
