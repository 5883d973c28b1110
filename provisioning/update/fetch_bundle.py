"""Brings the agency's newest bundle onto the unit, as the daemon's user, into the drop folder that the daemon looks in.

What is half here lies in a folder that the daemon passes over, and is gone on with the next time; in one rename all of
it is in the drop folder. Must not adopt a bundle, nor decide whose signature is good: the daemon does both, as for one
that comes by hand.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from edge.contract.bundle import check_body, check_files, read_manifest, read_signature
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, SIGNATURE, Manifest
from edge.contract.plain_file import MOST
from edge.contract.signed_kinds import BUNDLE
from edge.errors import UserError
from edge.text.whole_file import make_folder, sync_folder, write_whole
from edge.vehicle.documents.bundle import FOLDER as KEPT
from edge.vehicle.documents.bundle_drop import REFUSED
from edge.vehicle.documents.drop_folder import FOLDER as INCOMING
from edge.vehicle.store.bundle_store import BundleStore
from provisioning.software.offering import MOST_BAD, BundleOffer, BundleReport
from provisioning.update.download import download

COMING: Final = ".headquarters"
"""The folder in the drop folder for what is not whole. Beside it: a rename crosses no mount, and the unit's sandbox has
one at the drop folder."""

NAMED: Final = "headquarters-{}"
ADVICE: Final = "correct its owner and mode"


class Publisher(Protocol):
    """Who is asked. Each raises UserError where nobody answers, or no."""

    def report_bundle(self, report: BundleReport) -> BundleOffer:
        """Say which bundle is used here; which one is to be."""

    def bundle_pieces(self, bundle: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes of one of its files from ``start`` to before ``end``, as they come."""


def fetch_bundle(data: Path, uses: str | None, publisher: Publisher) -> str:
    """Have headquarters' bundle in the drop folder, where it is newer than what the daemon has kept.

    ``data``: the daemon's data folder; ``uses``: the bundle in force there, None where no daemon answers. A sentence of
    how it went. Raises UserError.
    """
    kept = _kept(data)
    if kept is None:
        return f"{data / KEPT}: the vehicle has kept no bundle yet; none is downloaded"
    incoming = data / INCOMING
    offer = publisher.report_bundle(_report(kept, uses, incoming))
    make_folder(incoming, ADVICE, 0o700)
    wanted = None if offer.bundle == kept.digest() else offer.bundle
    _remove_others(incoming, wanted)
    if wanted is None:
        return f"Bundle {kept.version}: headquarters has no other one for this unit now"
    if (place := incoming / NAMED.format(wanted)).exists():
        return f"Bundle {wanted[:12]} is here already; the vehicle adopts it, or its status page says why not"
    coming = _Coming(wanted, offer.sizes, incoming / COMING / wanted, publisher)
    manifest = coming.fetched(kept)
    if manifest is None:
        return f"Bundle {kept.version}: headquarters has no newer one"
    _put(coming.folder, place)
    return f"Bundle {manifest.version} is here; the vehicle uses it from its next start"


def _report(kept: Manifest, uses: str | None, incoming: Path) -> BundleReport:
    """``kept``: the newest one; while no daemon answers, nobody knows what its next start makes of it."""
    waits = None if uses in (None, kept.digest()) else kept.digest()
    version, made = BUNDLE.order(kept)
    return BundleReport(uses=uses, waits=waits, bad=tuple(_refused(incoming)), order=(version, made))


def _refused(incoming: Path) -> Iterator[str]:
    """Those that came from headquarters and were refused by the daemon."""
    for mark in sorted(incoming.glob(f"{NAMED.format('*')}/{REFUSED}"))[:MOST_BAD]:
        yield mark.parent.name.removeprefix(NAMED.format(""))


def _kept(data: Path) -> Manifest | None:
    """The manifest of the newest bundle kept whose files are whole: a damaged one is replaced by headquarters'."""
    for directory in BundleStore(data / KEPT).kept():
        try:
            manifest = read_manifest(directory)
            check_files(directory, manifest)
        except UserError:
            continue
        return manifest
    return None


@dataclass(frozen=True, slots=True)
class _Coming:
    """A bundle that is downloaded into a folder. ``sizes``: of its files, as headquarters says."""

    bundle: str
    sizes: Mapping[str, int]
    folder: Path
    publisher: Publisher

    def fetched(self, used: Manifest) -> Manifest | None:
        """Its manifest, once all of it is on disk; None, and no file more, where it is not newer than that used."""
        if sum(self.sizes.values()) > MOST:
            raise self._refused(f"has more than {MOST / 1e6:.0f} MB; none of it is downloaded")
        make_folder(self.folder, ADVICE, 0o700)
        self._file(MANIFEST, self.bundle)
        manifest = read_manifest(self.folder)
        if BUNDLE.order(manifest) <= BUNDLE.order(used):
            return None
        digests = _digests(manifest, self.sizes)
        folders = {(self.folder / name).parent for name in digests}
        for folder in folders:
            make_folder(folder, ADVICE, 0o700)
        for name, sha256 in digests.items():
            self._file(name, sha256)
        self._signatures(manifest)
        for folder in folders | {self.folder}:
            sync_folder(folder)
        return manifest

    def _file(self, name: str, sha256: str) -> None:
        download(self.folder / name, self._size(name), sha256, partial(self.publisher.bundle_pieces, self.bundle, name))

    def _signatures(self, manifest: Manifest) -> None:
        """Always anew: they are small, and nobody has said their hash."""
        for name in (SIGNATURE, *({COUNTERSIGNATURE} & self.sizes.keys())):
            size = self._size(name)
            content = b"".join(self.publisher.bundle_pieces(self.bundle, name, 0, size)) if size else b""
            if len(content) != size:
                raise self._refused(f"sends {len(content)} of the {size} bytes of {name}; it is tried again")
            write_whole(self.folder / name, content)
        check_body(self.folder, manifest, read_signature(self.folder))

    def _size(self, name: str) -> int:
        if (size := self.sizes.get(name)) is None:
            raise self._refused(f"has no {name}; publish it anew")
        return size

    def _refused(self, why: str) -> UserError:
        return UserError(f"headquarters: bundle {self.bundle[:12]} {why}")


def _digests(manifest: Manifest, sizes: Mapping[str, int]) -> Mapping[str, str]:
    """SHA-256 of each file that must be there, and of those optional ones that headquarters has."""
    optional = {name: listed.sha256 for name, listed in manifest.optional.items() if name in sizes}
    return {**manifest.files, **optional}


def _put(coming: Path, place: Path) -> None:
    try:
        coming.rename(place)
        sync_folder(place.parent)
    except OSError as error:
        msg = f"{place}: cannot be written ({error.strerror or error}); {ADVICE}"
        raise UserError(msg) from error


def _remove_others(incoming: Path, wanted: str | None) -> None:
    """What came from headquarters before, and is not wanted any more; what somebody else put there stays."""
    for path in (*incoming.glob(NAMED.format("*")), *(incoming / COMING).glob("*")):
        if path.name not in (wanted, NAMED.format(wanted)):
            shutil.rmtree(path, ignore_errors=True)
