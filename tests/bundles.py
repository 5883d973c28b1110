"""Squaretown's bundles: built and signed, one after the other, and what may be wrong with one. A helper for tests."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from edge.agency.build import build_agency
from edge.agency.bundle import signature_of
from edge.contract.agency import Agency, load_agency
from edge.contract.bundle import read_manifest
from edge.contract.manifest import MANIFEST, SIGNATURE, Manifest
from edge.contract.signing import load_private_key, public_key_of
from tests.agency.square import LASTING, write_square


def signed_agency(folder: Path, name: str = "agency", key: str = "key.pem", **terms: Any) -> Agency:
    """Squaretown's bundle in ``folder/name``, signed with ``folder/key``; ``terms``: what differs from `LASTING`."""
    toml = folder / "agency.toml"
    build_agency(
        toml if toml.exists() else write_square(folder), folder / name, folder / key, terms=replace(LASTING, **terms)
    )
    return load_agency(folder / name)


def key_in(folder: Path) -> str:
    """The public key of ``folder/key.pem``: what a car that trusts these bundles is configured with."""
    return public_key_of(load_private_key(folder / "key.pem"))


def sign_again(directory: Path, key: Path, **changed: Any) -> Manifest:
    """Give a bundle another manifest, well signed."""
    manifest = read_manifest(directory)
    other = Manifest.model_validate({**manifest.model_dump(), **changed})
    (directory / MANIFEST).write_bytes(other.canonical())
    (directory / SIGNATURE).write_bytes(signature_of(other, load_private_key(key)))
    return other


def _unsigned(directory: Path) -> None:
    (directory / SIGNATURE).unlink()


def _changed(directory: Path) -> None:
    path = directory / "map.json"
    path.write_bytes(path.read_bytes() + b" ")


def _missing(directory: Path) -> None:
    (directory / "map.json").unlink()


def _another_manifest(directory: Path) -> None:
    manifest = read_manifest(directory)
    (directory / MANIFEST).write_bytes(manifest.model_copy(update={"version": 99}).canonical())


def _another_form(directory: Path) -> None:
    path = directory / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=1))


def _no_manifest(directory: Path) -> None:
    (directory / MANIFEST).write_text("{}")


def _signature_of_a_plan(directory: Path) -> None:
    path = directory / SIGNATURE
    path.write_bytes(path.read_bytes().replace(b'"kind":"bundle"', b'"kind":"plan"'))


def _another_signature(directory: Path) -> None:
    path = directory / SIGNATURE
    document = json.loads(path.read_bytes())
    document["signature"] = "00" * 64
    path.write_text(json.dumps(document))


def _no_signature(directory: Path) -> None:
    (directory / SIGNATURE).write_text('{"kind": "bundle"}')


WRONG: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "unsigned": (_unsigned, "signature.json: not signed;"),
    "a changed file": (_changed, "map.json: its SHA-256 does not match the manifest"),
    "a missing file": (_missing, "map.json: No such file"),
    "another manifest": (_another_manifest, "manifest.json: does not match its signature"),
    "a manifest in another form": (_another_form, "manifest.json: changed since it was built"),
    "no manifest": (_no_manifest, "manifest.json: not a Manifest message: agency: is missing"),
    "a plan's signature": (_signature_of_a_plan, "signature.json: this signature is for a plan"),
    "another signature": (_another_signature, "signature.json: not signed with the trusted agency key"),
    "no signature": (_no_signature, "signature.json: not a Signed message"),
}
"""What may be wrong with any bundle: how to make it so, and what the sentence says of it."""


EXPIRED: Final[dict[str, Any]] = {"last_day": date(2026, 2, 1)}
"""Terms of a bundle that no test's clock finds unexpired."""
