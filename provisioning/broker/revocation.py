"""Revoking somebody: no certificate of theirs is accepted any more, no token, and no session goes on.

The registry comes first: what is written there holds, whatever becomes of the broker, and the command may be given
again. Must not decide who.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig
from edge.text.plain import plain
from provisioning.authority.certificates import Pair, sign_client
from provisioning.authority.pem import key_pem, new_key, serial_of
from provisioning.broker.broker_files import write_revoked
from provisioning.broker.render import CA
from provisioning.broker.sessions import take_over, wait_until_refused
from provisioning.fleet.folder import Fleet
from provisioning.private_file import write_private
from provisioning.registry.records import ADMIN, Certificate
from provisioning.registry.registry import Registry

PROBE: Final = "revocation check"
"""The name of a certificate that is made to be refused; no unit can have it."""

PROBE_S: Final = 600.0
RELOAD_S: Final = 30.0


def revoke(registry: Registry, name: str, reason: str) -> list[Certificate]:
    """Revoke every certificate and token of somebody; which certificates. Raises UserError for nobody known."""
    with registry.transaction():
        if name not in registry.units() and not registry.certificates(name):
            msg = f"{name}: neither a unit of the fleet nor the name of a certificate; correct the name"
            raise UserError(msg)
        revoked = registry.revoke(name)
        registry.void_tokens(name)
        serials = ", ".join(one.serial for one in revoked) or "no certificate"
        registry.note("revoked", name, ADMIN, f"{reason}: {serials}")
    return revoked


def enforce(fleet: Fleet, registry: Registry, name: str) -> None:
    """Have the broker refuse what is revoked, and end the session of a name. Raises UserError where it does not."""
    settings = fleet.settings.broker
    folder = settings.files
    if not (folder / CA).exists():
        msg = f"{folder}: has no broker's files; run `roundsman provision broker render`, or correct broker.files"
        raise UserError(msg)
    number, issuing = fleet.authority.newest()
    with _certified(fleet, issuing, PROBE) as (probe, serial):
        write_revoked(fleet, registry, folder, [(number, serial)])
        reload_broker(settings.reload)
        wait_until_refused(probe)
    with _certified(fleet, issuing, name) as (other, _):
        take_over(other, name)


def reload_broker(command: tuple[str, ...]) -> None:
    """Have the broker read its files anew. Raises UserError where the command cannot be run, or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=RELOAD_S, check=False)  # noqa: S603 - the admin's
        why = plain(done.stderr.strip() or f"exit status {done.returncode}", 200) if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        why = plain(str(error), 200)
    if why:
        msg = f"broker.reload: `{' '.join(command)}` failed ({why}); correct it in fleet.toml, or run this as root"
        raise UserError(msg)


@contextmanager
def _certified(fleet: Fleet, issuing: Pair, name: str) -> Iterator[tuple[BrokerConfig, str]]:
    """How to reach the broker by a certificate that lives for minutes, and its serial; its key goes with the block."""
    key = new_key()
    made = Pair(sign_client(issuing, name, key.public_key(), fleet.utc(), PROBE_S), key, (issuing.certificate,))
    settings = fleet.settings.broker
    with tempfile.TemporaryDirectory(prefix="roundsman-") as place:
        folder = Path(place)
        write_private(folder / "key.pem", key_pem(made.key))
        write_private(folder / "cert.pem", made.chain)
        write_private(folder / "ca.pem", fleet.authority.root_pem().encode())
        yield (
            BrokerConfig(
                host=settings.host,
                port=settings.port,
                ca=folder / "ca.pem",
                cert=folder / "cert.pem",
                key=folder / "key.pem",
            ),
            serial_of(made.certificate),
        )
