"""The releases that headquarters has: folders below the fleet's ``releases/``, each signed by the key that units pin.

Must not serve what a manifest does not list.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.errors import UserError
from provisioning.software.verified import MANIFEST, Manifest, read_manifest

FOLDER: Final = "releases"
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A release and where it lies."""

    manifest: Manifest
    folder: Path

    def file(self, name: str) -> Path | None:
        """One of its files by name; None for another."""
        return self.folder / name if name == MANIFEST or name in self.manifest.statement.digests else None


def shelved(fleet: Path, key: str | None) -> dict[str, Shelved]:
    """Every release, by its name, the newest last. ``key``: the release key; None: units take none."""
    found = []
    for path in sorted((fleet / FOLDER).glob(f"*/{MANIFEST}")) if key is not None else ():
        try:
            found.append(Shelved(read_manifest(path.parent, key or ""), path.parent))
        except UserError as error:
            _log.warning("not offered: %s", error)
    found.sort(key=lambda one: one.manifest.predicate.issued)
    return {one.manifest.name: one for one in found}


def newest(fleet: Path, key: str | None, now: float) -> Manifest | None:
    """The newest release that has not expired. ``now``: POSIX seconds."""
    at = datetime.fromtimestamp(now, UTC)
    good = [one.manifest for one in shelved(fleet, key).values() if one.manifest.predicate.expires > at]
    return good[-1] if good else None
