"""A long morning of a car in Squaretown, as the engine's inputs in several lives of the daemon. Values only, no store.

Every kind of thing that is written happens: visits that count, do not count, are early, at their cap and suppressed,
tactics, a pause, a loss of GPS, newer plans, another car's visits, a change of officer, restarts.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Final, TypeAlias

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed
from edge.domain.inputs import MergeVisits, Pause, Resume, SignIn, SignOut, Start, Stop, Tick, UndoTactic, UseTactic
from edge.domain.plan import Plan
from edge.vehicle.inbox import Acknowledged, Item, PlanVerified
from tests.vehicle.town_shift import UTC, fixes, other_visit, plan

UNIT: Final = "car-1"
ROUNDS: Final = 50
BOXES: Final = 8
STAY_S: Final = 240
OVER: Final = "2026-10-11/day"
"""A shift whose plan is adopted before the time is known, and dropped as soon as it is."""

LIVES: Final = (0, 4, 9)
"""The rounds that a life of the daemon begins with."""

Life: TypeAlias = list[Item]


def lives(agency: Agency) -> list[Life]:
    """The morning, life by life. The last is long enough for SQLite to empty its write-ahead log on the way."""
    made: list[Life] = []
    for number in range(ROUNDS):
        if number in LIVES:
            made.append([_start(number)])
        made[-1] += _round(agency, number)
        if number + 1 in (*LIVES, ROUNDS):
            made[-1].append(Stop(_second(number + 1) - 1.0))
    return made


def documented(one: Plan) -> PlanVerified:
    """A plan with its document, as it comes off the wire."""
    body = PlanDoc.of(one, "squaretown", "analyst", "because").model_dump(mode="json")
    return PlanVerified(one, Signed(kind="plan", body=body, signature="ab" * 64))


def start(mono: float, boot: str) -> Start:
    """A start at a second of the morning, with the computer's clock five seconds slow."""
    return Start(mono, boot, UTC + mono - 5.0, "test")


def _second(number: int) -> float:
    return 10.0 + number * (STAY_S + 20.0)


def _start(number: int) -> Start:
    return start(_second(number) - 10.0, f"boot-{number}")


def _round(agency: Agency, number: int) -> Iterator[Item]:
    """Four minutes in a box, and what else happens in them."""
    second = _second(number)
    patrols = plan(agency, boxes=BOXES).patrols
    if number == 0:
        yield documented(plan(agency, shift=OVER))
        yield Tick(second - 9.0, UTC + second - 9.0, ntp=True)
        yield documented(plan(agency, boxes=BOXES))
        yield SignIn(second - 8.0, "4711")
        yield MergeVisits(second - 7.0, (other_visit(agency),))
    if number % 2 == 1:
        suppressed = replace(patrols[0], suppressed=f"vigil {number}")
        yield documented(replace(plan(agency, 2 + number // 2), patrols=(suppressed, *patrols[1:])))
    extras = _extras(number, second)
    for fix in fixes(agency, patrols[number % BOXES].cell, int(second), 50 if number == 7 else STAY_S):
        yield fix
        if (extra := extras.get(fix.mono)) is not None:
            yield extra
    yield Acknowledged(3 * number)


def _extras(number: int, second: float) -> dict[float, Item]:
    """What happens in a round beside the fixes, by its second."""
    seconds = count(second + 100.0)
    extras: list[Item] = [UseTactic(next(seconds), "foot-patrol")]
    if number % 2:
        extras += [UndoTactic(next(seconds)), UseTactic(next(seconds), "foot-patrol")]
    if number == 2:
        extras += [Pause(next(seconds), "call"), Resume(next(seconds))]
    if number == 8:
        extras += [SignOut(next(seconds)), SignIn(next(seconds), "4712")]
    return dict(zip(count(second + 100.0), extras, strict=False))
