"""The agency bundle and the vehicle's district in it."""

import time
from collections.abc import Iterator

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.text.words import say
from edge.vehicle.checks.finding import Finding, faults, warnings
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


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the bundle in force, and of one that was delivered and is not used."""
    wrong = list(faults(problems(config)))
    yield from wrong
    if not wrong:
        noted = list(warnings(notes(config, time.time())))
        manifest = choose(config).manifest
        yield from noted
        if not noted:
            yield Finding("ok", f"version {manifest.version}, in force until {manifest.expires:%Y-%m-%d}")
