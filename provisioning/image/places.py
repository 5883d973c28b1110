"""Where things are on a unit. Must not contain anything but paths."""

from collections.abc import Mapping
from typing import Final

from provisioning.units.unit import Board

ETC: Final = "/etc/roundsman"
STATE: Final = "/var/lib/roundsman"
VEHICLE_TOML: Final = f"{ETC}/vehicle.toml"
ENROLMENT_TOML: Final = f"{ETC}/enrolment.toml"
UPDATE_TOML: Final = f"{ETC}/update.toml"
CA_PEM: Final = f"{ETC}/ca.pem"
IDENTITY: Final = f"{STATE}/identity"
TOKEN: Final = f"{STATE}/enrolment.json"

SEED: Final[Mapping[Board, str]] = {
    "rpi4": "/boot/firmware",
    "rpi5": "/boot/firmware",
    "mdt": "/var/lib/cloud/seed/nocloud",
}
"""The folder that cloud-init reads a first boot's files from. Raspberry Pi OS (Trixie or later): the boot partition."""

STICK: Final = "/media/stick/roundsman"
"""Where a stick's releases lie, each in a folder of its own."""

DOWNLOADS: Final = "/var/lib/roundsman-downloads"

BESIDE: Final = "roundsman"
"""The folder in it for what cloud-init does not read."""

TOKEN_FILE: Final = f"{BESIDE}/enrolment.json"
BUNDLE: Final = f"{BESIDE}/agency"
