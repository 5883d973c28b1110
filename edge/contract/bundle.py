"""The agency bundle: the agency directory with its models, a manifest of every file's SHA-256, and a signature of that.

``manifest.json`` is canonical JSON of `Manifest`; ``signature.json`` is a `Signed` of kind ``bundle`` with the manifest
as its body. The directory's own public key cannot vouch for itself: whoever verifies says which key is trusted. Must
not import numpy or onnxruntime: what is in a model is not looked at here.

**A new key.** ``agency.json`` names it and it signs the bundle; the key before signs the same manifest once more, in
``countersignature.json``. Who trusts the old key finds both signatures good, and trusts the new one from then on.

**Expiry.** A bundle past its expiry is used, with a warning; it is never refused for that.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from edge.contract.agency import Agency, load_agency
from edge.contract.keys import DailyKey, Keyring
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, SIGNATURE, Manifest
from edge.contract.messages import LARGEST, Signed, decode
from edge.contract.plain_file import open_plain, read_plain
from edge.contract.signed_documents import verify
from edge.contract.signed_kinds import BUNDLE
from edge.contract.signing import verify as verify_signature
from edge.text.coded import CodedError
from edge.text.words import os_error

Named: TypeAlias = Mapping[str, tuple[DailyKey, ...]]
"""Daily keys by role."""

NO_KEYS: Final[Named] = {}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle. ``key``: the public key that the signature is of; ``countersigned``: by the one before."""

    directory: Path
    manifest: Manifest
    signed: Signed
    agency: Agency
    key: str
    countersigned: Signed | None = None


def verified_bundle(directory: Path, key: str | None, daily: Named = NO_KEYS) -> Bundle:
    """Check signatures, files and scope; expiry is `Manifest.warning`'s.

    ``key``: the trusted public key; None trusts the one that the directory names, which vouches for nobody.
    ``daily``: keys that are known and may not sign a bundle, to name them. Raises CodedError with what is wrong first:
    unsigned, another key, a file changed or missing, of another agency.
    """
    manifest, signed = read_manifest(directory), read_signature(directory)
    check_body(directory, manifest, signed)
    countersigned = read_countersignature(directory, manifest)
    known = {**manifest.keys, **daily}
    if key is not None and not _announced(countersigned, key):
        check_signature(directory, signed, Keyring(key, known))
        countersigned = None
    check_files(directory, manifest)
    agency = load_agency(directory)
    trusted = agency.public_key if key is None or countersigned is not None else key
    check_signature(directory, signed, Keyring(trusted, known))
    check_scope(directory, manifest, agency, trusted)
    if agency.hash != manifest.digest():
        raise CodedError("bundle_file.changed", path=str(directory))
    return Bundle(directory, manifest, signed, agency, trusted or "", countersigned)


def _announced(countersigned: Signed | None, key: str) -> bool:
    """Whether the holder of a trusted key has signed that another follows it."""
    return countersigned is not None and verify_signature(key, countersigned.signed_bytes(), countersigned.signature)


def read_manifest(directory: Path) -> Manifest:
    """The manifest, signed or not. Raises CodedError where it is missing, malformed or not canonical."""
    path = directory / MANIFEST
    content = _read(directory, MANIFEST, "no_manifest")
    try:
        manifest = decode(Manifest, content)
    except CodedError as error:
        raise CodedError("bundle_file.no_message", path=str(path), why=error.why) from error
    if content != manifest.canonical():
        raise CodedError("bundle_file.rewritten", path=str(path))
    return manifest


def read_signature(directory: Path) -> Signed:
    """The signed document. Raises CodedError where there is none, or it is none of a bundle."""
    path = directory / SIGNATURE
    if not os.path.lexists(path):
        raise CodedError("bundle_file.not_signed", path=str(path))
    return _signed(directory, SIGNATURE)


def read_countersignature(directory: Path, manifest: Manifest) -> Signed | None:
    """The manifest signed with the agency's key before; None where no new key is announced."""
    if not os.path.lexists(directory / COUNTERSIGNATURE):
        return None
    signed = _signed(directory, COUNTERSIGNATURE)
    check_body(directory, manifest, signed)
    return signed


def _signed(directory: Path, name: str) -> Signed:
    path = directory / name
    try:
        signed = decode(Signed, _read(directory, name, "no_signature"))
    except CodedError as error:
        raise CodedError("bundle_file.no_signed", path=str(path), why=error.why) from error
    if signed.kind != "bundle":
        raise CodedError("bundle_file.other_kind", path=str(path), actual=signed.kind)
    return signed


def check_body(directory: Path, manifest: Manifest, signed: Signed) -> None:
    """Raises CodedError where the signature is of another manifest."""
    if signed.body != manifest.model_dump(mode="json"):
        raise CodedError("bundle_file.other_manifest", path=str(directory / MANIFEST))


def check_signature(directory: Path, signed: Signed, keys: Keyring) -> None:
    """Raises CodedError where the signature is not that of the trusted key, or what must be understood is not."""
    try:
        verify(BUNDLE, signed, keys)
    except CodedError as error:
        raise CodedError("file.refused", path=str(directory / SIGNATURE), why=error.why) from error


def check_files(directory: Path, manifest: Manifest) -> None:
    """Raises CodedError where a listed file is missing, no plain file of its size, or its SHA-256 is another.

    An optional one may be missing.
    """
    for name, expected, size in listed_files(directory, manifest):
        if file_hash(directory, name, size) != expected:
            raise CodedError("bundle_file.other_hash", path=str(directory / name))


def listed_files(directory: Path, manifest: Manifest) -> Iterator[tuple[str, str, int | None]]:
    """Name, SHA-256 and size of each file that must be there, and of those optional ones that are."""
    yield from ((name, expected, manifest.sizes.get(name)) for name, expected in sorted(manifest.files.items()))
    for name, listed in sorted(manifest.optional.items()):
        if os.path.lexists(directory / name):
            yield name, listed.sha256, listed.size


def check_scope(directory: Path, manifest: Manifest, agency: Agency, key: str | None) -> None:
    """Raises CodedError where the manifest, the agency's document and the key are not of one agency."""
    if manifest.agency != agency.id:
        values = {"manifest": manifest.agency, "agency": agency.id}
        raise CodedError("bundle_file.two_agencies", path=str(directory), **values)
    if agency.public_key != key:
        raise CodedError("bundle_file.two_keys", path=str(directory / "agency.json"))


def file_hash(directory: Path, name: str, size: int | None = None) -> str:
    """SHA-256 of a plain file, of a size where one is given. Raises CodedError where it is none, or cannot be read."""
    try:
        with open_plain(directory, name, size) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CodedError("bundle_file.unreadable", path=str(directory / name), error=os_error(error)) from error


def _read(directory: Path, name: str, lacking: str) -> bytes:
    """A small document, never more than a message's bytes. ``lacking``: key of the sentence where it cannot be read."""
    try:
        return read_plain(directory, name, most=LARGEST)
    except OSError as error:
        raise CodedError(f"bundle_file.{lacking}", path=str(directory / name), error=os_error(error)) from error
