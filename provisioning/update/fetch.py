"""Brings the release that headquarters offers onto the unit, piece by piece, as the daemon's user; root installs it.

What is half here is gone on with the next time. The manifest is verified before any other file is asked for, each file
when it is whole; the manifest is put beside them last, so that nobody takes an unfinished release for one. Must not
install anything.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from edge.errors import UserError
from edge.text.whole_file import make_folder, sync_folder, write_lasting
from provisioning.software.dsse import MOST_BYTES
from provisioning.software.offering import Offer, Report
from provisioning.software.verified import MANIFEST, Manifest, manifest_of
from provisioning.update.download import download
from provisioning.update.memory import Memory


class Headquarters(Protocol):
    """Who is asked. Each raises UserError where nobody answers, or no."""

    def report(self, report: Report) -> Offer:
        """Say what runs here; what is to run."""

    def pieces(self, release: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes of a file from ``start`` to before ``end``, as they come."""


def fetch(folder: Path, runs: str, memory: Memory, key: str, target: str, hq: Headquarters) -> str:
    """Have the release that is offered in a folder below ``folder``; a sentence of how it went. Raises UserError."""
    make_folder(folder, "correct its owner and mode", 0o755)
    offer = hq.report(Report(runs=runs, bad=memory.bad))
    _remove_others(folder, offer.release)
    if offer.release is None:
        return f"Roundsman {runs}: headquarters has no other release for this unit now"
    place = folder / offer.release
    if (place / MANIFEST).exists():
        return f"Roundsman {offer.release} is here already"
    manifest = _manifest(offer.release, key, hq)
    names = manifest.predicate.targets.get(target)
    if names is None:
        msg = f"Roundsman {offer.release} is not for this computer ({target})"
        raise UserError(msg)
    make_folder(place, "correct its owner and mode", 0o755)
    digests, sizes = manifest.statement.digests, manifest.predicate.sizes
    for name in names:
        download(place / name, sizes[name], digests[name], partial(hq.pieces, manifest.name, name))
    sync_folder(folder)
    sync_folder(place)
    write_lasting(place / MANIFEST, manifest.sealed)
    return f"Roundsman {offer.release} is here; it is installed within minutes"


def _manifest(release: str, key: str, hq: Headquarters) -> Manifest:
    sealed = b"".join(hq.pieces(release, MANIFEST, 0, MOST_BYTES))[:MOST_BYTES]
    try:
        manifest = manifest_of(sealed, key)
    except UserError as error:
        msg = f"headquarters: the manifest of {release} {error}"
        raise UserError(msg) from error
    if manifest.name != release:
        msg = f"headquarters: sent the manifest of {manifest.name} for that of {release}; look through its releases"
        raise UserError(msg)
    return manifest


def _remove_others(folder: Path, kept: str | None) -> None:
    for path in folder.iterdir():
        if path.name != kept:
            shutil.rmtree(path, ignore_errors=True)
