"""The fleet's folder: its settings, its authority, its registry, and the agency that it belongs to.

All of it stays at headquarters; ``root.key`` is taken offline. Must not sign or render anything.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from edge.contract.agency import Agency, load_agency
from edge.errors import UserError
from edge.text.config import load
from edge.text.mistakes import explain
from edge.text.whole_file import make_folder, write_whole
from provisioning.authority.store import ROOT_PEM, Authority
from provisioning.fleet.settings import EnrolmentSettings, FleetSettings, first_settings
from provisioning.registry.registry import Registry

SETTINGS: Final = "fleet.toml"
REGISTRY: Final = "fleet.sqlite3"


@dataclass(frozen=True)
class Fleet:
    """A fleet. ``folder``: where it is; ``utc``: the clock, POSIX seconds."""

    folder: Path
    utc: Callable[[], float] = time.time

    @cached_property
    def settings(self) -> FleetSettings:
        """What ``fleet.toml`` says. Raises UserError with every mistake."""
        return load(FleetSettings, self.folder / SETTINGS)

    @cached_property
    def agency(self) -> Agency:
        """The agency whose bundle the settings name. Raises UserError where nobody signed it."""
        return _signed(self.settings.agency)

    @property
    def authority(self) -> Authority:
        """Who signs."""
        return Authority(self.folder)

    def registry(self) -> Registry:
        """Units, tokens, certificates, audit: a connection of one's own. Raises UserError where it cannot be used."""
        _ = self.settings  # first: in a folder that is no fleet's, no registry is made
        return Registry(self.folder / REGISTRY, self.utc)


def init(folder: Path, agency: Path, host: str, utc: Callable[[], float] = time.time) -> Fleet:
    """A new fleet's folder, with its authority. Raises UserError where there is one, or the bundle cannot be used.

    ``fleet.toml`` comes last: where this was cut short before, it goes on with the authority that is there.
    """
    if (folder / SETTINGS).exists():
        msg = f"{folder / SETTINGS}: already exists; this fleet is set up (`ca rotate` makes a new issuing key)"
        raise UserError(msg)
    known = _signed(agency)
    try:
        EnrolmentSettings(host=host)
    except ValidationError as error:
        msg = f"--host: {explain(error)}"
        raise UserError(msg) from error
    make_folder(folder, "choose another folder", 0o700)
    fleet = Fleet(folder, utc)
    if not (folder / ROOT_PEM).exists():
        fleet.authority.init(known.id, utc())
    Registry(folder / REGISTRY, utc).close()
    write_whole(folder / SETTINGS, first_settings(agency.resolve(), host))
    return fleet


def _signed(path: Path) -> Agency:
    found = load_agency(path)
    if found.public_key is None:
        msg = f"{path}: the bundle names no agency key, which cars must pin; sign it first"
        raise UserError(msg)
    return found
