"""One file from headquarters, piece by piece: whole, verified and on disk under its name, or half and gone on with.

Must not know of what the file is.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from edge.errors import UserError
from provisioning.software.verified import sha256_of

PIECE: Final = 1_000_000
"""Bytes asked for at once: headquarters ends a connection after 15 s, and what came by then is kept."""

HALF: Final = ".half"

Pieces: TypeAlias = Callable[[int, int], Iterator[bytes]]
"""The bytes of the file from a start to before an end, as they come. Raises UserError where nobody sends them."""


def download(path: Path, size: int, sha256: str, pieces: Pieces) -> None:
    """Have a file of so many bytes; where it is here already nothing is asked for.

    Raises UserError where its SHA-256 is another, and then all of it is asked for anew the next time; where the disk
    takes nothing; and what ``pieces`` raises: what came by then stays.
    """
    if path.exists():
        return
    half = path.with_name(path.name + HALF)
    try:
        with half.open("ab") as file:
            _go_on(file, path.name, size, pieces)
            file.flush()
            os.fsync(file.fileno())
        if sha256_of(half) != sha256:
            half.unlink()
            msg = f"{path}: is not the file that was signed; it is downloaded anew"
            raise UserError(msg)
        half.rename(path)
    except OSError as error:
        msg = f"{half}: cannot be written ({error.strerror or error}); free up disk space"
        raise UserError(msg) from error


def _go_on(file: BinaryIO, name: str, size: int, pieces: Pieces) -> None:
    while (start := file.tell()) < size:
        for data in pieces(start, min(start + PIECE, size)):
            file.write(data[: size - file.tell()])
        if file.tell() == start:
            msg = f"headquarters: sends nothing of {name}; it is tried again"
            raise UserError(msg)
