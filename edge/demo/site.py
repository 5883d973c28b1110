"""The demo's bundle and plans, made and signed by the commands' own code, and the configuration files of its daemons.

Must not know how the daemons are run.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import models
from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.contract.signing import load_private_key
from edge.demo.city import DISTRICT, City, make_city
from edge.demo.city_files import write_city
from edge.demo.incident_files import counts_until
from edge.domain.shift import Shift
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.drafts.building import build_drafts
from edge.headquarters.publish.connection import connected_publisher
from edge.headquarters.publish.plan import publish_plan
from edge.headquarters.store import Store
from edge.risk.counts import save_counts
from edge.text.config import load

UNITS: Final = ("car-1", "car-2")
OFFICERS: Final = {"car-1": "4711", "car-2": "4712"}

SHIPPED_RISK: Final = Path(models.__file__).parent / "demo" / "bundle"
"""What `roundsman models train` made of the generated city's incidents; without it the demo's risk is off."""

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
agency_key = "{key}"
district = "{district}"
data = "{folder}/{unit}"

[gps]
{gps}

[broker]
port = {broker}

[touchscreen]
port = {screen}
backlight = "none"
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

    def write_vehicle(self, unit: str, gps: str, broker: int, screen: int, district: str = DISTRICT) -> Path:
        """Write a vehicle's configuration; ``gps``: the lines of its ``[gps]``."""
        text = VEHICLE_TOML.format(
            unit=unit,
            folder=self.folder,
            key=self.agency.public_key,
            district=district,
            gps=gps,
            broker=broker,
            screen=screen,
        )
        self.vehicle_toml(unit).write_text(text, encoding="utf-8")
        return self.vehicle_toml(unit)

    def publish(self, config: HeadquartersConfig, shift: Shift, minutes: float) -> None:
        """Publish the analyst's plan for a shift, as `roundsman hq publish-plan` does."""
        write_city(self.city, self.folder, shift.id, minutes)
        key = load_private_key(self.folder / "signing.key")
        with Store(config.database) as store, connected_publisher(config.publishing, self.agency) as client:
            publish_plan(self.folder / "plan.toml", self.agency, key, store, client, "analyst", "the demo's plan")

    def draft(self, config: HeadquartersConfig, utc: float) -> None:
        """Build the drafts of the day after an instant, as `roundsman hq draft build` does."""
        tomorrow = datetime.fromtimestamp(utc, self.agency.calendar.zone).date() + timedelta(days=1)
        with Store(config.database) as store:
            for drafted in build_drafts(store, self.folder / "agency", self.agency, tomorrow, utc):
                if drafted.outcome == "failed":
                    raise UserError(drafted.said)


def make_site(folder: Path, utc: float | None = None) -> Site:
    """Generate the city, build its bundle with the models shipped, and sign it with a key made here and now.

    ``utc``: the incidents are counted up to the day before that instant; None leaves the counts as shipped.
    """
    city = make_city()
    toml, agency, key = write_city(city, folder, "2026-01-01/day"), folder / "agency", folder / "signing.key"
    risk = SHIPPED_RISK if SHIPPED_RISK.is_dir() else None
    build_agency(toml, agency, key, risk)
    if utc is not None and risk is not None:
        _count_until(utc, city, agency, shutil.copytree(risk, folder / "risk"))
        build_agency(toml, agency, key, folder / "risk")
    return Site(folder, city, load_agency(agency))


def _count_until(utc: float, city: City, directory: Path, risk: Path) -> None:
    """What the police of Riverton know on the morning of that day, instead of what they knew when training."""
    agency = load_agency(directory)
    today = datetime.fromtimestamp(utc, agency.calendar.zone).date()
    save_counts(risk / "counts.npz", counts_until(city, agency, today - timedelta(days=1)))
