"""Reading a TOML file that a person wrote. Must not know what is in it."""

import tomllib
from pathlib import Path
from typing import Any

from edge.errors import UserError


def read_toml(path: Path, mend: str) -> dict[str, Any]:
    """The document. Raises UserError, with the mend where the file cannot be read, or where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: {error.strerror}; {mend}"
        raise UserError(msg) from error
    except ValueError as error:
        msg = f"{path}: not TOML ({error})"
        raise UserError(msg) from error
