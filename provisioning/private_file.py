"""Writes a file for its owner alone, whole or not at all: private keys of a fleet and its cars. Must not make a key."""

import os
from contextlib import suppress
from pathlib import Path

from edge.errors import UserError
from edge.text.whole_file import sync_folder

PRIVATE: int = 0o600


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 beside its place, have it on disk, and rename it. Raises UserError where it can't be.

    Nobody else can read it for a moment: it is created with that mode, whatever the umask. Its folder is synced too,
    so that after a power cut it is there whole, or what was there before.
    """
    beside = path.with_name(f".{path.name}.writing")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        msg = f"{path}: cannot be written ({error.strerror or error}); create its folder, or correct its owner and mode"
        raise UserError(msg) from error
