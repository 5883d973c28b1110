"""Certificates of headquarters' own processes, which an admin issues by hand. Must not be used for a unit."""

from pathlib import Path
from typing import Final

from edge.contract.fields import OF_HEADQUARTERS, RECEIVER
from edge.errors import UserError
from edge.text.whole_file import make_folder, write_whole
from provisioning.authority.certificates import DAY_S, sign_client
from provisioning.authority.pem import key_pem, new_key
from provisioning.fleet.folder import Fleet
from provisioning.fleet.issued import record_of
from provisioning.private_file import write_private
from provisioning.registry.records import ADMIN
from provisioning.registry.registry import Registry

DAYS: Final = 365


def issue_process(fleet: Fleet, registry: Registry, name: str, out: Path) -> tuple[Path, Path]:
    """A certificate and key for a process, as files. Raises UserError for a name that the access list does not know."""
    if name not in OF_HEADQUARTERS and not name.startswith(RECEIVER):
        known = f"receiver-1, receiver-2, {', '.join(OF_HEADQUARTERS)}"
        msg = f"{name}: not the name of a process of headquarters; choose one of {known}"
        raise UserError(msg)
    number, issuing = fleet.authority.newest()
    key = new_key()
    made = sign_client(issuing, name, key.public_key(), fleet.utc(), DAYS * DAY_S)
    held = record_of(made, issuing.certificate, number, ADMIN)
    cert_file, key_file = out / f"{name}.pem", out / f"{name}.key"
    make_folder(out, "choose another --out", 0o700)
    with registry.transaction():
        registry.put_certificate(held)
        registry.note("issued", name, ADMIN, held.serial)
        write_private(key_file, key_pem(key))
        write_whole(cert_file, held.pem)
    return cert_file, key_file
