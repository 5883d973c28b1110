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
    """For each shift, whose turn it is, by a weekly timetable made anew every day: bool ``[shifts, boxes]``."""
    days = _days(risk, field)
    best = best_shifts_of(risk, field).reshape(days.shape)
    before: Bools | None = None
    turns = []
    for day in range(len(days)):
        value = _week_ahead(days, day).reshape(field.week, -1)
        before = weekly(value, field.beats, field.boxes, field.max_per_beat, _draws(risk, field), before)
        today = before.reshape(DAYS, field.shifts, -1)[day % DAYS]
        turns.append(np.where(before.any(axis=0), today, best[day]))
    return np.concatenate(turns)


def _week_ahead(days: Floats, day: int) -> Floats:
    """What is known on a day of the week that begins with it, ``[weekdays, shifts, boxes]``.

    Forecasts further ahead than a day are not kept. In their place: of each day to come the forecast of the same
    weekday a week before, averaged with the last seven days' mean pattern at the same level, which knows better where
    risk has moved. A run's first week has its own forecasts; nobody measures it.
    """
    week = np.empty((DAYS, *days.shape[1:]))
    for ahead in range(DAYS):
        week[(day + ahead) % DAYS] = days[day + ahead - DAYS if ahead and day + ahead >= DAYS else day + ahead]
    recent = days[max(0, day - DAYS + 1) : day + 1]
    level = np.maximum(recent.sum(axis=2, keepdims=True), np.finfo(np.float64).tiny)
    return np.asarray(week + week.sum(axis=2, keepdims=True) * (recent / level).mean(axis=0)) / 2


def _days(risk: Floats, field: Field) -> Floats:
    """``[days, shifts, boxes]``, without opted-out boxes."""
    return np.where(field.opt_out, 0.0, risk).reshape(-1, field.shifts, risk.shape[1])


def _draws(risk: Floats, field: Field) -> Ints:
    """Shifts of any seven days in which each box may be drawn."""
    return np.full(risk.shape[1], -(-CAP_WEEK // field.visits), dtype=np.int64)
