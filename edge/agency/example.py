"""An example agency to try one car alone: Riverton, an invented city, signed here and now with a key of its own.

The packaged files are what `agency build` makes of the demo's city (`python -m edge.demo.example` writes them anew).
Needs none of headquarters' libraries. Must not overwrite anything, and must not hold a key.
"""

import gzip
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.bundle import signature_of
from edge.agency.directory import fresh_directory
from edge.agency.pack import USUAL, make_manifest
from edge.contract.agency import FILES, load_agency
from edge.contract.agency_file import AgencyDoc
from edge.contract.manifest import MANIFEST, SIGNATURE
from edge.contract.messages import encode
from edge.contract.places import PLACES
from edge.contract.signing import create_private_key, public_key_of
from edge.errors import UserError
from edge.plans.by_hand import signed_plan

PACKAGED: Final = files("edge.agency").joinpath("riverton")
DRIVE: Final = "drive.nmea"
PLAN_FILE: Final = "plan.toml"

VEHICLE: Final = """\
# One car alone: no broker, no risk models. `roundsman vehicle run --config vehicle.toml`, then http://127.0.0.1:8600
unit = "car-1"
agency = "{folder}/agency"
agency_key = "{key}"
district = "1"
data = "{folder}/records"
link = "off"
stick = "{folder}/stick"                  # stands for a USB stick: its folder roundsman/ holds the signed plan

[gps]                                     # a recorded drive, from its beginning at each start
source = "replay"                         # with a receiver: source = "gpsd", and no log
log = "{folder}/drive.nmea"
"""


def write_example(folder: Path) -> list[Path]:
    """Write it all into a folder that is new or empty; what was written. Raises UserError where it cannot be."""
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder}: is not an empty folder; choose another"
        raise UserError(msg)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        key = create_private_key(folder / "signing.key")
        _write_bundle(folder / "agency", key)
        return [folder / "agency", folder / "signing.key", *_write_car(folder, key)]
    except OSError as error:
        msg = f"{error.filename or folder}: cannot be written ({error.strerror}); choose another folder"
        raise UserError(msg) from error


def _write_bundle(out: Path, key: Ed25519PrivateKey) -> None:
    packaged = {name: PACKAGED.joinpath(name).read_bytes() for name in (*FILES, PLACES)}
    doc = AgencyDoc.model_validate_json(packaged["agency.json"]).model_copy(update={"public_key": public_key_of(key)})
    required: Mapping[str, bytes] = {
        **{name: packaged[name] for name in FILES},
        "agency.json": doc.model_dump_json().encode() + b"\n",
    }
    optional = {PLACES: packaged[PLACES]}
    manifest, _ = make_manifest(out, doc.id, ZoneInfo(doc.zone), required, USUAL, optional=optional)
    signed = {MANIFEST: manifest.canonical(), SIGNATURE: signature_of(manifest, key)}
    with fresh_directory(out, {**required, **optional, **signed}):
        pass


def _write_car(folder: Path, key: Ed25519PrivateKey) -> list[Path]:
    """The drive, the plan as an analyst wrote it and as it is signed, the car's configuration."""
    stick = folder / "stick" / "roundsman"
    stick.mkdir(parents=True)
    agency = load_agency(folder / "agency")
    written = {
        folder / DRIVE: gzip.decompress(PACKAGED.joinpath(f"{DRIVE}.gz").read_bytes()),
        folder / PLAN_FILE: PACKAGED.joinpath(PLAN_FILE).read_bytes(),
        folder / "vehicle.toml": VEHICLE.format(folder=folder, key=agency.public_key).encode(),
    }
    for path, content in written.items():
        path.write_bytes(content)
    document = signed_plan(folder / PLAN_FILE, agency, key, "analyst", "the example's plan")
    (stick / "plan.json").write_bytes(encode(document.signed))
    return [*written, stick / "plan.json"]
