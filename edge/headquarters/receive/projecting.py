"""Brings the projections up to the ledgers' last records: as they are stored, and anew.

A ledger's rows are written in the transaction that stores its records, so a reader finds both or neither. Must not
decide what a record comes to: `edge.headquarters.projections` does.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.domain.events import Event
from edge.headquarters.projections.ledger import VERSION, State, project
from edge.headquarters.projections.repair import REACH
from edge.headquarters.projections.rows import Rows
from edge.headquarters.receive.decoding import read_event
from edge.headquarters.store import Ledger, Standing, Store

CHUNK: Final = 5 * REACH
"""Records projected at once; more than what may be unsettled."""

Key: TypeAlias = tuple[str, str]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A ledger whose rows were made anew: how many there are, and how many were not as stored."""

    ledger: Ledger
    rows: int
    differing: int


def project_stored(store: Store, new: Mapping[Key, Sequence[Event]]) -> None:
    """Within the transaction that stores them: project the newest records of some ledgers, each ledger's in order."""
    rows, standings, held = Rows(), dict[Key, Standing](), store.standings(new)
    for (unit, ledger), records in new.items():
        standing, before = _valid(held.get((unit, ledger))), records[0].seq - 1
        while standing.written < before:
            standing = _advance(store, unit, ledger, standing, before)
        earlier = _read(store, unit, ledger, standing.state.seq, before)
        state, changed = project(unit, ledger, standing.state, [*earlier, *records])
        rows.add(changed)
        standings[unit, ledger] = Standing(VERSION, records[-1].seq, state)
    if standings:
        store.write_rows(rows)
        store.set_standings(standings)


def catch_up(store: Store) -> Iterator[int]:
    """Project what is stored and not projected, or by another version: the first time after an update.

    Each step is a transaction of some thousand records; yields how many ledgers are still behind.
    """
    standings = store.standings()
    behind = [
        (ledger, standing)
        for ledger in store.ledgers()
        if (standing := _valid(standings.get((ledger.unit, ledger.id)))).written < ledger.head.seq
    ]
    if behind:
        log.info("rebuilding the report tables of %d ledgers (version %d)", len(behind), VERSION)
    for number, (ledger, standing) in enumerate(behind):
        done = standing
        while done.written < ledger.head.seq:
            with store.transaction():
                last = store.lock_head(ledger.unit, ledger.id).seq  # another receiver may be at it, too
                done = _valid(store.standing(ledger.unit, ledger.id))
                if done.written < last:
                    done = _advance(store, ledger.unit, ledger.id, done, last)
            yield len(behind) - number
        log.info("%d of %d: %s %s, %d records", number + 1, len(behind), ledger.unit, ledger.id, done.written)


def rebuild(store: Store) -> Iterator[Rebuilt]:
    """Make the rows of every ledger anew from its records, each ledger in one transaction, and compare."""
    for ledger in store.ledgers():
        with store.transaction():
            last = store.lock_head(ledger.unit, ledger.id).seq
            before, standing = store.stored_rows(ledger.unit, ledger.id), _NONE
            while standing.written < last:
                standing = _advance(store, ledger.unit, ledger.id, standing, last)
            after = store.stored_rows(ledger.unit, ledger.id)
        yield Rebuilt(ledger, len(after), len(set(before) ^ set(after)))


_NONE: Final = Standing(VERSION, 0, State())


def _valid(standing: Standing | None) -> Standing:
    return standing if standing is not None and standing.version == VERSION else _NONE


def _advance(store: Store, unit: str, ledger: str, standing: Standing, last: int) -> Standing:
    """Project the next records, up to number ``last``; from the first on, what is stored is forgotten."""
    if standing.written == 0:
        store.forget_rows(unit, ledger)
    upto = min(last, standing.state.seq + CHUNK)
    records = _read(store, unit, ledger, standing.state.seq, upto)
    state, rows = project(unit, ledger, standing.state, records)
    store.write_rows(rows)
    store.set_standings({(unit, ledger): (done := Standing(VERSION, records[-1].seq, state))})
    return done


def _read(store: Store, unit: str, ledger: str, after: int, last: int) -> list[Event]:
    if after >= last:
        return []
    return [read_event(body) for _, body, _ in store.some_records(unit, ledger, after, last - after)]
