"""The search for the last record that this ledger and the one at headquarters have in common. Pure.

Where a hash of the chain is the same on both sides, so are all records before it: a few questions of 32 numbers each
find the place in any ledger.
"""

from collections.abc import Callable, Iterable

from edge.contract.comparison import MOST


class Comparison:
    """``same``: the highest number known to be common; ``differs``: the lowest known not to be.

    What was purged is common: headquarters has acknowledged it, by its hash.
    """

    def __init__(self, differs: int, purged: int = 0) -> None:
        self.same = purged  # 0: the genesis hash, before any record
        self.differs = differs
        self._answered = False

    @property
    def found(self) -> int | None:
        """The last common record, once headquarters was asked and it is known; 0 where there is none."""
        return self.same if self._answered and self.differs == self.same + 1 else None

    def questions(self) -> tuple[int, ...]:
        """The numbers whose hashes would tell most: evenly between the two."""
        between = self.differs - self.same
        if between == 1:
            return (self.differs,)  # so that headquarters knows that somebody asks
        steps = min(MOST, between - 1)
        return tuple(self.same + step * between // (steps + 1) for step in range(1, steps + 1))

    def heard(self, hashes: Iterable[tuple[int, str]], own: Callable[[int], bytes | None]) -> None:
        """Hashes at headquarters; ``own``: this ledger's, None where there is no such record."""
        for seq, theirs in sorted(hashes):
            self._answered = True
            mine = own(seq)
            if mine is not None and mine.hex() == theirs:
                self.same = max(self.same, seq)
            else:
                self.differs = min(self.differs, seq)
        self.same = min(self.same, self.differs - 1)
