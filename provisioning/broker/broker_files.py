"""The files in the broker's folder: written the first time, and kept fresh by being written again each day.

Must not have the broker read them: `revocation` does where it has to be at once.
"""

import grp
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography import x509

from edge.text.whole_file import make_folder, write_whole
from provisioning.authority.certificates import DAY_S, make_server
from provisioning.authority.pem import key_pem, read_chain
from provisioning.authority.revoked import lists_of, sign_revoked
from provisioning.broker.render import CA, OWN_KEY, OWN_PEM, REVOKED, render_broker
from provisioning.fleet.folder import Fleet
from provisioning.private_file import write_private
from provisioning.registry.records import Certificate
from provisioning.registry.registry import Registry

LEFT_DAYS: Final = 60
"""The broker's own certificate is issued anew when it has no more than this."""

OWNER: Final = "mosquitto"
"""Who reads the key: mosquitto 2 gives up root before it does."""


def write_broker_files(fleet: Fleet, registry: Registry, out: Path) -> list[str]:
    """Write all of them; what an admin should know of it. Raises UserError where they cannot be written."""
    folder = out.absolute()
    make_folder(folder, "choose another --out")
    for name, text in render_broker(folder, fleet.agency.id, fleet.settings.broker.port).items():
        _write_public(folder / name, text)
    _write_public(folder / CA, fleet.authority.root_pem())
    notes = []
    if _ends(folder / OWN_PEM, fleet.settings.broker.host) < fleet.utc() + LEFT_DAYS * DAY_S:
        own = make_server(fleet.authority.newest()[1], "broker", [fleet.settings.broker.host], fleet.utc())
        write_private(folder / OWN_KEY, key_pem(own.key))
        _write_public(folder / OWN_PEM, own.chain)
        notes.append("a new certificate of the broker's own")
    write_revoked(fleet, registry, folder)
    if not _for_mosquitto(folder / OWN_KEY):
        notes.append(f"let {OWNER} read {folder / OWN_KEY}: chgrp {OWNER} and chmod 640, as root")
    return notes


def write_revoked(fleet: Fleet, registry: Registry, folder: Path, beside: Iterable[tuple[int, str]] = ()) -> None:
    """Sign the list of what is revoked, one for each issuing key. ``beside``: more of it, issuer and serial.

    Raises UserError where the folder is not the broker's, or cannot be written.
    """
    path = folder / REVOKED
    before = path.read_bytes() if path.exists() else b""
    now = fleet.utc()
    revoked = [(one.issuer, one.serial, one.revoked) for one in registry.certificates() if _listed(one, now)]
    revoked += [(issuer, serial, now) for issuer, serial in beside]
    lists = []
    for number in fleet.authority.numbers():
        issuing = fleet.authority.issuing(number)
        own = [(serial, at) for issuer, serial, at in revoked if issuer == number and at is not None]
        lists.append(sign_revoked(issuing, own, now, before))
    _write_public(path, b"".join(lists))


def _write_public(path: Path, content: bytes | str) -> None:
    """A file that mosquitto reads as a user of its own, whatever the umask of who writes it."""
    write_whole(path, content)
    path.chmod(0o644)


def list_ends(folder: Path) -> float | None:
    """Until when the broker's list holds, POSIX seconds; None where there is none."""
    with suppress(OSError, ValueError):
        held = lists_of((folder / REVOKED).read_bytes())
        return min(one.next_update_utc.timestamp() for one in held if one.next_update_utc is not None)
    return None


def _listed(one: Certificate, now: float) -> bool:
    """Whether a certificate has to be listed: revoked, and not expired by itself."""
    return one.revoked is not None and now < one.ends


def _ends(path: Path, host: str) -> float:
    """When the broker's certificate ends; 0 where there is none for its host."""
    if not path.exists():
        return 0.0
    own = read_chain(path, "remove it; another is made")[0]
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    held = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    return own.not_valid_after_utc.timestamp() if host in held else 0.0


def _for_mosquitto(key: Path) -> bool:
    """Let the broker's group read its key, where we may; whether it can. A folder with that group's setgid will do."""
    try:
        if os.geteuid() == 0:
            shutil.chown(key, group=OWNER)
        if key.stat().st_gid != grp.getgrnam(OWNER).gr_gid:
            return False
        key.chmod(0o640)
    except (LookupError, OSError):
        return False
    return True
