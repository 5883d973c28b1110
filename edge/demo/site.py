"""The demo's agency and plan, built by the commands an analyst uses, and the configuration files of its daemons."""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.contract.signing import load_private_key
from edge.demo.city import DISTRICT, City, make_city
from edge.demo.city_files import write_city
from edge.domain.shift import Shift
from edge.headquarters.publish import connected_publisher, publish_plan
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.store import Store

UNITS: Final = ("car-1", "car-2")
HQ_PORT: Final = 8700
SCREEN_PORTS: Final = {"car-1": 8600, "car-2": 8601}


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything of a demo lies, and what it is about."""

    folder: Path
    city: City
    agency: Agency
    shift: Shift
    broker_port: int

    @property
    def database(self) -> Path:
        """Headquarters' store."""
        return self.folder / "headquarters.sqlite3"

    @property
    def hq_toml(self) -> Path:
        """Headquarters' configuration file."""
        return self.folder / "hq.toml"

    def vehicle_toml(self, unit: str) -> Path:
        """A vehicle's configuration file."""
        return self.folder / f"{unit}.toml"
