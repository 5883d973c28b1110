"""Reading a TOML file that a person wrote. Must not know what is in it."""

import tomllib
from pathlib import Path
from typing import Any

from edge.errors import UserError
from edge.text.text_file import read_text


def read_toml(path: Path, advice: str) -> dict[str, Any]:
    """The document. Raises UserError, with advice where the file cannot be read, or where it is no TOML.

    A byte order mark, as some editors write, is no mistake; a text with a NUL is: no path or name has one.
    """
    text = read_text(path, advice)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"{path}: not valid TOML ({error})"
        raise UserError(msg) from error
    if _holds_nul(document):
        msg = f"{path}: contains a NUL character (\\u0000); remove it"
        raise UserError(msg)
    return document


def _holds_nul(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(one) for key, one in value.items())
    if isinstance(value, list):
        return any(_holds_nul(one) for one in value)
    return isinstance(value, str) and "\0" in value
