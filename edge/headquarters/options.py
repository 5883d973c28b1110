"""What several commands of ``roundsman hq`` read alike: the configuration's file, the database, a private key.

Libraries are imported when they are needed: `--help` stays quick.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.errors import UserError
from edge.headquarters.address import Address
from edge.headquarters.config import HeadquartersConfig

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from edge.headquarters.store import Store

CONFIG = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), required=True, help="Headquarters' TOML file."
)


@contextmanager
def database_at(address: Address) -> "Iterator[Store]":
    """Headquarters' database. Raises StoreError where it is damaged, locked or full, or not there."""
    from edge.headquarters.store import Store  # noqa: PLC0415 - see the module's docstring

    with Store(address, make=False) as store:
        yield store


def signing_key(config: HeadquartersConfig, config_path: Path, role: str, purpose: str) -> "Ed25519PrivateKey":
    """The private key of a role. Raises UserError where the configuration names none, or it cannot be read."""
    from edge.contract.signing import load_private_key  # noqa: PLC0415

    setting = config.key_of(role)
    if setting is None:
        msg = f"{config_path}: keys.{role}: needed {purpose}; set it to the private key file"
        raise UserError(msg)
    return load_private_key(setting[1])
