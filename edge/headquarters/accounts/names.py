"""What an account may be called: a login name, as the agency's own, never a person's full name with spaces."""

import re
from typing import Final

from edge.errors import UserError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}")


def account_name(given: str) -> str | None:
    """An account's name as it is stored, whatever the case it is typed in; None where it is none."""
    name = given.strip().lower()
    return name if _NAME.fullmatch(name) else None


def new_name(given: str) -> str:
    """The name of a new account. Raises UserError for one that cannot be."""
    name = account_name(given)
    if name is None:
        msg = f"account name {given!r:.70}: use 2 to 63 letters, digits, and . _ @ -, beginning with a letter or digit"
        raise UserError(msg)
    return name
