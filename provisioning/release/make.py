"""A release in a folder, whole or not at all: wheels, SBOM, and the signed manifest, which is written last.

Must not choose a version: the wheel has the one of pyproject.toml.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.signing import public_key_of
from edge.errors import UserError
from edge.text.whole_file import write_whole
from provisioning.release.sbom import metadata_of, sbom
from provisioning.release.targets import Target
from provisioning.release.wheels import build, gather
from provisioning.software.dsse import seal
from provisioning.software.statement import PAYLOAD, Digest, Predicate, Statement, Subject
from provisioning.software.verified import MANIFEST, copy_verified, read_manifest, sha256_of

SBOM: Final = "sbom.cdx.json"
VALID_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Source:
    """What a release is made of. ``tree``: the package; ``npm_lock``: what is bundled into it; ``epoch``: its time.

    POSIX seconds.
    """

    tree: Path
    npm_lock: Path
    epoch: int
    targets: tuple[Target, ...]


def make_release(source: Source, out: Path, key: Ed25519PrivateKey, pip_options: Iterable[str] = ()) -> Statement:
    """Make a release; what its manifest says. Raises UserError; ``out`` is there afterwards only if it is whole."""
    if out.exists():
        msg = f"{out}: already exists; choose a new folder"
        raise UserError(msg)
    beside = out.with_name(f".{out.name}.making")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        needed = {one.name: gather(one, beside, source.epoch, pip_options) for one in source.targets}
        own = build(source.tree, beside, source.epoch)
        wheels = sorted({beside / name for names in needed.values() for name in names})
        write_whole(beside / SBOM, sbom(own, wheels, source.npm_lock, source.epoch))
        platforms = {name: (own.name, *wheels) for name, wheels in needed.items()}
        statement = stated(beside, str(metadata_of(own)["Version"]), platforms, source.epoch)
        write_whole(beside / MANIFEST, seal(PAYLOAD, statement.payload(), key))
        beside.rename(out)
    except OSError as error:
        msg = f"{out}: cannot be written ({error.strerror or error}); choose another folder, or free up disk space"
        raise UserError(msg) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return statement


def stated(folder: Path, version: str, platforms: dict[str, tuple[str, ...]], epoch: int) -> Statement:
    """The manifest of the files in a folder. ``platforms``: the wheels of each."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    issued = datetime.fromtimestamp(epoch, UTC)
    return Statement(
        subject=tuple(Subject(name=one.name, digest=Digest(sha256=sha256_of(one))) for one in files),
        predicate=Predicate(
            version=version,
            issued=issued,
            expires=issued + timedelta(days=VALID_DAYS),
            sizes={one.name: one.stat().st_size for one in files},
            targets=platforms,
        ),
    )


def order_back(folder: Path, key: Ed25519PrivateKey, utc: float) -> Statement:
    """Sign a release of before anew, as the order to go back to it; what its manifest says now. Raises UserError."""
    manifest = read_manifest(folder, public_key_of(key))
    held = manifest.statement
    copy_verified(manifest, held.digests, folder)
    issued = datetime.fromtimestamp(int(utc), UTC)
    times = {"issued": issued, "expires": issued + timedelta(days=VALID_DAYS), "downgrade": True}
    order = held.model_copy(update={"predicate": held.predicate.model_copy(update=times)})
    write_whole(folder / MANIFEST, seal(PAYLOAD, order.payload(), key))
    return order
