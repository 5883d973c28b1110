"""The agency directory. Unsigned or expired it serves headquarters, and no vehicle: that is a note."""

from collections.abc import Iterator

from edge.contract.agency import load_agency
from edge.contract.bundle import verified_bundle
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.text.words import say


def problems(config: HeadquartersConfig) -> Iterator[str]:
    """Why the directory cannot be read."""
    try:
        load_agency(config.agency)
    except UserError as error:
        yield f"agency: {error}"


def notes(config: HeadquartersConfig, utc: float) -> Iterator[str]:
    """What vehicles would refuse or warn of at an instant."""
    try:
        warning = verified_bundle(config.agency, None).manifest.warning(utc)
    except UserError as error:
        yield f"agency: {error}; until then, vehicles reject the bundle"
        return
    if warning is not None:
        yield f"agency: {say(warning)}"
