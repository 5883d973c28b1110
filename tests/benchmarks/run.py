"""``make bench``: what a fix costs, beside what the libraries alone cost, in one run; written to RESULTS.md.

Each figure is the median of several rounds taken in turn, so that a machine whose speed drifts drifts under both.
"""

import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import pynmea2

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.contract.plan_file import load_plan_file
from edge.contract.records import encode_event
from edge.contract.verification import verified_plan
from edge.demo.city import make_city
from edge.demo.city_files import write_city
from edge.demo.drive import drive
from edge.domain.inputs import AdoptPlan, Input, SignIn, Start
from edge.domain.patrol import decide
from edge.domain.state import Setting, State
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from edge.vehicle.store.ledger import connect
from edge.vehicle.store.vault import Vault

ROUNDS: Final = 7
DRIVE_S: Final = 3600
COMMITS: Final = 300
RESULTS: Final = Path(__file__).with_name("RESULTS.md")
SHIFT: Final = "2026-03-02/day"
START: Final = 1_772_460_000.0  # in that shift


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: microseconds each of ours and of what stands beside it."""

    what: str
    ours_us: float
    beside: str
    beside_us: float

    def row(self) -> str:
        """As a line of the table."""
        ratio = self.ours_us / self.beside_us
        return f"| {self.what} | {self.ours_us:.1f} | {self.beside} | {self.beside_us:.1f} | {ratio:.2f} |"


def main() -> None:
    """Measure and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        agency, plan = demo_agency(Path(folder))
        epochs = [sentences for _, sentences in drive(make_city(), 0, START, DRIVE_S)]
        fixes = list(fixes_of(epochs, Pipeline()))
        setting = Setting(agency.grid, agency.policy, agency.calendar, ())
        adopt = AdoptPlan(0.0, load_plan_file(plan, agency))
        opening: list[Input] = [Start(0.0, "b", START, "x"), SignIn(0.0, "1"), adopt]
        parse = partial(parse_all, epochs)
        pipeline, alone = in_turn(lambda: len(list(fixes_of(epochs, Pipeline()))), parse)
        metered, parsed = in_turn(lambda: meter(setting, [*opening, *fixes]), parse)
        ours, bare = in_turn(lambda: commits(agency, setting), lambda: bare_commits(setting))
    epoch, fix = 1e6 / len(epochs), 1e6 / len(fixes)
    figures = [
        Figure("NMEA epoch → fix (parser and gate)", pipeline * epoch, "pynmea2 parses its sentences", alone * epoch),
        Figure("fix → box → meter, uncommitted", metered * fix, "pynmea2 parses its sentences", parsed * epoch),
        Figure("an event and the state, committed", ours * 1e6 / COMMITS, "a bare SQLite commit", bare * 1e6 / COMMITS),
    ]
    write(figures, replay_speed=DRIVE_S / (pipeline + metered))


def demo_agency(folder: Path) -> tuple[Agency, Path]:
    """The demo city as an agency, and its plan."""
    build_agency(write_city(make_city(), folder, SHIFT), folder / "agency")
    return load_agency(folder / "agency"), folder / "plan.toml"


def in_turn(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of each, A B A B …, after one round that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for taken, call in zip(times, (one, other), strict=True):
            began = time.perf_counter()
            call()
            taken.append(time.perf_counter() - began)
    return median(times[0][1:]), median(times[1][1:])


def parse_all(epochs: Sequence[bytes]) -> None:
    """What the library alone does with the same bytes."""
    for epoch in epochs:
        for line in epoch.decode().split():
            pynmea2.parse(line, check=True)


def meter(setting: Setting, inputs: Sequence[Input]) -> State:
    """A whole drive through the rules."""
    state = State("car-1", "bench")
    for given in inputs:
        state, _ = decide(setting, state, given)
    return state


def commits(agency: Agency, setting: Setting) -> None:
    """A few hundred commits of one event each, by the vehicle's own store."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder), "car-1")
        state, _ = vault.load(partial(verified_plan, agency=agency, district="1"))
        for number in range(COMMITS):
            state, events = decide(setting, state, SignIn(float(number), str(number)))
            vault.commit(events, state)
        vault.close()


def bare_commits(setting: Setting) -> None:
    """As many commits of as many bytes, by SQLite alone, with the same promises."""
    event = encode_event(decide(setting, State("car-1", "bench"), SignIn(0.0, "1"))[1][0])
    with tempfile.TemporaryDirectory() as folder:
        db = connect(Path(folder) / "bare.sqlite3")
        db.execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, body BLOB, hash BLOB)")
        for number in range(COMMITS):
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO records VALUES (?, ?, ?)", (number, event, bytes(32)))
            db.execute("COMMIT")
        db.close()


def write(figures: Sequence[Figure], replay_speed: float) -> None:
    """The table, and the machine it was taken on."""
    lines = [
        "# Benchmarks",
        "",
        f"`make bench` on {platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.",
        "Medians of rounds taken in turn; times are this machine's, the ratios carry over.",
        "",
        "| what | µs | beside | µs | ratio |",
        "|---|---|---|---|---|",
        *(figure.row() for figure in figures),
        "",
        f"A recorded hour is replayed {replay_speed:,.0f} × as fast as it was driven (parser, gate and rules).",
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
