"""Which ledgers a receiver leaves to the others while much comes, so that they work at once instead of one by one.

A broker deals the records of a ledger to all receivers in turn. Each has its share of the ledgers; what comes to it of
another's it has wait in the table of early records. A share is no right: whoever has a ledger's head locked accepts its
records, and one that nobody looks after is taken over. Pure: no database, no clock.
"""

from collections.abc import Collection
from typing import Final
from zlib import crc32

from edge.headquarters.store import Key

LOAD: Final = 100
"""Messages in a batch: with as many, more are on their way."""

LEFT_S: Final = 2.0
"""How long a ledger is left to another receiver: should it be gone, its share waits no longer."""


class Share:
    """One receiver's, among those at work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._names: tuple[str, ...] = (name,)
        self._since: dict[Key, float] = {}

    def among(self, names: Collection[str]) -> None:
        """Those at work, this one with them or not."""
        self._names = tuple(sorted({*names, self._name}))

    def left(self, keys: Collection[Key], messages: int, now: float) -> set[Key]:
        """Of some ledgers, those to leave to others now that so many messages came at once."""
        if messages < LOAD or len(self._names) == 1:
            self._since.clear()
            return set()
        foreign = {key for key in keys if not self._own(key)}
        for key in foreign:
            self._since.setdefault(key, now)
        left = {key for key in foreign if abs(now - self._since[key]) < LEFT_S}
        for key in foreign - left:
            del self._since[key]
        return left

    def _own(self, key: Key) -> bool:
        """By a sum that every receiver computes alike."""
        return self._names[crc32("/".join(key).encode()) % len(self._names)] == self._name
