"""Reads a text file that a person wrote. Must not know what is in it."""

from pathlib import Path

from edge.errors import UserError


def read_text(path: Path, advice: str) -> str:
    """The text, without the byte order mark that some editors write.

    Raises UserError, with advice where the file cannot be read, or where it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{path}: {error.strerror}; {advice}"
        raise UserError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 text (see byte {error.start}); save the file as UTF-8"
        raise UserError(msg) from error
