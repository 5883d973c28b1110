"""A ledger begun anew: what headquarters does not hold of one that parted from it goes into the next one.

A record's number changes, and so do the ledger in it and every id of a record that moved: in the records, in the state
and in its visits. What was recorded does not. Must not decide that a ledger has parted.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import rfc8785

from edge.domain.state import State
from edge.vehicle.store.checkpoint import STATE
from edge.vehicle.store.ledger import Ledger

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Renaming:
    """From a ledger to its next, of the records after ``common``, the last that headquarters holds as well."""

    unit: str
    before: str
    after: str
    common: int

    def text(self, text: str) -> str:
        """Text with the ids of records that moved as they are now."""
        pattern = rf"(?<![A-Za-z0-9._-]){re.escape(f'{self.unit}:{self.before}:')}([0-9]{{1,16}})(?![0-9])"
        return re.sub(pattern, self._id, text)

    def _id(self, found: re.Match[str]) -> str:
        seq = int(found[1]) - self.common
        return found[0] if seq < 1 else f"{self.unit}:{self.after}:{seq}"

    def body(self, body: bytes) -> bytes:
        """A record's canonical bytes as one of the next ledger."""
        record = json.loads(self.text(body.decode()))
        return rfc8785.dumps({**record, "ledger": self.after, "seq": record["seq"] - self.common})

    def state(self, state: State) -> State:
        """The state as the next ledger's."""
        renamed = STATE.validate_json(self.text(STATE.dump_json(state).decode()))
        return replace(renamed, ledger=self.after, seq=state.seq - self.common)

    def records(self, ledger: Ledger) -> Iterator[bytes]:
        """The records that move, in order."""
        after = self.common
        while rows := ledger.after(after, AT_ONCE):
            yield from (self.body(body) for _, body, _ in rows)
            after = rows[-1][0]
