"""What a checkpoint leaves out: it is written every 15 s, and what is longer than a page of the database costs two."""

import json
from dataclasses import replace

from edge.domain.state import State
from edge.domain.track import NO_TRACK, Point
from edge.vehicle.store.checkpoint import LEFT_OUT, STATE, dump, load

FIX = Point(9.0, 1_764_000_000.0, 100.0, 200.0, 41.9, -87.6, 4.0, speed=11.5, course=270.0)
MOVING = State("car-1", "a", mono=9.0, track=replace(NO_TRACK, last=FIX, heard=9.0))


def test_each_part_that_is_left_out_is_one_that_a_state_has() -> None:
    """A part that is called otherwise now would be written again, and nobody would see it."""
    assert STATE.dump_python(MOVING, mode="json").keys() >= LEFT_OUT


def test_what_is_as_in_a_new_state_is_not_written() -> None:
    """What differs alone is there, and the state comes back whole."""
    kept = json.loads(dump(MOVING))["state"]
    assert kept.keys() == {"unit", "ledger", "mono", "track"}
    assert kept["track"].keys() == {"last", "heard"}
    assert load(dump(MOVING), State("car-1", "a")).state == MOVING
