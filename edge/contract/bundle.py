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
from collections.abc import Mapping
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
from edge.errors import UserError

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
    ``daily``: keys that are known and may not sign a bundle, to name them. Raises UserError with what is wrong first:
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
        msg = f"{directory}: changed while being read; deliver it again"
        raise UserError(msg)
    return Bundle(directory, manifest, signed, agency, trusted or "", countersigned)


def _announced(countersigned: Signed | None, key: str) -> bool:
    """Whether the holder of a trusted key has signed that another follows it."""
    return countersigned is not None and verify_signature(key, countersigned.signed_bytes(), countersigned.signature)


def read_manifest(directory: Path) -> Manifest:
    """The manifest, signed or not. Raises UserError where it is missing, malformed or not canonical."""
    path = directory / MANIFEST
    content = _read(directory, MANIFEST, "give a directory that `roundsman agency build` wrote")
    try:
        manifest = decode(Manifest, content)
    except UserError as error:
        msg = f"{path}: {error}; rebuild the agency directory"
        raise UserError(msg) from error
    if content != manifest.canonical():
        msg = f"{path}: changed since it was built; rebuild the agency directory"
        raise UserError(msg)
    return manifest


def read_signature(directory: Path) -> Signed:
    """The signed document. Raises UserError where there is none, or it is none of a bundle."""
    path = directory / SIGNATURE
    if not os.path.lexists(path):
        msg = f"{path}: not signed; sign the bundle with `roundsman agency sign`"
        raise UserError(msg)
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
        signed = decode(Signed, _read(directory, name, "sign it again with `roundsman agency sign`"))
    except UserError as error:
        msg = f"{path}: {error}; sign it again with `roundsman agency sign`"
        raise UserError(msg) from error
    if signed.kind != "bundle":
        msg = (
            f"{path}: this signature is for a {signed.kind}, not a bundle; sign the bundle with `roundsman agency sign`"
        )
        raise UserError(msg)
    return signed


def check_body(directory: Path, manifest: Manifest, signed: Signed) -> None:
    """Raises UserError where the signature is of another manifest."""
    if signed.body != manifest.model_dump(mode="json"):
        msg = f"{directory / MANIFEST}: does not match its signature; build and sign the bundle again"
        raise UserError(msg)


def check_signature(directory: Path, signed: Signed, keys: Keyring) -> None:
    """Raises UserError where the signature is not that of the trusted key, or what must be understood is not."""
    try:
        verify(BUNDLE, signed, keys)
    except (UserError, ValueError) as error:
        msg = f"{directory / SIGNATURE}: {error}"
        raise UserError(msg) from error


def check_files(directory: Path, manifest: Manifest) -> None:
    """Raises UserError where a listed file is missing, no plain file of its size, or its SHA-256 is another."""
    for name, expected in sorted(manifest.files.items()):
        if file_hash(directory, name, manifest.sizes.get(name)) != expected:
            msg = f"{directory / name}: its SHA-256 does not match the manifest; deliver the bundle again"
            raise UserError(msg)


def check_scope(directory: Path, manifest: Manifest, agency: Agency, key: str | None) -> None:
    """Raises UserError where the manifest, the agency's document and the key are not of one agency."""
    if manifest.agency != agency.id:
        msg = f"{directory}: the manifest is for agency {manifest.agency!r}, agency.json for {agency.id!r}"
        raise UserError(msg)
    if agency.public_key != key:
        msg = f"{directory / 'agency.json'}: public_key is not the key that signed the bundle; rebuild with --key"
        raise UserError(msg)


def file_hash(directory: Path, name: str, size: int | None = None) -> str:
    """SHA-256 of a plain file, of a size where one is given. Raises UserError where it is none, or cannot be read."""
    try:
        with open_plain(directory, name, size) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        msg = f"{directory / name}: {error.strerror}; deliver the whole bundle again"
        raise UserError(msg) from error


def _read(directory: Path, name: str, mend: str) -> bytes:
    """A small document, never more than a message's bytes."""
    try:
        return read_plain(directory, name, most=LARGEST)
    except OSError as error:
        msg = f"{directory / name}: {error.strerror}; {mend}"
        raise UserError(msg) from error
