"""One transaction's work: a batch held against what the database holds, written in one order by every receiver.

Heads, records and what reports read of them, early records, what vehicles report, documents, findings: as all write
in this order, none waits for one that waits for it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Final

from edge.contract.messages import Ack
from edge.domain.events import Event, UnreadableRecord
from edge.headquarters.receive.acceptance import Outcome, accept, set_aside
from edge.headquarters.receive.apart import apart
from edge.headquarters.receive.batch import Batch, Came, Refused
from edge.headquarters.receive.decoding import LONGEST, Envelope, read_event
from edge.headquarters.receive.plausible import IMPOSSIBLE, is_impossible
from edge.headquarters.receive.projecting import project_stored
from edge.headquarters.store import Document, EarlyRow, Head, Key, Reported, Row, Store

BUSY_S: Final = 0.02
"""When to look again after a ledger that another receiver is at work on."""

MOST_LEDGERS: Final = 200
"""Ledgers of one vehicle of which it is known how far they were reported."""


class Turn:
    """Within a transaction. ``grace``: asked where there is a gap, how long it is left to other receivers (seconds).

    ``acks``: to be sent once it is committed; ``unsettled``: ledgers to look after again, and when; ``seen``: those
    that were looked after; ``duplicates``: repeats that are not counted yet.
    """

    def __init__(self, store: Store, now: float, grace: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self._grace = grace
        self._outcomes: dict[Key, Outcome] = {}
        self._waiting: dict[Key, dict[int, float]] = {}
        self._refused: list[Refused] = []
        self._impossible: dict[Key, Came] = {}
        self.acks: list[Ack] = []
        self.seen: set[Key] = set()
        self.unsettled: dict[Key, float] = {}
        self.duplicates: dict[Key, int] = {}

    def take(
        self, batch: Batch, again: Collection[Key], duplicates: Mapping[Key, int], left: Collection[Key] = ()
    ) -> None:
        """Store what came, and what waited for it in these ledgers and in those to look after ``again``.

        ``left``: ledgers to leave to others, though nobody may be at work on them.
        """
        mine, theirs = self._lock({*batch.records, *again}, left)
        self.seen = set(mine)
        self._accept(batch, mine)
        self._set_aside(batch, theirs, duplicates)
        for key in mine:
            self._outcomes[key].duplicates += duplicates.get(key, 0)
        self._write_records(mine)
        self._write_early()
        self._write_documents(batch)
        self._write_findings(batch)
        self._answer(batch, mine, theirs)

    def _lock(self, keys: set[Key], left: Collection[Key]) -> tuple[dict[Key, Head], dict[Key, Head]]:
        wanted = keys.difference(left)
        mine, theirs = self._store.lock_heads(wanted) if wanted else ({}, {})
        theirs |= self._store.heads(left) if left else {}
        theirs |= {key: Head() for key in keys if key not in mine and key not in theirs}
        return mine, theirs

    def _accept(self, batch: Batch, mine: Mapping[Key, Head]) -> None:
        self._waiting = self._store.early_numbers(mine) if mine else {}
        came = {key: batch.records.get(key, []) for key in mine}
        within = {key: _reached(mine[key], came[key], numbers) for key, numbers in self._waiting.items()}
        early = self._store.early({key: seqs for key, seqs in within.items() if seqs})
        held = self._held(came, mine)
        for key, head in mine.items():
            waiting = {seq: _came(row) for seq, row in early.get(key, {}).items()}
            self._outcomes[key] = accept(head, came[key], waiting, held.get(key, {}))

    def _set_aside(self, batch: Batch, theirs: Mapping[Key, Head], duplicates: Mapping[Key, int]) -> None:
        came = {key: batch.records.get(key, []) for key in theirs}
        held = self._held(came, theirs)
        for key, head in theirs.items():
            self._outcomes[key] = outcome = set_aside(head, came[key], held.get(key, {}))
            self.duplicates[key] = outcome.duplicates + duplicates.get(key, 0)
            self.unsettled[key] = self._now + BUSY_S

    def _held(self, came: Mapping[Key, list[Came]], heads: Mapping[Key, Head]) -> dict[Key, dict[int, bytes]]:
        """The bytes held of records that come again."""
        seqs = {
            key: {one.envelope.seq for one in records if one.envelope.seq <= heads[key].seq}
            for key, records in came.items()
        }
        return self._store.bodies({key: numbers for key, numbers in seqs.items() if numbers})

    def _write_records(self, mine: Mapping[Key, Head]) -> None:
        new = {key: [(one, read_event(one.body)) for one in self._outcomes[key].accepted] for key in sorted(mine)}
        rows = [self._row(one, event) for records in new.values() for one, event in records]
        if rows:
            self._store.append(rows)
            project_stored(
                self._store, {key: [event for _, event in records] for key, records in new.items() if records}
            )
        for key in sorted(mine):
            if count := self._outcomes[key].duplicates:
                self._store.count_duplicates(*key, count)
        if empty := [key for key, head in mine.items() if head.seq == 0 and not self._outcomes[key].accepted]:
            self._store.forget_empty_heads(empty)

    def _row(self, one: Came, event: Event) -> Row:
        envelope = one.envelope
        unit, ledger, seq, kind = envelope.unit, envelope.ledger, envelope.seq, envelope.data.type
        if isinstance(event.data, UnreadableRecord):
            detail = f"stored, but unreadable: {event.data.problem}"[:LONGEST]
            self._refused.append(Refused("unreadable", unit, ledger, seq, detail, one.body))
        elif is_impossible(envelope.time.timestamp(), envelope.shift, self._now):
            self._impossible[unit, ledger] = one
        time = envelope.time.timestamp()
        return Row(unit, ledger, seq, envelope.id, kind, envelope.shift, time, one.body, one.claimed, self._now)

    def _write_early(self) -> None:
        new = [
            EarlyRow(*key, seq, one.body, one.claimed, self._now)
            for key, outcome in self._outcomes.items()
            for seq, one in outcome.early.items()
            if seq not in self._waiting.get(key, {})
        ]
        if new:
            self._store.put_early(new)
        last = {key: max((self._outcomes[key].head.seq, *self._outcomes[key].spent)) for key in self._waiting}
        self._store.forget_early({key: seq for key, seq in last.items() if min(self._waiting[key]) <= seq})

    def _write_documents(self, batch: Batch) -> None:
        most = self._reported(batch) if batch.reported else {}
        for unit, status in sorted(batch.statuses.items()):
            recorded = most.get((unit, status.ledger), status.recorded)
            body = status.model_copy(update={"recorded": recorded}).model_dump_json().encode()
            self._store.put_document("status", Document(unit, body, self._now))
        for (name, unit), body in sorted(batch.documents.items()):
            self._store.put_document(name, Document(unit, body, self._now))

    def _reported(self, batch: Batch) -> dict[Key, int]:
        """Record how far ledgers are reported; the most that each ever was."""
        known = self._store.reported_of({unit for unit, _ in batch.reported})
        self._refused += apart(batch, known, self._now)
        new = sorted(batch.reported.keys() - known.keys() - batch.compared.keys())
        counts = Counter(unit for unit, _ in known)
        accepted = {key: count for key, count in batch.reported.items() if key not in batch.compared}
        self._store.void_reported([key for key in batch.compared if batch.reported[key] >= _most(known, key)])
        for unit, ledger in new:
            counts[unit] += 1
            if counts[unit] > MOST_LEDGERS:
                del accepted[unit, ledger]
                detail = f"it has reported more than {MOST_LEDGERS} ledgers; the extent of this one is not recorded"
                self._refused.append(Refused("ledgers", unit, "", 0, detail, b""))
        self._store.record_reported(accepted, self._now)
        return {key: max(count, known[key].recorded) if key in known else count for key, count in accepted.items()}

    def _write_findings(self, batch: Batch) -> None:
        self._refused += [
            Refused("time", *key, 0, f"record {one.envelope.seq} and others: {IMPOSSIBLE}", one.body)
            for key, one in self._impossible.items()
        ]
        refused = [*batch.refused, *self._refused]
        refused += [one for outcome in self._outcomes.values() for one in outcome.refused]
        for one in sorted(refused, key=lambda one: (one.kind, one.unit, one.ledger, one.seq)):
            self._store.record_finding(one.kind, one.unit, one.ledger, one.seq, one.detail, one.body, self._now)

    def _answer(self, batch: Batch, mine: Mapping[Key, Head], theirs: Mapping[Key, Head]) -> None:
        """An acknowledgement for each ledger of which there is news, or was asked; a gap has its grace."""
        problems: dict[Key, str] = {}
        for one in [*batch.refused, *(one for outcome in self._outcomes.values() for one in outcome.refused)]:
            if one.ledger:
                problems.setdefault((one.unit, one.ledger), f"{one.kind}: {one.detail}")
        wanted = dict.fromkeys([*batch.records, *mine, *theirs, *problems, *batch.asked])
        for key in wanted:
            outcome = self._outcomes.get(key)
            head = outcome.head if outcome is not None else self._store.head(*key)
            problem = problems.get(key) or (self._gap(key, outcome) if outcome is not None else None)
            news = outcome is None or outcome.accepted or outcome.duplicates or key in batch.asked
            if problem is not None or news:
                self.acks.append(_ack(key, head, problem, self._compared(batch, key)))

    def _compared(self, batch: Batch, key: Key) -> tuple[tuple[int, str], ...]:
        """The hashes that a vehicle asks for."""
        asked = batch.compared.get(key, ())
        return tuple((seq, hash_.hex()) for seq, hash_ in self._store.hashes(*key, asked)) if asked else ()

    def _gap(self, key: Key, outcome: Outcome) -> str | None:
        """What is missing, once that has lasted; until then the ledger is looked after again when it will have."""
        waiting = {seq: since for seq, since in self._waiting.get(key, {}).items() if seq > outcome.head.seq}
        if key not in self.seen or not (waiting or outcome.early or outcome.dropped):
            return None
        due = min(waiting.values(), default=self._now) + self._grace()
        if due > self._now:
            self.unsettled[key] = due
            return None
        return f"missing: record {outcome.head.seq + 1}"


def _ack(key: Key, head: Head, problem: str | None, hashes: tuple[tuple[int, str], ...]) -> Ack:
    return Ack(unit=key[0], ledger=key[1], seq=head.seq, head=head.hash.hex(), problem=problem, hashes=hashes)


def _most(known: Mapping[Key, Reported], key: Key) -> int:
    return known[key].recorded if key in known else 0


def _reached(head: Head, came: Collection[Came], waiting: Collection[int]) -> set[int]:
    """The numbers of the records that wait and can be reached now."""
    own, due = {one.envelope.seq for one in came}, head.seq + 1
    while due in own or due in waiting:
        due += 1
    return {seq for seq in waiting if head.seq < seq < due}


def _came(row: EarlyRow) -> Came:
    """A record that waited, as it came: it was read before it was let wait."""
    return Came(Envelope.model_validate_json(row.body), bytes(row.body), bytes(row.hash))
