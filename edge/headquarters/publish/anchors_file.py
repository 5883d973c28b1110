"""The file of anchors beside the database: a signed document a line, appended and never rewritten. Decides nothing."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from edge.contract.anchors import AnchorsDoc
from edge.contract.messages import LARGEST, Signed, encode
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import ANCHORS
from edge.errors import UserError

Anchoring: TypeAlias = tuple[AnchorsDoc, Signed]
"""What is anchored, and the signed document that has it."""


def append(path: Path, documents: Iterable[Signed]) -> None:
    """Append some lines, on disk when it returns. Raises OSError."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # receivers side by side may share it
        torn = b"" if _ends_whole(path) else b"\n"
        file.write(torn + b"".join(encode(one) + b"\n" for one in documents))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[Anchoring | None]:
    """Every line, in order, None for one that cannot be read; none where there is no file. Raises OSError."""
    if not path.exists():
        return
    with path.open("rb") as file:
        while line := file.readline(2 * LARGEST):
            yield read_line(line)


def read_line(payload: bytes) -> Anchoring | None:
    """A document as a line or the broker has it; None where it is none."""
    try:
        signed = Signed.model_validate_json(payload)
        return read_body(ANCHORS, signed), signed
    except (ValidationError, UserError):
        return None


def _ends_whole(path: Path) -> bool:
    if path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
