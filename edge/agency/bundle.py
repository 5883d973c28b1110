"""Signs an agency bundle, and looks a bundle over: signature, files, scope, expiry, cards, self-tests.

Must not sign what is not whole, and must not keep a private key.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.directory import files_of
from edge.contract.agency import FILES, Agency, load_agency
from edge.contract.bundle import (
    check_body,
    check_files,
    check_scope,
    check_signature,
    listed_files,
    read_countersignature,
    read_manifest,
    read_signature,
)
from edge.contract.keys import Keyring
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, SIGNATURE, Manifest
from edge.contract.messages import encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import BUNDLE
from edge.contract.signing import public_key_of
from edge.errors import UserError
from edge.text.whole_file import write_whole
from edge.text.words import say


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``failure``: what is wrong with it, a sentence; None where it is good."""

    name: str
    says: str
    failure: str | None = None


def signature_of(manifest: Manifest, key: Ed25519PrivateKey) -> bytes:
    """The bytes of ``signature.json``."""
    return encode(sign(BUNDLE, manifest, key).signed) + b"\n"


def sign_bundle(directory: Path, key: Ed25519PrivateKey, old: Ed25519PrivateKey | None = None) -> Manifest:
    """Write ``signature.json``. Raises UserError where the bundle is not whole, or the key is not the agency's.

    ``old``: the agency's key before, which signs once more, so that cars that trust it learn of the new one.
    """
    manifest = read_manifest(directory)
    check_files(directory, manifest)
    public = public_key_of(key)
    agency = load_agency(directory)
    if agency.public_key != public:
        msg = (
            f"--key: public_key does not match the key: {directory / 'agency.json'} names {agency.public_key}, and"
            f" this key's is {public}; sign with the matching key, or build again with this one"
        )
        raise UserError(msg)
    check_scope(directory, manifest, agency, public)
    check_models(directory, manifest)
    write_whole(directory / SIGNATURE, signature_of(manifest, key))
    if old is not None:
        write_whole(directory / COUNTERSIGNATURE, signature_of(manifest, old))
    return manifest


def check_bundle(directory: Path, key: str | None, utc: float) -> Iterator[Check]:
    """Look a bundle over at an instant, as a car would and beyond; each thing once what it needs has held.

    ``key``: the public key that is trusted; None is the one that the bundle names, which vouches for nobody.
    """
    manifest = read_manifest(directory)
    named = f"{manifest.agency} version {manifest.version} of {manifest.created:%Y-%m-%d %H:%M} UTC"
    yield Check("manifest", named)
    many = len(list(listed_files(directory, manifest)))
    yield _check("files", f"{many} with the SHA-256 listed", lambda: _check_files(directory, manifest))
    agency = load_agency(directory)
    trusted = key or agency.public_key
    whose = (
        f"of the key {trusted}, "
        f"{'as given' if key else 'taken from the bundle itself; compare it with a copy you trust'}"
    )
    signature = _check("signature", whose, lambda: _check_signature(directory, manifest, trusted))
    if signature.failure and key not in {None, agency.public_key} and _signed_with(directory, manifest, agency):
        msg = (
            f"--key: {directory} is not signed with the trusted agency key given here, but with {agency.public_key}; "
            "give that agency's own public key, or do not trust this bundle"
        )
        signature, trusted = Check("signature", whose, msg), agency.public_key
    yield signature
    yield _check("scope", agency.name, lambda: check_scope(directory, manifest, agency, trusted))
    until = datetime.fromtimestamp(manifest.expires.timestamp(), UTC)
    expired = manifest.warning(utc)
    yield Check("expiry", f"{until:%Y-%m-%d %H:%M} UTC", None if expired is None else say(expired))
    types = ", ".join(manifest.crime_types) or "none: risk is off"
    yield _check("models", types, lambda: check_models(directory, manifest))


def _check(name: str, says: str, look: Callable[[], object]) -> Check:
    try:
        look()
    except UserError as error:
        return Check(name, says, str(error))
    return Check(name, says)


def _check_signature(directory: Path, manifest: Manifest, key: str | None) -> None:
    signed = read_signature(directory)
    check_body(directory, manifest, signed)
    check_signature(directory, signed, Keyring(key, manifest.keys))
    read_countersignature(directory, manifest)


def _signed_with(directory: Path, manifest: Manifest, agency: Agency) -> bool:
    """Whether the key that the bundle names itself has signed it."""
    return _check("signature", "", lambda: _check_signature(directory, manifest, agency.public_key)).failure is None


def _check_files(directory: Path, manifest: Manifest) -> None:
    check_files(directory, manifest)
    own = {*manifest.files, *manifest.optional, MANIFEST, SIGNATURE, COUNTERSIGNATURE}
    if spare := sorted(files_of(directory) - own):
        msg = f"{directory / spare[0]}: not in the manifest; remove it, or rebuild the bundle"
        raise UserError(msg)


def check_models(directory: Path, manifest: Manifest) -> tuple[str, ...]:
    """Open every model as a car will, and what it reads; a note for each that grows old before the bundle does.

    Raises UserError with the first fault.
    """
    if set(manifest.files) <= set(FILES):
        return ()
    from edge.risk.bundle import open_models  # noqa: PLC0415 - onnxruntime, for who has models
    from edge.risk.update import load_world  # noqa: PLC0415 - as above

    agency = load_agency(directory)
    models, refusals = open_models(directory, agency)
    if refusals:
        raise UserError(say(refusals[0]))
    world = load_world(directory, agency)
    if len(world.counts) and int(world.counts.box.max()) >= world.frame.size:
        msg = "counts.npz: has a box that is not in this agency's grid; count again for this agency"
        raise UserError(msg)
    other = [name for name, model in models.items() if model.meta.layers_hash != world.layers.digest()]
    if other:
        msg = (
            f"models/{other[0]}.onnx: trained with different layers than layers.npz; pack those layers, or retrain "
            "the model"
        )
        raise UserError(msg)
    ends = {name: model.meta.expires for name, model in models.items()}
    return tuple(
        f"the {name} model expires on {end}, before the bundle; retrain it by then"
        for name, end in ends.items()
        if end < manifest.expires.date()
    )
