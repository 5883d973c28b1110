"""What plans keep of the hits that a forecast has: under caps, limits a beat, and a draw.

The yardstick is *uncapped*: 1% of the boxes in every shift, those with the highest risk. Beside it, under the
limits: a *greedy* plan (the highest risk that is free), the planner's *turns* (a box's best shifts of the day) and
weekly *timetable*, both without a draw and with it, and the *optimal* plan of each two weeks, which knows all their
forecasts in advance. Must not know a model, nor tune one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

from edge.contract.agency import Agency
from models.evaluate.optimal import optimal
from models.evaluate.plans import CAP_WEEK, Bools, Field, Outcome, drawn, greedy, uncapped
from models.evaluate.turns import best_shifts_of, timetable_of
from models.train.metrics import Floats, Ints

GAMMAS: Final = (2, 4, 8, 12)
"""The last is the default of `edge.contract.planner.PlannerDoc`."""

RUNS: Final = 6
"""So many runs of weeks, evenly spread, are planned: each takes seconds."""
MEASURED: Final = 2
"""Weeks of a run that are measured, after a week of plans that nobody measures: 42 shifts where a day has three, so
that the cap of any seven days holds across the middle of them."""
RUN_WEEKS: Final = 1 + MEASURED

Way: TypeAlias = Callable[[Floats, Ints, Field, Bools], Outcome]
Numbers: TypeAlias = NDArray[Any]
"""Whole numbers or not, of any width: what they are converted to is exact enough for a comparison."""


class Planned(TypedDict):
    """One crime type. ``greedy`` to ``optimal``: shares of the uncapped expected hits.

    ``turns_drawn``: turns drawn with the last γ; ``drawn``: the timetable, by γ. ``uncapped``: share of all expected
    incidents in the uncapped plans. ``by_visits``: the timetable drawn with the last γ, when a box gets so many visits
    in a shift. ``hits_…``: incidents that happened, ``drawn`` with the timetable and the last γ.
    """

    weeks: int
    boxes: int
    max_per_beat: int
    uncapped: float
    greedy: float
    turns: float
    turns_drawn: float
    timetable: float
    drawn: dict[str, float]
    optimal: float
    by_visits: dict[str, float]
    hits_uncapped: int
    hits_drawn: int


class Summary(TypedDict):
    """The comparison of all types, and its table in Markdown."""

    types: dict[str, Planned]
    text: str


def summary(forecasts: Iterable[tuple[str, Numbers, Numbers]], agency: Agency) -> Summary:
    """The comparison for each type: its name, its forecasts and what happened, each ``[days, shifts, boxes]``.

    Types come one at a time, so that one alone is in memory. Raises ValueError where there are less than three weeks.
    """
    field, most = Field.of(agency), agency.policy.default.cap_shift
    types = {name: compare(_flat(risk), _flat(events), field, most) for name, risk, events in forecasts}
    return Summary(types=types, text=markdown(types))


def compare(risk: Numbers, events: Numbers, field: Field, most: int) -> Planned:
    """What each way of planning keeps of a type's forecasts. ``risk``, ``events``: ``[shifts, boxes]``, whole days.

    ``field``: with one visit a shift; ``most``: visits a shift up to which the cost is shown.

    Raises ValueError where there are less than three weeks.
    """
    runs = _runs(len(risk), field)
    given = [(risk[run].astype(np.float64), events[run].astype(np.int64)) for run in runs]
    turns = [best_shifts_of(one, field) for one, _ in given]
    timetable = [timetable_of(one, field) for one, _ in given]

    def of(way: Way, turn: list[Bools] = timetable) -> tuple[float, int]:
        """Risk and incidents in the plans of the weeks that are measured."""
        kept = [way(*one, field, own) for one, own in zip(given, turn, strict=True)]
        weeks = [(one.expected[field.week :].sum(), one.hits[field.week :].sum()) for one in kept]
        return float(sum(week[0] for week in weeks)), int(sum(week[1] for week in weeks))

    free, free_hits = of(lambda risk, events, field, _: uncapped(risk, events, field))
    draws = {str(gamma): of(partial(drawn, gamma=gamma)) for gamma in GAMMAS}
    return Planned(
        weeks=MEASURED * len(runs),
        boxes=field.boxes,
        max_per_beat=field.max_per_beat,
        uncapped=free / float(sum(one[field.week :].sum() for one, _ in given)),
        greedy=of(lambda risk, events, field, _: greedy(risk, events, field, None))[0] / free,
        turns=of(greedy, turns)[0] / free,
        turns_drawn=of(partial(drawn, gamma=GAMMAS[-1]), turns)[0] / free,
        timetable=of(greedy)[0] / free,
        drawn={gamma: kept[0] / free for gamma, kept in draws.items()},
        optimal=sum(_best(one[field.week :], field) for one, _ in given) / free,
        by_visits={str(visits): _drawn_with(visits, given, field) / free for visits in range(1, most + 1)},
        hits_uncapped=free_hits,
        hits_drawn=draws[str(GAMMAS[-1])][1],
    )


def markdown(planned: Mapping[str, Planned]) -> str:
    """The table of a report, by crime type: shares in percent, and what it says."""
    if not planned:
        return "No plans were compared.\n"
    one = next(iter(planned.values()))
    several = [visits for visits in one["by_visits"] if visits != "1"]
    heads = ["greedy", "turns", "turns, drawn", "timetable", *(f"drawn, γ = {gamma}" for gamma in one["drawn"])]
    heads += ["optimal", "default / optimal"]
    heads += [f"{visits} visits" for visits in several]
    lines = [
        f"{one['boxes']} boxes a shift (1% of the area), at most {CAP_WEEK} visits per box in any 7 days and "
        f"{one['max_per_beat']} boxes per beat; {one['weeks']} weeks, evenly spread in pairs. Shares of the expected "
        "hits of as many boxes without caps and limits. The optimal plan knows all forecasts of its two weeks in "
        "advance (a linear program, `scipy.optimize.linprog`). *Turns*: each box in its best shifts of the day, as "
        "where no context with a timetable is in force; *timetable*: in its shifts of the week, by a linear program "
        "made anew every day of what is known on it. Both are shown without the draw, too; the last γ is "
        "the default. A box in a plan is visited once a shift; the last columns: two visits or more, which use up a "
        "box's week in fewer shifts.",
        "",
        f"| crime type | {' | '.join(heads)} |",
        f"|---|{'---:|' * len(heads)}",
    ]
    for name, kept in planned.items():
        shares = [kept["greedy"], kept["turns"], kept["turns_drawn"], kept["timetable"], *kept["drawn"].values()]
        shares.append(kept["optimal"])
        last = list(kept["drawn"].values())[-1] / kept["optimal"]
        costs = [_percent(kept["by_visits"][visits]) for visits in several]
        lines.append(f"| {name} | {' | '.join([*map(_percent, shares), f'{last:.3f}', *costs])} |")
    return "\n".join(lines) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _flat(values: Numbers) -> Numbers:
    return values.reshape(-1, values.shape[-1])


def _runs(shifts: int, field: Field) -> list[slice]:
    """Runs of three weeks each, evenly spread, which begin with a day's first shift."""
    days = shifts // field.shifts
    spare = days - RUN_WEEKS * field.week // field.shifts
    if spare < 0:
        msg = f"three weeks of shifts are needed to compare plans, not {shifts} shifts"
        raise ValueError(msg)
    starts = sorted({round(each) for each in np.linspace(0, spare, RUNS)})
    return [slice(start * field.shifts, start * field.shifts + RUN_WEEKS * field.week) for start in starts]


def _drawn_with(visits: int, given: list[tuple[Floats, Ints]], field: Field) -> float:
    """What the default draw covers when a box gets so many visits in a shift."""
    often = replace(field, visits=visits)
    each = (drawn(*one, often, timetable_of(one[0], often), GAMMAS[-1]) for one in given)
    return float(sum(one.expected[field.week :].sum() for one in each))


def _best(risk: Floats, field: Field) -> float:
    planned = np.where(field.opt_out, 0.0, risk)
    return optimal(planned, field.beats, field.boxes, field.max_per_beat, CAP_WEEK, field.week)
