"""A unit's files, by their paths on it: its board's, and its own. The same unit and fleet give the same text.

No secret is in them: a unit makes its key itself. Must not read a clock or a registry, nor a file but the board's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisioning.fleet.settings import FleetSettings
from provisioning.image.device_files import device_files
from provisioning.image.places import (
    BUNDLE,
    CA_PEM,
    DOWNLOADS,
    ENROLMENT_TOML,
    IDENTITY,
    SEED,
    STATE,
    STICK,
    TOKEN,
    UPDATE_TOML,
    VEHICLE_TOML,
)
from provisioning.units.unit import Unit

_HEAD: Final = "# Written by `roundsman provision render`; change units.csv or fleet.toml, and render it anew."


@dataclass(frozen=True, slots=True)
class Site:
    """What all units of a fleet share. ``root_pem``: the certificate that they pin."""

    agency: str
    agency_key: str
    settings: FleetSettings
    root_pem: str


def render(unit: Unit, site: Site) -> Mapping[str, str]:
    """Every file of a unit: its path there, and its text."""
    return {
        **device_files(unit.board),
        VEHICLE_TOML: _vehicle(unit, site),
        ENROLMENT_TOML: _enrolment(unit, site),
        CA_PEM: site.root_pem,
        UPDATE_TOML: _update(site),
    }


def _vehicle(unit: Unit, site: Site) -> str:
    broker = site.settings.broker
    return _toml(
        ("unit", unit.unit),
        ("district", unit.district),
        ("agency", f"{SEED[unit.board]}/{BUNDLE}"),
        ("agency_key", site.agency_key),
        ("data", STATE),
        gps=(("source", unit.gps),),
        broker=(
            ("host", broker.host),
            ("port", broker.port),
            ("ca", CA_PEM),
            ("cert", f"{IDENTITY}/current/cert.pem"),
            ("key", f"{IDENTITY}/current/key.pem"),
        ),
        touchscreen=(("diagonal", unit.diagonal),),
    )


def _enrolment(unit: Unit, site: Site) -> str:
    return _toml(
        ("unit", unit.unit),
        ("service", site.settings.enrolment.url),
        ("ca", CA_PEM),
        ("identity", IDENTITY),
        ("token", TOKEN),
    )


def _update(site: Site) -> str:
    """Where no release key is pinned the unit takes bundles alone, and installs no release by itself."""
    key = site.settings.release_key
    headquarters = (
        ("service", site.settings.enrolment.url),
        ("ca", CA_PEM),
        ("cert", f"{IDENTITY}/current/cert.pem"),
        ("key", f"{IDENTITY}/current/key.pem"),
        ("downloads", DOWNLOADS),
    )
    releases = () if key is None else (("release_key", key), ("folders", [STICK, DOWNLOADS]))
    return _toml(*releases, headquarters=headquarters)


def _toml(*top: tuple[str, object], **tables: tuple[tuple[str, object], ...]) -> str:
    """TOML of plain values: JSON's texts and numbers are TOML's too."""
    lines = [_HEAD, *_rows(top)]
    for name, rows in tables.items():
        lines += ["", f"[{name}]", *_rows(rows)]
    return "\n".join(lines) + "\n"


def _rows(rows: tuple[tuple[str, object], ...]) -> list[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows]
