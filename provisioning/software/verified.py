"""A release in a folder, verified: who signed it, and that its files are those that were signed.

Must not decide whether a unit may have it.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.contract.plain_file import open_plain, read_plain
from edge.errors import UserError
from provisioning.software.dsse import MOST_BYTES, opened
from provisioning.software.statement import LARGEST, PAYLOAD, Predicate, Statement, read_statement

MANIFEST: Final = "release.dsse.json"
CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest whose signature holds. ``sealed``: its bytes as they came.

    ``digest``: SHA-256 of what was signed: it names this release, whatever its version.
    """

    statement: Statement
    sealed: bytes
    digest: str

    @property
    def predicate(self) -> Predicate:
        """What it says of the release."""
        return self.statement.predicate

    @property
    def name(self) -> str:
        """What it is called: a folder on a unit, a place at headquarters."""
        return f"{self.version}-{self.digest[:12]}"

    @property
    def version(self) -> str:
        """Of the software."""
        return self.predicate.version


def manifest_of(sealed: bytes, key: str) -> Manifest:
    """A manifest by its bytes. ``key``: the release key, in hexadecimal. Raises UserError, to follow its path."""
    payload = opened(sealed, PAYLOAD, key)
    return Manifest(read_statement(payload), sealed, hashlib.sha256(payload).hexdigest())


def read_manifest(folder: Path, key: str) -> Manifest:
    """The manifest of a release. Raises UserError where there is none, or it is not signed by the key."""
    path = folder / MANIFEST
    try:
        sealed = read_plain(folder, MANIFEST, most=MOST_BYTES)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror or error}); copy the whole release"
        raise UserError(msg) from error
    try:
        return manifest_of(sealed, key)
    except UserError as error:
        msg = f"{path}: {error}"
        raise UserError(msg) from error


def copy_verified(manifest: Manifest, names: Iterable[str], source: Path, to: Path | None = None) -> None:
    """Read files of a release, and copy them while they are read: what was verified is what is there afterwards.

    ``to``: None verifies alone. Raises UserError for the first that is missing, or not what was signed.
    """
    digests = manifest.statement.digests
    for name in names:
        try:
            copied = _copied(source, name, manifest.predicate.sizes[name], to)
        except OSError as error:
            msg = f"{source / name}: cannot be copied ({error.strerror or error}); copy the whole release"
            raise UserError(msg) from error
        if copied != digests[name]:
            msg = f"{source / name}: is not the file that was signed; copy the release again"
            raise UserError(msg)


def sha256_of(path: Path) -> str:
    """Of a whole file. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copied(source: Path, name: str, size: int, to: Path | None) -> str:
    """SHA-256 of a file while it is copied. Raises UserError for one of another size."""
    found, left = hashlib.sha256(), size
    with open_plain(source, name, size, LARGEST) as file, open(os.devnull if to is None else to / name, "wb") as copy:
        while left and (chunk := file.read(min(CHUNK, left))):
            found.update(chunk)
            copy.write(chunk)
            left -= len(chunk)
        copy.flush()
        if to is not None:
            os.fsync(copy.fileno())
    return found.hexdigest()
