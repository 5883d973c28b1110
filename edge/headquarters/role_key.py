"""A role's private key at headquarters, and whether the bundle in force names it. Must not sign anything."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.signing import load_private_key, public_key_of
from edge.headquarters.config import HeadquartersConfig
from edge.text.words import Notice


class RoleKey:
    """The key that the configuration names for a role. ``private``: None where it names none."""

    def __init__(self, config: HeadquartersConfig, agency: Agency, role: str) -> None:
        """Raises UserError where the key cannot be read."""
        setting = config.key_of(role)
        self.private: Ed25519PrivateKey | None = None if setting is None else load_private_key(setting[1])
        self._keys = agency.keys
        self._role = role

    @property
    def in_bundle(self) -> bool:
        """Whether the bundle names a key for the role, this one or another."""
        return self._role in self._keys.daily

    def why_not(self, now: float) -> Notice | None:
        """Why what it signs would be refused at ``now`` (POSIX seconds); None where there is no key."""
        return None if self.private is None else self._keys.why_not(self._role, public_key_of(self.private), now)
