"""What is the matter with the link, by kind: each stands until it is over, and the gravest is what the screen shows.

Must not know how a trouble came about.
"""

from collections.abc import Mapping
from typing import Final

from edge.contract.vehicle_messages import MESSAGES
from edge.text.words import Notice, Severity

GRAVER: Final = ("record", "connection", "listening", "records")
LESSER: Final = ("headquarters", "message")
"""From the gravest to the least: another record at headquarters, no connection, what the broker refuses (last the
vehicle's messages, each by its name), silence, a refused message."""

SEVERITY: Final[Mapping[str, Severity]] = {"record": "fault", "listening": "fault", "records": "fault"}
"""Kinds that somebody must act on; the rest are warnings."""


class Troubles:
    """One a kind."""

    def __init__(self) -> None:
        self._said: dict[str, Notice | None] = {}

    def say(self, kind: str, why: Notice | None) -> None:
        """State a trouble; None: it is over."""
        self._said[kind] = why

    def clear(self, *kinds: str) -> None:
        """Those are over."""
        for kind in kinds:
            self.say(kind, None)

    def has(self, kind: str) -> bool:
        """Whether there is one of a kind."""
        return self._said.get(kind) is not None

    def gravest(self) -> Notice | None:
        """The one to show; None where all is well."""
        for kind in (*GRAVER, *MESSAGES, *LESSER):
            if self.has(kind):
                code = "publishing" if kind in MESSAGES else kind
                return Notice(f"link.{code}", {"why": self._said[kind]}, SEVERITY.get(kind, "warning"))
        return None
