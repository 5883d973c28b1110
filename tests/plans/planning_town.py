"""A small agency for the planner's tests, made in memory: two districts, six beats, an opt-out box, made-up risk."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from edge.contract.agency import Agency
from edge.contract.planner import PlannerDoc, WeightDoc
from edge.domain.grid import Box, Grid
from edge.domain.policy import Policy, Prescription
from edge.domain.shift import Calendar, ShiftRule
from edge.plans.planner import Planner, Risk
from edge.plans.weights import IntArray

BOXES: Final = 60
PER_BEAT: Final = 10
OPT_OUT: Final = (4, 17)
"""Numbers of the boxes that are opted out, both in district 1."""

SHIFTS: Final = ("night", "day", "evening")
TYPES: Final = ("robbery", "burglary", "theft")


def weight(crime_type: str, amount: float, **more: Any) -> WeightDoc:
    """An approved weight."""
    given = {"source": "police", "approver": "deputy chief", "approved": date(2026, 1, 7), **more}
    return WeightDoc(crime_type=crime_type, weight=amount, **given)


WEIGHTS: Final = (
    weight("robbery", 5),
    weight("theft", 1),
    weight("burglary", 2.5, source="community", approver="district council", district="1"),
)


def agency(visits: int = 1, **planner: Any) -> Agency:
    """Boxes 1–30 in district 1 (beats 11, 12, 13), 31–60 in district 2 (21, 22, 23); three shifts."""
    boxes = {}
    for number in range(1, BOXES + 1):
        beat = (number - 1) // PER_BEAT
        cell = (1000 + number % PER_BEAT, 2000 + beat)
        district = "1" if beat < 3 else "2"
        boxes[cell] = Box(cell, number, district, f"{district}{beat % 3 + 1}", number in OPT_OUT)
    grid = Grid(26916, 0.0, 0.0, 1.0, 1.0, (0.0,) * 10, (0.0,) * 10, boxes)
    rules = tuple(ShiftRule(name, time(8 * index)) for index, name in enumerate(SHIFTS))
    return Agency(
        id="smalltown",
        name="Smalltown",
        calendar=Calendar(ZoneInfo("America/Chicago"), rules),
        policy=Policy(default=Prescription(visits=visits)),
        grid=grid,
        tactics=(),
        tactics_version="1",
        public_key=None,
        map_path=Path("map.json"),
        hash="0" * 64,
        planner=PlannerDoc(**{"weights": WEIGHTS, "boxes_per_shift": 5, "max_per_beat": 2, "gamma": 2, **planner}),
    )


def day_of_risk(seed: int = 1) -> Mapping[str, Risk]:
    """A date's risk by shift and crime type, in 10⁻⁶: skewed, as risk is, and the same on every machine."""
    place = _numbers(f"{seed}", 100)
    return {
        shift: {name: 200_000 // (place * _numbers(f"{seed}/{shift}/{name}", 20)) for name in TYPES} for shift in SHIFTS
    }


def _numbers(seed: str, most: int) -> IntArray:
    """A whole number from 1 to ``most`` for each box."""
    digits = np.frombuffer(hashlib.shake_256(seed.encode()).digest(8 * BOXES), dtype="<u8")
    return (digits % most).astype(np.int64) + 1


def only(values: Mapping[int, int], crime_type: str = "robbery") -> Mapping[str, Risk]:
    """Risk of one type in some boxes, by number, alike in all shifts."""
    risk: IntArray = np.zeros(BOXES, dtype=np.int64)
    for number, units in values.items():
        risk[number - 1] = units
    return {shift: {crime_type: risk} for shift in SHIFTS}


def planner(area: str = "1", visits: int = 1, **rules: Any) -> Planner:
    """The planner of an area of the town."""
    return Planner(agency(visits, **rules), area)


def with_policy(town: Agency, **by_type: Prescription) -> Agency:
    """The town with other prescriptions for single crime types."""
    return replace(town, policy=replace(town.policy, by_type=by_type))
