"""What a fix costs: parsed, judged and committed, beside what pynmea2 and SQLite alone cost; and a drive replayed.

An hour of the demo's drive goes through parser and gate, then through the rules, with an officer signed in and a plan:
processor time. The rest is by the wall.
A commit is one event and the state after it, by the vehicle's own vault; beside it one row of the same bytes by SQLite
with the same promises (WAL, synchronous FULL). The replay is parser, gate, engine and vault together, on a clock that
each fix moves.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import pynmea2

from edge.contract.records import encode_event
from edge.contract.signed_documents import Verified
from edge.domain.inputs import AdoptPlan, Input, SignIn, Start
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.vehicle.clock import StepClock
from edge.vehicle.engine import Engine
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from edge.vehicle.store.vault import Vault
from tests.benchmarks.sides import in_turn
from tests.benchmarks.table import Figure, Goal
from tests.benchmarks.town import BEGAN, DRIVE_S, Town

COMMITS: Final = 300
PARSE: Final = "pynmea2 parses the same sentences"


def figures(town: Town) -> list[Figure]:
    """A fix parsed, judged and committed; a drive replayed."""
    epochs, fixes = town.epochs, town.fixes
    plan = town.plan(BEGAN)
    opening: list[Input] = [Start(0.0, "boot", BEGAN, "benchmark"), SignIn(0.0, "4711"), AdoptPlan(0.0, plan.plan)]
    parse = partial(_parse, epochs)
    read, parsed = in_turn(lambda: list(fixes_of(epochs, Pipeline())), parse, time.process_time)
    metered, parsed_again = in_turn(lambda: _meter(town, [*opening, *fixes]), parse, time.process_time)
    committed, bare = in_turn(lambda: _commit(town), lambda: _commit_bare(town))
    replayed, _ = in_turn(lambda: _replay(town, opening), lambda: None)
    epoch, fix, commit = 1e6 / len(epochs), 1e6 / len(fixes), 1e6 / COMMITS
    return [
        Figure("NMEA epoch → fix (parser and gate)", read * epoch, "µs", PARSE, parsed * epoch),
        Figure(
            "fix → box → meter, uncommitted", metered * fix, "µs", PARSE, parsed_again * epoch, Goal("figure", 25.0)
        ),
        Figure("an event and the state, committed", committed * commit, "µs", "a bare SQLite commit", bare * commit),
        Figure("replay of a recorded hour", DRIVE_S / replayed, "× real time", goal=Goal("figure", 1000.0, least=True)),
    ]


def _parse(epochs: Iterable[bytes]) -> None:
    for epoch in epochs:
        for line in epoch.decode().split():
            pynmea2.parse(line, check=True)


def _meter(town: Town, inputs: Iterable[Input]) -> State:
    state = State("car-1", "benchmark")
    for given in inputs:
        state, _ = decide(town.setting, state, given)
    return state


def _replay(town: Town, opening: Iterable[Input]) -> None:
    with _vault() as (vault, state):
        engine = Engine(town.setting, state, vault, StepClock(), lambda _: None)
        for given in opening:
            engine.take(given)
        for fix in fixes_of(town.epochs, Pipeline()):
            engine.take(fix)


def _commit(town: Town) -> None:
    with _vault() as (vault, empty):
        state = empty
        for number in range(COMMITS):
            state, events = decide(town.setting, state, SignIn(float(number), str(number)))
            vault.commit(events, state)


def _commit_bare(town: Town) -> None:
    event = encode_event(decide(town.setting, State("car-1", "benchmark"), SignIn(0.0, "1"))[1][0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, body BLOB, hash BLOB)")
            for number in range(COMMITS):
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO records VALUES (?, ?, ?)", (number, event, bytes(32)))
                db.execute("COMMIT")


@contextmanager
def _vault() -> Iterator[tuple[Vault, State]]:
    with tempfile.TemporaryDirectory() as folder, closing(Vault(Path(folder), "car-1")) as vault:
        yield vault, vault.load(no_plan)[0]


def no_plan(*_: object) -> Verified[Any]:
    """The check of a new vault's plans."""
    raise AssertionError("a new vault has no plan")
