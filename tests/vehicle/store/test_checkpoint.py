"""What a checkpoint leaves out: it is written every 15 s, and each of its bytes wears the card."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from edge.domain.presence import NO_TRACK, Point
from edge.domain.state import State
from edge.vehicle.store.checkpoint import LEFT_OUT, STATE, dump

FIX = Point(9.0, 1_764_000_000.0, 100.0, 200.0, 41.9, -87.6, 4.0, speed=11.5, course=270.0)
MOVING = State("car-1", "a", mono=9.0, track=replace(NO_TRACK, last=FIX, heard=9.0))


def paths(names: Mapping[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    """Every part that is left out, by the names that lead to it."""
    for name, below in names.items():
        yield from paths(below, *above, name) if isinstance(below, Mapping) else [(*above, name)]


def at(body: Any, path: tuple[str, ...]) -> bool:
    """Whether there is something under a path."""
    for name in path:
        if name not in body:
            return False
        body = body[name]
    return True


def test_each_part_that_is_left_out_is_one_that_a_state_has() -> None:
    """A part that has moved elsewhere in the state would be written again, and nobody would see it."""
    whole, kept = STATE.dump_python(MOVING, mode="json"), json.loads(dump(MOVING))["state"]
    assert [path for path in paths(LEFT_OUT) if not at(whole, path)] == []
    assert [path for path in paths(LEFT_OUT) if at(kept, path)] == []
