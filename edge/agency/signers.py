"""Who signs a bundle: the agency's key, the key before it while that is listed, or nobody yet.

Must not leave a key behind that a build made and then failed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.keys import AGENCY_PEM, agency_key, previous_key
from edge.agency.keys_file import KeysDoc, read_keys
from edge.contract.signing import create_private_key, load_private_key


@dataclass(frozen=True, slots=True)
class AtHand:
    """The private keys; ``created``: the agency's was made just now."""

    agency: Ed25519PrivateKey | None
    previous: Ed25519PrivateKey | None = None
    created: bool = False


@dataclass(frozen=True, slots=True)
class Signers:
    """``key``: the file of the agency's private key; ``folder``, ``doc``: where ``keys.toml`` is, and what it says."""

    key: Path | None
    folder: Path | None
    doc: KeysDoc | None

    @classmethod
    def of(cls, key: Path | None, folder: Path | None) -> Self:
        """What two options say: a folder without its ``agency.pem`` is one whose bundles are signed elsewhere."""
        if folder is None:
            return cls(key, None, None)
        doc, own = read_keys(folder), folder / AGENCY_PEM
        return cls(key or (own if own.exists() else None), folder, doc)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where private keys are."""
        return tuple(one for one in (self.key, self.folder) if one is not None)

    @contextmanager
    def at_hand(self, *, make: bool = False) -> Iterator[AtHand]:
        """The keys; ``make``: the agency's where it is missing, unless what follows fails.

        Left behind, the next build would take it for an old one. Raises UserError where a key cannot be used.
        """
        if self.key is None:
            yield AtHand(None)
        elif self.folder is not None and self.doc is not None:
            yield AtHand(agency_key(self.folder, self.doc, self.key), previous_key(self.folder, self.doc))
        elif not make or self.key.exists():
            yield AtHand(load_private_key(self.key))
        else:
            try:
                yield AtHand(create_private_key(self.key), created=True)
            except BaseException:  # whatever it is goes on; only the key must not stay
                self.key.unlink(missing_ok=True)
                raise
