"""The agency's bundles that headquarters has: that of ``fleet.toml``, and those in the fleet's ``bundles/``.

The newest one that verifies and has not expired is offered, by the stages; each unit verifies it itself. Must not serve
what a manifest does not list.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.contract.bundle import listed_files, read_manifest, verified_bundle
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, SIGNATURE, Manifest
from edge.contract.signed_kinds import BUNDLE
from edge.errors import UserError
from edge.text.words import say
from provisioning.fleet.folder import Fleet

FOLDER: Final = "bundles"
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShelvedBundle:
    """A bundle that is good. ``sizes``: bytes of each of its files."""

    manifest: Manifest
    sizes: dict[str, int]


class BundleShelf:
    """Of one fleet. Its methods may be called by several threads at once."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def newest(self) -> ShelvedBundle | None:
        """The newest good bundle, if there is one; the journal names each that is passed over."""
        for manifest, directory in sorted(self._held(), key=lambda one: BUNDLE.order(one[0]), reverse=True):
            try:
                warning = verified_bundle(directory, self._fleet.agency.public_key).manifest.warning(self._fleet.utc())
                if warning is None:
                    sizes = {name: (directory / name).stat().st_size for name in _names(directory, manifest)}
                    return ShelvedBundle(manifest, sizes)
                _log.warning("not offered: %s: %s", directory, say(warning))
            except (UserError, OSError) as error:
                _log.warning("not offered: %s", error)
        return None

    def file(self, bundle: str, name: str) -> Path | None:
        """A file of a bundle by its name; None for another."""
        for manifest, directory in self._held():
            if manifest.digest() == bundle and name in _names(directory, manifest):
                return directory / name
        return None

    def _held(self) -> Iterator[tuple[Manifest, Path]]:
        for directory in (self._fleet.settings.agency, *sorted((self._fleet.folder / FOLDER).glob("*/"))):
            try:
                yield read_manifest(directory), directory
            except UserError as error:
                _log.warning("not offered: %s", error)


def _names(directory: Path, manifest: Manifest) -> tuple[str, ...]:
    countersigned = (COUNTERSIGNATURE,) if (directory / COUNTERSIGNATURE).exists() else ()
    return (MANIFEST, SIGNATURE, *countersigned, *(name for name, *_ in listed_files(directory, manifest)))
