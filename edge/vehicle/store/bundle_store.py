"""The bundles a car has kept: a folder for each, named by version, time and hash, and the key and agency it trusts.

A copy gets its name only when it is whole and on disk, so a power cut leaves what was there before. The one before that
in force is kept, too. Must not decide which bundle is used.
"""

import hashlib
import os
import re
import shutil
from datetime import UTC
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, ValidationError

from edge.contract.bundle import Bundle, listed_files
from edge.contract.fields import ShortName
from edge.contract.keys import PublicKey
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, SIGNATURE, Manifest
from edge.contract.messages import Hash, encode
from edge.contract.plain_file import read_plain
from edge.text.coded import CodedError
from edge.text.strictness import SENT
from edge.text.whole_file import sync_folder
from edge.vehicle.store.files import prepare

_NAME: Final = re.compile(r"(\d+)-(\d{8}T\d{6}Z)-[0-9a-f]{12}")
_UNFINISHED: Final = "unfinished"


class Trust(BaseModel):
    """``trusted.json``: the public key that bundles must be signed with, and the agency they must be of.

    ``retired``: keys that were trusted until they announced the next one; no configuration brings one back.
    ``delivered``: SHA-256 of the manifest last adopted from where the configuration says; it is no news that one which
    came by hand is newer.
    """

    model_config = SENT
    agency: ShortName | None
    key: PublicKey
    retired: tuple[PublicKey, ...] = Field((), exclude_if=lambda keys: not keys)
    delivered: Hash | None = Field(None, exclude_if=lambda digest: digest is None)


class BundleStore:
    """The folder of the bundles kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trusted = folder / "trusted.json"

    def trust(self) -> Trust | None:
        """What the last bundle pinned; None where there was none, or it cannot be read."""
        try:
            return Trust.model_validate_json(self._trusted.read_bytes())
        except (OSError, ValidationError):
            return None

    def pin(self, trust: Trust) -> None:
        """Trust this key and agency from now on. Raises OSError where the disk does not take it."""
        if trust != self.trust():
            written = self._folder / "trusted.writing"
            _write(written, encode(trust) + b"\n")
            written.replace(self._trusted)
            sync_folder(self._folder)

    def kept(self) -> list[Path]:
        """The folders of the bundles kept, the newest first; nothing in them has been verified."""
        try:
            paths = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        except OSError:
            return []
        return sorted(paths, key=_order, reverse=True)

    def keep(self, bundle: Bundle, used: Path | None = None) -> Path:
        """Copy a verified bundle, unless it is kept; its folder. Only it, the one before it and that ``used`` stay.

        Raises OSError where the disk does not take it, CodedError where a file is no longer what was verified.
        """
        target = self._folder / _name(bundle.manifest)
        if bundle.directory != target:
            prepare(self._folder)
            unfinished = self._folder / _UNFINISHED
            shutil.rmtree(unfinished, ignore_errors=True)
            _copy(bundle, unfinished)
            if target.exists():
                shutil.rmtree(target)  # it was found damaged, else it would be in use
            unfinished.rename(target)
            sync_folder(self._folder)
        before = next((path for path in self.kept() if _order(path) < _order(target)), None)
        for path in self.kept():
            if path not in (target, before, used):
                shutil.rmtree(path, ignore_errors=True)
        return target


def _name(manifest: Manifest) -> str:
    return f"{manifest.version}-{manifest.created.astimezone(UTC):%Y%m%dT%H%M%SZ}-{manifest.digest()[:12]}"


def _order(path: Path) -> tuple[int, str]:
    """The order of bundles, as the folder's name has it: version, then when it was made."""
    found = _NAME.fullmatch(path.name)
    return (int(found[1]), found[2]) if found else (0, "")


def _copy(bundle: Bundle, to: Path) -> None:
    """Copy what the manifest lists, each file checked as it passes, and nothing else."""
    manifest = bundle.manifest
    folders = [to, *sorted({(to / name).parent for name in manifest.files} - {to})]
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, expected, size in listed_files(bundle.directory, manifest):
        content = read_plain(bundle.directory, name, size)
        if hashlib.sha256(content).hexdigest() != expected:
            raise CodedError("bundle_file.copied_otherwise", path=str(bundle.directory / name))
        _write(to / name, content)
    _write(to / MANIFEST, manifest.canonical())
    _write(to / SIGNATURE, encode(bundle.signed) + b"\n")
    if bundle.countersigned is not None:
        _write(to / COUNTERSIGNATURE, encode(bundle.countersigned) + b"\n")
    for folder in reversed(folders):
        sync_folder(folder)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
