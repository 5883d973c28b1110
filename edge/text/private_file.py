"""Reads a file that its owner alone may read, such as a private key. Must not know what it holds."""

from pathlib import Path

from edge.errors import UserError


def read_private(path: Path, what: str, advice: str) -> bytes:
    """Its bytes. Raises UserError where it is missing, or open to others. ``what``: it holds, for the sentence."""
    try:
        mode = path.stat().st_mode
        content = b"" if mode & 0o077 else path.read_bytes()  # nor a device that has no end
    except OSError as error:
        msg = f"{path}: {what} cannot be read ({error.strerror}); {advice}"
        raise UserError(msg) from error
    if mode & 0o077:
        msg = f"{path}: other users can read {what} (mode {mode & 0o777:04o}); run chmod 600 on it"
        raise UserError(msg)
    return content
