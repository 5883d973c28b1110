"""Wrong PINs, counted by id: five lock the id for ten minutes, over a restart and a reboot too.

A try is counted, and on disk, before its PIN is looked at: pulling the plug undoes none. What a lock has left is
monotonic time at work: no clock that is set otherwise ends it. A reboot, which forgets the monotonic second, begins the
ten minutes anew. Must not know a PIN.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pydantic import TypeAdapter, ValidationError

TRIES: Final = 5
LOCK_S: Final = 600.0
NAME: Final = "wrong PINs"
"""The document's."""


class Kept(Protocol):
    """Where it is kept: a few documents that are always whole."""

    def get(self, name: str) -> dict[str, Any] | None:
        """A document; None where there is none."""

    def put(self, name: str, body: dict[str, Any]) -> None:
        """Store a document. Raises OSError where the disk does not take it."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong PINs of one id since the last right one; ``until``: the monotonic second at which its lock ends."""

    wrong: int
    until: float | None = None


_STORED: Final = TypeAdapter(dict[str, Tries])


class LockOut:
    """``boot``: the kernel's boot id, with which ``mono``, in seconds, begins. For one thread at a time."""

    def __init__(self, kept: Kept, boot: str, mono: Callable[[], float]) -> None:
        self._kept = kept
        self._boot = boot
        self._mono = mono
        stored = kept.get(NAME) or {}
        latest = mono() + LOCK_S
        same = stored.get("boot") == boot
        self._tries = {
            officer: one if one.until is None else Tries(one.wrong, min(one.until, latest) if same else latest)
            for officer, one in _read(stored.get("ids")).items()
        }
        self.stored = True

    def now(self) -> float:
        """The monotonic second."""
        return self._mono()

    def left_s(self, officer: str) -> float:
        """Seconds for which an id is locked; 0 where it is not."""
        until = self._tries.get(officer, Tries(0)).until
        return 0.0 if until is None else max(0.0, until - self._mono())

    def count(self, officer: str, listed: Container[str]) -> None:
        """One more try of an id that is not locked; ``listed``: the ids of the roster, others are forgotten."""
        before = self._tries.get(officer, Tries(0))
        wrong = 1 if before.until is not None else before.wrong + 1
        until = self._mono() + LOCK_S if wrong >= TRIES else None
        self._store(
            {**{each: one for each, one in self._tries.items() if each in listed}, officer: Tries(wrong, until)}
        )

    def take_back(self, officer: str, *, right: bool) -> None:
        """The last try was right, so all before are forgiven; or it came to nothing, and does not count."""
        last = self._tries.pop(officer, Tries(0))
        wrong = 0 if right else last.wrong - 1
        self._store({**self._tries, officer: Tries(wrong)} if wrong > 0 else self._tries)

    def _store(self, tries: dict[str, Tries]) -> None:
        """Without room on the disk it holds until the next start: nobody is kept out by that. ``stored`` says so."""
        self._tries = tries
        body = {"boot": self._boot, "ids": _STORED.dump_python(tries, mode="json")}
        try:
            self._kept.put(NAME, body)
        except OSError:
            self.stored = False
        else:
            self.stored = True


def _read(stored: object) -> dict[str, Tries]:
    """What was stored; nothing where it is of another form."""
    try:
        return _STORED.validate_python(stored)
    except ValidationError:
        return {}
