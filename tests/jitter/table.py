"""Runs a case over its seeds and keeps its row of ``build/jitter.md``, the table that README.md has a copy of."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import getpid
from pathlib import Path
from statistics import fmean

from tests.jitter.comparison import Counts, compare, seen
from tests.jitter.drives import passing
from tests.jitter.simulation import Environment, Receiver, Truth

SEEDS = 20
FEW = 5
"""Seeds of `make test`; `make test-long` has all."""
HOURS = 8.0
PASSES = 500
PASS_M = 150.0
BUILD = Path(__file__).resolve().parents[2] / "build"
HEAD = """\
| case | environment | must be | rules | worst seed | rules, of any length | naive, ≥ 60 s | naive, entries |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The share of passes that are presence by the rules, and that have any raw position in the box."""

    rules: float
    naive: float


def park(case: Callable[[float], Iterator[Truth]], environment: Environment, seeds: int = SEEDS) -> list[Counts]:
    """Each seed's eight hours of one case."""
    return [
        compare(Receiver(environment, f"{environment.name}/{case.__name__}/{seed}").follow(case(HOURS)))
        for seed in range(seeds)
    ]


def drive_through(environment: Environment, clear_m: float) -> Seen:
    """Five hundred passes, each a drive of its own."""
    lines = random.Random(f"{environment.name}/lines/{clear_m:g}")  # noqa: S311 - a simulation's reproducible chance
    both = [
        seen(Receiver(environment, f"{environment.name}/pass/{number}").follow(passing(lines, PASS_M, clear_m)))
        for number in range(PASSES)
    ]
    return Seen(fmean(rules for rules, _ in both), fmean(naive for _, naive in both))


def keep_parked(case: str, environment: str, must_be: str, counts: list[Counts]) -> None:
    """Keep the row of a parked case: means over the seeds. Of a few alone it is not."""
    if len(counts) < SEEDS:
        return
    figures = (
        f"**{fmean(each.counted for each in counts):.2f}**",
        f"{max(each.counted for each in counts)}",
        f"{fmean(each.opened for each in counts):.2f}",
        f"{fmean(each.long_entries for each in counts):.1f}",
        f"{fmean(each.entries for each in counts):.0f}",
    )
    _keep(case, environment, must_be, figures)


def keep_passes(case: str, environment: str, must_be: str, share: Seen) -> None:
    """Keep the row of a case of passes."""
    _keep(case, environment, must_be, (f"**{share.rules:.1%}**", "", "", "", f"{share.naive:.1%}"))


def _keep(case: str, environment: str, must_be: str, figures: tuple[str, ...]) -> None:
    """Tests run in several processes: each row is a file of its own, and whoever comes last has them all."""
    rows = BUILD / "jitter"
    rows.mkdir(parents=True, exist_ok=True)
    row = " | ".join((case, environment, must_be, *figures))
    (rows / f"{case}, {environment}.row".replace(" ", "_")).write_text(f"| {row} |\n", encoding="utf-8")
    lines = sorted(path.read_text(encoding="utf-8") for path in rows.glob("*.row"))
    draft = rows / f"draft-{getpid()}.md"
    draft.write_text(HEAD + "".join(lines), encoding="utf-8")
    draft.replace(BUILD / "jitter.md")
