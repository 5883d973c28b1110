"""An agency directory as a whole: it appears at once or not at all, and replaces nothing that is none.

Must not know what is in its files.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from edge.contract.agency import FILES
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, RISK_FILES, SIGNATURE, model_file
from edge.contract.places import PLACES
from edge.errors import UserError


def refuse_foreign(out: Path) -> None:
    """Only an agency directory, an empty one or nothing at all may be replaced. Raises UserError for anything else."""
    if not out.exists():
        return
    if out.is_symlink() or not out.is_dir() or not _is_agency(files_of(out)):
        msg = (
            f"{out}: contains files that are not part of an agency directory; choose another directory, or move it away"
        )
        raise UserError(msg)


def _is_agency(held: set[str]) -> bool:
    own = {*FILES, MANIFEST}
    return not held or (own <= held and all(name in own or _may_be_there(name) for name in held))


def _may_be_there(name: str) -> bool:
    return name in (SIGNATURE, COUNTERSIGNATURE, PLACES, *RISK_FILES) or model_file(name) is not None


def files_of(directory: Path) -> set[str]:
    """The names of all files below a directory, ``models/theft.onnx``; an empty folder with a slash at its end."""
    paths = set(directory.rglob("*"))
    inner = {path.parent for path in paths}
    return {
        str(path.relative_to(directory)) + ("/" if path.is_dir() else "")
        for path in paths
        if not (path.is_dir() and path in inner)
    }


@contextmanager
def fresh_directory(out: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Write files beside ``out``; whoever was given the new directory may look at it, then it takes ``out``'s place.

    The folders above it are made where they are not there. An older directory is set aside for the moment between two
    renames. Raises UserError where it cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
            fresh = Path(beside) / "new"
            fresh.mkdir()
            for name, content in files.items():
                (fresh / name).parent.mkdir(exist_ok=True)
                write_file(fresh / name, content)
            yield fresh
            _swap(fresh, out, Path(beside) / "old")
    except OSError as error:
        msg = f"{out}: cannot be written ({error.strerror}); fix it and build again"
        raise UserError(msg) from error


def _swap(fresh: Path, out: Path, aside: Path) -> None:
    if out.exists():
        out.rename(aside)
    try:
        fresh.rename(out)
    except OSError:
        if aside.exists():
            aside.rename(out)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a file and have it on disk. Raises OSError."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
