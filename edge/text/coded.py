"""A mistake that a screen may show: a code of the catalogue with its values; its text is the catalogue's.

So a command prints it as any `UserError`, and a screen, a record or the wire gets the code. Must not know any code.
"""

from typing import Final

from edge.errors import UserError
from edge.text.plain import plain
from edge.text.words import Notice, os_error, say

LONGEST: Final = 240
"""Characters of one value: who sent a document may have chosen some of them."""

PATH_MAX: Final = 4096
"""The same of a path, which is this computer's own."""


class CodedError(UserError):
    """``why``: the notice. A text among its values is plain and short, whoever chose it."""

    def __init__(self, code: str, /, **values: object) -> None:
        shown = {name: _shown(value, PATH_MAX if name == "path" else LONGEST) for name, value in values.items()}
        self.why = Notice(code, shown)
        super().__init__(say(self.why))


def why_of(error: Exception) -> Notice:
    """What a screen shows of an error. Of one without a code, a library's or the system's own, the text is a detail."""
    if isinstance(error, CodedError):
        return error.why
    if isinstance(error, OSError):
        return Notice("error.system", {"error": os_error(error)})
    return Notice("error.other", {"detail": _shown(str(error))})


def _shown(value: object, longest: int = LONGEST) -> object:
    """A value as a notice may hold it."""
    if isinstance(value, str):
        return plain(value, longest)
    return [_shown(one, longest) for one in value] if isinstance(value, list | tuple) else value
