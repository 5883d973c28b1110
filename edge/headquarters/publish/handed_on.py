"""Publishing through the daemon's own link, from whichever of its threads: a page, a feed.

What is handed on is sent at once where there is a connection; where there is none it goes out when the broker is back,
as headquarters says all that is published anew on each connection (`retained`). Must not wait for the broker.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.signing import load_private_key
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish.document import Publisher
from edge.headquarters.store import Store


@dataclass(frozen=True, slots=True)
class HandedOn:
    """``retain``: of the daemon's link."""

    retain: Callable[[str, bytes], None]

    def publish(self, topic: str, payload: bytes) -> None:
        """See the module."""
        self.retain(topic, payload)


@dataclass(frozen=True, slots=True)
class Desk:
    """What signs and hands on a role's documents: the agency, its key, the way out."""

    agency: Agency
    key: Ed25519PrivateKey
    client: Publisher
    store: Callable[[], Store]


def desk(config: HeadquartersConfig, agency: Agency, role: str, retain: Callable[[str, bytes], None]) -> Desk | None:
    """None where the configuration names no key for the role. Raises UserError where the key cannot be read."""
    setting = config.key_of(role)
    if setting is None:
        return None
    return Desk(agency, load_private_key(setting[1]), HandedOn(retain), partial(Store, config.database, make=False))
