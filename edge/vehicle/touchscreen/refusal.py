"""What the screen answers where it refuses: a notice, as everything it says. Must not decide what is refused."""

from dataclasses import asdict
from typing import Any

from werkzeug.exceptions import HTTPException

from edge.text.words import Notice


class Refusal(HTTPException):
    """A request that is refused, with an HTTP status and a sentence of the catalogue."""

    def __init__(self, status: int, code: str, **values: Any) -> None:
        super().__init__()
        self.code = status
        self.notice = Notice(code, values, "warning")


def answer(notice: Notice, status: int) -> tuple[dict[str, Any], int]:
    """The body of whatever is refused."""
    return {"error": asdict(notice)}, status


def of_http(error: HTTPException) -> tuple[dict[str, Any], int]:
    """The body of a refusal; Flask's own have no sentence of ours, and are named by their status."""
    status = error.code or 500
    if isinstance(error, Refusal):
        return answer(error.notice, status)
    return answer(Notice("refused.http", {"status": str(status)}, "warning"), status)
