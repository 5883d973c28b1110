"""What a fix costs in the grid of a city and of a large agency: ``python -m tests.benchmarks.fix_cost``.

The two are timed in turn, so that a busy machine slows both.
"""

import tempfile
import timeit
from pathlib import Path

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.domain.grid import Grid
from tests.agency.square import write_square
from tests.agency.wide import build_wide

ROUNDS = 40
CALLS = 5_000


def cost(grid: Grid, lat: float, lon: float) -> float:
    """Microseconds to find the box of one fix."""
    return timeit.timeit(lambda: grid.box_of(lat, lon), number=CALLS) / CALLS * 1e6


def main() -> None:
    """Print the least of many rounds, and the ratio."""
    with tempfile.TemporaryDirectory() as city, tempfile.TemporaryDirectory() as county:
        small = load_agency(build_agency(write_square(Path(city)), Path(city) / "agency").directory).grid
        large = load_agency(build_wide(Path(county)).directory).grid
    rounds = [(cost(small, 40.009, -99.0), cost(large, 40.003, -98.4)) for _ in range(ROUNDS)]
    one, other = (min(times) for times in zip(*rounds, strict=True))
    print(f"a fix's box: degree 3 {one:.2f} µs, degree 5 {other:.2f} µs ({other / one:.2f} times)")  # noqa: T201


if __name__ == "__main__":
    main()
