"""Which key may sign what: the agency's key, and the daily keys by role that a bundle names.

As in The Update Framework the offline key delegates: it signs bundles, and each bundle names the keys in force for the
rest. A bundle that names none is in the form of before there were roles: there, the agency's key signs everything.
"""

from dataclasses import dataclass
from typing import Final

from edge.contract.signing import verify

AGENCY: Final = "agency"
"""The role of the agency's own key: bundles."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that are trusted. ``agency``: the agency's public key; None trusts nobody."""

    agency: str | None

    def check(self, payload: bytes, signature: str) -> None:
        """Raises ValueError where a signature is not that of a key that may sign such a document."""
        if self.agency is None or not verify(self.agency, payload, signature):
            msg = "its signature is not the agency's"
            raise ValueError(msg)
