"""What a unit's boot partition holds for its first boot, by name: cloud-init's three files, and the one-time token.

Pure. cloud-init reads YAML, and JSON is YAML: so no text of ours can change the meaning of a line. Must not make a
token, nor put one where cloud-init would keep a copy of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisioning.exchange import TokenFile
from provisioning.image.places import SEED, TOKEN_FILE
from provisioning.units.unit import Unit

USER_DATA: Final = "user-data"
META_DATA: Final = "meta-data"
NETWORK: Final = "network-config"
UNITS: Final = (
    "roundsman-clock.service", "roundsman-kiosk.service", "roundsman-enrol.service", "roundsman-renew.timer",
    "roundsman-fetch.timer", "roundsman-fetch.path", "roundsman-update.timer",
    "roundsman-vehicle.service",
)  # fmt: skip
SEAL: Final = "/usr/lib/roundsman/seal"
REBOOT: Final = "/run/roundsman-reboot"
"""There once `seal` has changed something that the next boot brings into force."""


@dataclass(frozen=True, slots=True)
class Image:
    """One unit's: the files rendered for it, and its token."""

    unit: Unit
    files: Mapping[str, str]
    token: TokenFile


def boot_files(image: Image) -> Mapping[str, str]:
    """Every file of the boot partition that is ours: name and text."""
    boot = f"{SEED[image.unit.board]}/"
    on_boot = {path.removeprefix(boot): text for path, text in image.files.items() if path.startswith(boot)}
    return {
        **on_boot,
        USER_DATA: _cloud_config(image.unit, image.files),
        META_DATA: _yaml({"instance-id": f"{image.unit.host}-{image.token.serial}", "local-hostname": image.unit.host}),
        NETWORK: _yaml(_network()),
        TOKEN_FILE: image.token.model_dump_json(indent=1) + "\n",
    }


def _cloud_config(unit: Unit, files: Mapping[str, str]) -> str:
    boot = f"{SEED[unit.board]}/"
    written = [_file(path, text) for path, text in files.items() if not path.startswith(boot)]
    service = {"name": "roundsman", "system": True, "no_create_home": True, "shell": "/usr/sbin/nologin"}
    config = {
        "hostname": unit.host,
        "manage_etc_hosts": True,
        # nobody logs in to a car: neither a user with a password nor the image's own
        "users": [{**service, "groups": "dialout, video"}],
        "disable_root": True,
        "ssh_pwauth": False,
        "write_files": written,
        "runcmd": [
            ["systemd-sysusers"],
            ["systemd-tmpfiles", "--create"],
            [SEAL],
            ["systemctl", "enable", "nftables.service", "chrony.service"],
            _gpsd(unit),
            ["systemctl", "enable", "--now", "--no-block", *UNITS],
        ],
        "power_state": {"mode": "reboot", "condition": ["test", "-e", REBOOT]},
    }
    return "#cloud-config\n" + _yaml(config)


def _gpsd(unit: Unit) -> list[str]:
    """A receiver has one reader: of two that read its port each gets half of the sentences."""
    if unit.gps == "gpsd":
        return ["systemctl", "enable", "gpsd.service"]
    return ["systemctl", "mask", "--now", "gpsd.service", "gpsd.socket"]


def _file(path: str, text: str) -> Mapping[str, str]:
    """A file for cloud-init to write; a script can be run."""
    mode = "0755" if text.startswith("#!") else "0644"
    return {"path": path, "content": text, "owner": "root:root", "permissions": mode}


def _network() -> Mapping[str, object]:
    """Whatever wire there is, an LTE router's or a dock's; none of them holds up the boot."""
    any_wire = {"dhcp4": True, "dhcp6": True, "optional": True}
    return {
        "version": 2,
        "ethernets": {
            "wired": {"match": {"name": "e*"}, **any_wire},
            "modem": {"match": {"name": "usb*"}, **any_wire},
        },
    }


def _yaml(document: Mapping[str, object]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
