"""What a configuration names, looked at before a daemon does: files, folders, bundle, district, keys that fit together.

Each problem is a sentence that begins with its key; so is each note, of what a daemon puts up with. Must not leave
anything behind, and must not start anything.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from edge.contract.agency import Agency, load_agency
from edge.contract.bundle import verified_bundle
from edge.contract.signing import load_private_key, public_key_of
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.mqtt.broker import BrokerConfig, make_client
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import choose

ResultT = TypeVar("ResultT")

SQLITE_MAGIC: Final = b"SQLite format 3\0"


def problems_of_vehicle(config: VehicleConfig) -> list[str]:
    """What a vehicle's configuration names and cannot be used."""
    problems: list[str] = []
    agency = _tried("agency", lambda: load_agency(config.agency), problems)
    if agency is not None:
        problems += list(_unknown_district(agency, config.district)) or _refused_bundle(config)
    problems += _unusable("data", config.data, _folder)
    if config.record is not None:
        problems += _unusable("record", config.record, _file_to_write)
    if config.gps.source == "replay" and config.gps.log is not None:
        problems += _unusable("gps.log", config.gps.log, _file_to_read)
    return problems + _unusable_broker(config.broker)


def problems_of_headquarters(config: HeadquartersConfig) -> list[str]:
    """What headquarters' configuration names and cannot be used."""
    problems: list[str] = []
    agency = _tried("agency", lambda: load_agency(config.agency), problems)
    problems += _unusable("database", config.database, _database)
    if config.signing_key is not None:
        problems += _foreign_key(config.signing_key, agency)
    return problems + _unusable_broker(config.broker)


def notes_of_vehicle(config: VehicleConfig, utc: float) -> list[str]:
    """What a vehicle only warns of at an instant."""
    return [f"agency: {one}" for one in choose(config).notices(utc)]


def notes_of_headquarters(config: HeadquartersConfig, utc: float) -> list[str]:
    """What headquarters does not mind at an instant, and vehicles would."""
    try:
        warning = verified_bundle(config.agency, None).manifest.warning(utc)
    except UserError as error:
        return [f"agency: {error}; until then no vehicle takes the bundle"]
    return [] if warning is None else [f"agency: {warning}"]


def _refused_bundle(config: VehicleConfig) -> list[str]:
    """Why a vehicle would not use the bundle delivered."""
    problems: list[str] = []
    choice = _tried("agency", lambda: choose(config), problems)
    return problems if choice is None else [f"agency: {one}" for one in choice.refusals]


def _tried(key: str, read: Callable[[], ResultT], problems: list[str]) -> ResultT | None:
    try:
        return read()
    except UserError as error:
        problems.append(f"{key}: {error}")
        return None


def _unknown_district(agency: Agency, district: str) -> Iterator[str]:
    if district not in agency.areas:
        yield f"district: {agency.name} has no district {district!r}; it has {', '.join(agency.areas)}"


def _foreign_key(path: Path, agency: Agency | None) -> list[str]:
    problems: list[str] = []
    key = _tried("signing_key", lambda: load_private_key(path), problems)
    if key is not None and agency is not None and public_key_of(key) != agency.public_key:
        problems.append(
            f"signing_key: {path} is not the key of the agency's public_key; vehicles would refuse its plans"
        )
    return problems


def _unusable_broker(broker: BrokerConfig) -> list[str]:
    problems: list[str] = []
    _tried("broker", lambda: make_client("config-check", broker), problems)
    return problems


def _unusable(key: str, path: Path, look: Callable[[Path], Iterator[str]]) -> Iterator[str]:
    """What a look at a path finds, or that the system does not even allow the look."""
    try:
        yield from (f"{key}: {path}: {one}" for one in look(path))
    except OSError as error:
        yield f"{key}: {path}: cannot be used ({error.strerror}); name another, or mend its owner and mode"


def _folder(path: Path) -> Iterator[str]:
    """A folder, or one that can be made below the nearest that is there."""
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    with tempfile.TemporaryFile(dir=there):
        yield from ()


def _file_to_write(path: Path) -> Iterator[str]:
    if path.is_dir():
        yield "is a directory; name a file"
    elif not path.parent.is_dir():
        yield f"its folder {path.parent} is not there; make it, or name another file"
    else:
        yield from _folder(path.parent)


def _database(path: Path) -> Iterator[str]:
    """A file that is there already must be a database."""
    yield from _file_to_write(path)
    if path.is_file():
        with path.open("r+b") as file:
            if file.read(len(SQLITE_MAGIC)) not in (b"", SQLITE_MAGIC):
                yield "is no SQLite database; name another file, or move this one away"


def _file_to_read(path: Path) -> Iterator[str]:
    with path.open("rb"):
        yield from ()
