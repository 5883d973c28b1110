"""Two villages of a few boxes, far apart: an agency too wide for a polynomial of degree 3. A helper for tests."""

import json
from pathlib import Path
from typing import Final

from edge.agency.build import BuildReport, build_agency
from tests.agency.square import LASTING, TOML, collection, rectangle

APART: Final = 1.2
"""Degrees of longitude from the one to the other."""

VILLAGE: Final = (-99.61, 40.0, -99.59, 40.006)


def write_wide(folder: Path, apart: float = APART) -> Path:
    """Write its files; the path of its ``agency.toml``. Each village is a district and a beat."""
    west, south, east, north = VILLAGE
    one, other = rectangle(*VILLAGE), rectangle(west + apart, south, east + apart, north)
    clinic = {"type": "Point", "coordinates": [west + 0.01, south + 0.003]}
    files = {
        "boundary": collection(({}, one), ({}, other)),
        "districts": collection(({"district": "1"}, one), ({"district": "2"}, other)),
        "beats": collection(({"beat": "11"}, one), ({"beat": "21"}, other)),
        "opt_out": collection(({}, clinic)),
    }
    for name, document in files.items():
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    toml = folder / "agency.toml"
    toml.write_text(TOML.replace("squaretown", "widecounty").replace("Squaretown", "Wide County"), encoding="utf-8")
    return toml


def build_wide(folder: Path, apart: float = APART) -> BuildReport:
    """Build it in ``folder/agency``, signed with ``folder/key.pem``."""
    return build_agency(write_wide(folder, apart), folder / "agency", key=folder / "key.pem", terms=LASTING)
