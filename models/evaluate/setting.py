"""The inputs of an evaluation: an agency's directory and its incidents, as a world of counts and features.

Must not look at an incident but to count it.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from edge.contract.agency import Agency, load_agency
from edge.errors import UserError
from edge.risk.features import World
from models.count.size import check_size
from models.count.tally import count
from models.evaluate.parts import City, city_of
from models.evaluate.period import Period
from models.evaluate.summary import districts_of
from models.features.world import read_world
from models.ingest.incidents import read_incidents
from models.train.metrics import Ints
from models.train.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """An agency, and its world with *all* counts: who forecasts gets a world from `known_before`."""

    agency: Agency
    world: World

    @property
    def city(self) -> City:
        """The raster the rivals blur on."""
        return city_of(self.world.frame, self.world.shifts)

    @property
    def district_of(self) -> Ints:
        """The index into `districts_of` of each box."""
        names = districts_of(self.agency)
        boxes = sorted(self.agency.grid.boxes.values(), key=lambda box: box.number)
        return np.array([names.index(box.district) for box in boxes], dtype=np.int64)

    def known_before(self, day: int) -> World:
        """The world as it was known at 00:00 of a day: no later incident is in it."""
        return replace(self.world, counts=self.world.counts.known_before(day))


def load_setting(directory: Path, incidents: Path, features: Path | None = None) -> Setting:
    """Read an agency directory, the feature tables that ``features`` (else the directory) has; count the incidents.

    Raises UserError where a file is missing or not what it should be.
    """
    agency = load_agency(directory)
    check_size(agency, directory)
    if features is not None and not features.is_dir():
        msg = f"{features}: no such folder; create it with `roundsman models layers`"
        raise UserError(msg)
    counts = count(read_incidents(incidents), agency)
    return Setting(agency, read_world(agency, counts, features or directory, whole=False))


def refuse_later(setting: Setting, first: str) -> None:
    """Raise UserError where a layer is of a date that the first day forecast (ISO) could not know."""
    later = [column for column in setting.world.layers.columns if column.as_of >= first]
    if later:
        one = later[0]
        msg = (
            f"layer {one.name} dates from {one.as_of}, not before --from {first}, so it contains future data; give an "
            "older one"
        )
        raise UserError(msg)


def identity(setting: Setting, period: Period) -> dict[str, Any]:
    """What an evaluation's work depends on: results of other inputs or dates are never mixed with it."""
    world = setting.world
    return {
        "agency": setting.agency.id,
        "shifts": world.shifts,
        "counts": world.counts.digest(),
        "frame": world.frame.digest(),
        "layers": world.layers.digest(),
        "days": world.days.digest(),
        "events": world.events.digest(),
        "first": period.first,
        "last": period.last,
        "tune_first": period.tune_first,
        "tune_last": period.tune_last,
        "refit_days": period.refit_days,
        "settings": Settings().to_json(),
    }


def claim(work: Path, found: dict[str, Any]) -> None:
    """Make the work folder ours, or find that it is. Raises UserError where it holds another evaluation's work."""
    path = work / "inputs.json"
    try:
        work.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            return
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read or written ({error}); choose another --work"
        raise UserError(msg) from error
    if other := [key for key in found if before.get(key) != found[key]]:
        msg = (
            f"{work}: contains work from an evaluation with different {', '.join(other)}; remove it, or choose "
            "another --work"
        )
        raise UserError(msg)
