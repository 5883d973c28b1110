"""``make bench``: every figure of the table, taken one after the other in one run, and written to RESULTS.md.

With names of modules after it (``python -m tests.benchmarks.run receiving side_by_side``) only their rows, which are
printed and not written. What is compared is taken side by side, in turn. Must not be run beside other work: times are
the machine's.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from tests.benchmarks import (
    day,
    drain,
    footprint,
    importing,
    page,
    readers,
    receiving,
    rules,
    scoring,
    screen,
    side_by_side,
    ten_hertz,
)
from tests.benchmarks.machine import describe
from tests.benchmarks.table import Figure, Goal, table
from tests.benchmarks.town import Town, make_town

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
HALF: Final = Goal("ratio", 0.5, least=True)

Measure: TypeAlias = Callable[[Town, Path], Sequence[Figure]]

LIMITS: Final = Path(__file__).with_name("LIMITS.md")
"""What limits the figures: written by hand, put below the table."""


def main() -> None:
    """Measure; print the table, and write it where it is whole."""
    if unknown := {*sys.argv[1:]} - MEASURES.keys():
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    figures = _measure(sys.argv[1:] or [*MEASURES])
    if len(sys.argv) == 1:
        RESULTS.write_text(_page(figures), encoding="utf-8")
    print(table(figures))  # noqa: T201 - what the command is for


def _measure(names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as parent:
        town = make_town(Path(parent))
        for name in names:
            folder = Path(parent) / "measured" / name
            folder.mkdir(parents=True)
            began = time.monotonic()
            found = MEASURES[name](town, folder)
            figures += found
            for figure in found:
                print(figure.row(), file=sys.stderr)  # noqa: T201 - progress
            print(f"  took {time.monotonic() - began:.0f} s", file=sys.stderr)  # noqa: T201 - as above
    return figures


def _rules(town: Town, _: Path) -> Sequence[Figure]:
    return rules.figures(town)


def _ten_hertz(town: Town, folder: Path) -> Sequence[Figure]:
    cost = ten_hertz.measure(town, folder)
    beside = "pyserial and pynmea2 alone"
    return [
        Figure("processor at 10 Hz, one screen open", cost.cpu, "% of a core", beside, cost.bare_cpu),
        Figure("resident memory there, after half a minute", cost.resident_mb, "MB"),
    ]


def _day(town: Town, _: Path) -> Sequence[Figure]:
    written = day.measure(town)
    parts = [Figure(f"… of that: {source}", count / 1e6, "MB") for source, count in written.most_common()]
    goal = Goal("figure", 0.1)
    return [Figure("written a day, 5,000 events, 86,400 fixes", sum(written.values()) / 1e9, "GB", goal=goal), *parts]


def _drain(town: Town, folder: Path) -> Sequence[Figure]:
    ours, bare = drain.measure(town, folder)
    return [Figure("drain of a full ledger, acknowledged", ours, "records/s", "a bare paho publisher", bare, HALF)]


def _receiving(_: Town, __: Path) -> Sequence[Figure]:
    found = list[Figure]()
    for database, server in (("SQLite", False), ("PostgreSQL", True)):
        ours, bare = receiving.measure(server=server)
        what = f"headquarters receives, commits, acknowledges, {database}"
        found.append(Figure(what, ours, "records/s", "a paho subscriber that counts", bare, None if server else HALF))
    return found


def _side_by_side(_: Town, __: Path) -> Sequence[Figure]:
    return list(side_by_side.figures())


MEASURES: Final[Mapping[str, Measure]] = {
    "rules": _rules,
    "ten_hertz": _ten_hertz,
    "footprint": footprint.figures,
    "day": _day,
    "drain": _drain,
    "receiving": _receiving,
    "side_by_side": _side_by_side,
    "readers": readers.figures,
    "screen": screen.figures,
    "page": page.figures,
    "scoring": scoring.figures,
    "importing": importing.figures,
}
"""By module."""


def _page(figures: Sequence[Figure]) -> str:
    lines = [
        "# Benchmarks",
        "",
        f"`make bench` on {describe()}",
        "",
        "Each pair was taken side by side in one run (medians of rounds in turn); times are this machine's, the ratios"
        " carry over. What is measured, and how, stands at the head of each module of this folder.",
        "",
        table(figures),
        "",
        LIMITS.read_text(encoding="utf-8"),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
