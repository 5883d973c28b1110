"""Writing a unit's boot files into a folder, for its owner alone; its token is in force once they are there.

Must not render anything, nor touch a folder that is not a unit's.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from edge.contract.agency import Agency
from edge.errors import UserError
from provisioning.fleet.folder import Fleet
from provisioning.fleet.tokens import admit, new_token
from provisioning.image.boot_files import USER_DATA, Image, boot_files
from provisioning.image.places import BUNDLE
from provisioning.image.render import Site, render
from provisioning.registry.registry import Registry
from provisioning.units.unit import Unit

_OURS: Final = USER_DATA
"""A folder of a unit has it; another is nobody's to replace."""


def site_of(fleet: Fleet) -> Site:
    """What all units share, read from the fleet's folder. Raises UserError where something of it is missing."""
    agency: Agency = fleet.agency
    root = fleet.authority.root_pem()
    return Site(agency.id, agency.public_key or "", fleet.settings, root)


def write_image(fleet: Fleet, registry: Registry, unit: Unit, out: Path, days: float) -> Path:
    """A unit's folder below ``out``: its boot files, a new token and the agency's bundle. Raises UserError."""
    place, beside = out / unit.unit, out / f".{unit.unit}.writing"
    if place.exists() and not (place.is_dir() and (not any(place.iterdir()) or (place / _OURS).exists())):
        msg = f"{place}: is no folder, or holds other files than a unit's; choose another --out"
        raise UserError(msg)
    token = new_token(unit.unit, days, fleet.utc())
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        _lay_out(beside, boot_files(Image(unit, render(unit, site_of(fleet)), token)))
        shutil.copytree(fleet.settings.agency, beside / BUNDLE)
        admit(registry, token)
        shutil.rmtree(place, ignore_errors=True)
        beside.rename(place)
    except OSError as error:
        msg = f"{place}: cannot be written ({error.strerror or error}); choose another --out, or free up disk space"
        raise UserError(msg) from error
    return place


def _lay_out(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(mode=0o700)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
