"""The agency bundle and the vehicle's district in it."""

from collections.abc import Iterator

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.text.words import say
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import choose


def problems(config: VehicleConfig) -> Iterator[str]:
    """Why the vehicle would not use the bundle delivered, or has no such district."""
    try:
        agency = load_agency(config.agency)
        if config.district not in agency.areas:
            yield f"district: {agency.name} has no district {config.district!r}; it has {', '.join(agency.areas)}"
            return
        yield from (f"agency: {say(one)}" for one in choose(config).refusals)
    except UserError as error:
        yield f"agency: {error}"


def notes(config: VehicleConfig, utc: float) -> Iterator[str]:
    """What the bundle in force warns of, such as its expiry; and a key of the agency's that has been replaced."""
    choice = choose(config)
    yield from (f"agency: {say(one)}" for one in choice.notices(utc))
    if config.agency_key in choice.trust.retired:
        yield f"agency_key: the agency has replaced this key; set it to {choice.trust.key}, which the car now trusts"
