"""Two things measured in turn, A B A B …, so that a machine whose speed drifts drifts under both."""

import time
from collections.abc import Callable
from statistics import median
from typing import Final, TypeAlias

ROUNDS: Final = 7

Clock: TypeAlias = Callable[[], float]
"""Seconds: by the wall (`time.perf_counter`), or of this process's own work (`time.process_time`)."""


def in_turn(
    one: Callable[[], object], other: Callable[[], object], clock: Clock = time.perf_counter
) -> tuple[float, float]:
    """Median seconds of each, after one round that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for taken, call in zip(times, (one, other), strict=True):
            taken.append(seconds(call, clock))
    return median(times[0][1:]), median(times[1][1:])


def seconds(call: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """How long a call takes."""
    began = clock()
    call()
    return clock() - began
