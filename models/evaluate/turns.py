"""Whose turn it is in each shift of a run, as the planner has it: by the best shifts of a day, or a weekly timetable.

Must not look at visits, nor at a forecast of the days to come.
"""

import numpy as np

from edge.plans.best_shifts import DAYS, best_shifts
from edge.risk.scorer import risk_units
from models.evaluate.plans import CAP_WEEK, Bools, Field
from models.timetable.weekly import weekly
from models.train.metrics import Floats, Ints


def best_shifts_of(risk: Floats, field: Field) -> Bools:
    """For each shift, whose turn it is, by the forecasts of its day: bool ``[shifts, boxes]``."""
    days = _days(risk, field)
    most = _draws(risk, field)
    found = [best_shifts(risk_units(day), field.beats, most, field.boxes, field.max_per_beat) for day in days]
    return np.concatenate(found)


def timetable_of(risk: Floats, field: Field) -> Bools:
    """For each shift, whose turn it is, by a weekly timetable: bool ``[shifts, boxes]``; whole weeks.

    Made anew every week, of what is known on its first day: that day's forecast, and for the six to come those of the
    same weekdays a week before, as forecasts further ahead are not kept. The first week has its own; nobody measures
    it.
    """
    days, best = _days(risk, field), best_shifts_of(risk, field)
    before: Bools | None = None
    turns = []
    for first in range(0, len(days), DAYS):
        known = np.concatenate([days[first : first + 1], days[max(1, first - DAYS + 1) : max(DAYS, first)]])
        value = known.reshape(field.week, -1)
        before = weekly(value, field.beats, field.boxes, field.max_per_beat, _draws(risk, field), before)
        turns.append(np.where(before.any(axis=0), before, best[first * field.shifts :][: field.week]))
    return np.concatenate(turns)


def _days(risk: Floats, field: Field) -> Floats:
    """``[days, shifts, boxes]``, without opted-out boxes."""
    return np.where(field.opt_out, 0.0, risk).reshape(-1, field.shifts, risk.shape[1])


def _draws(risk: Floats, field: Field) -> Ints:
    """Shifts of any seven days in which each box may be drawn."""
    return np.full(risk.shape[1], -(-CAP_WEEK // field.visits), dtype=np.int64)
