"""The comparison of plans: every way holds its limits, none beats the optimal, and the planner comes close to it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.evaluate.optimal import optimal
from models.evaluate.planning import GAMMAS, compare, markdown, summary
from models.evaluate.plans import CAP_WEEK, Field, drawn, greedy, uncapped
from models.evaluate.turns import best_shifts_of, timetable_of
from models.train.metrics import Floats, Ints
from tests.plans.planning_town import BOXES, SHIFTS, agency

DAYS = 21
FIELD = Field(np.repeat(np.arange(12), 20), np.arange(240) == 7, 3, 10, 2)


def made_up(seed: int = 3, boxes: int = 240) -> tuple[Floats, Ints]:
    """Forecasts of three weeks, whose weekdays and three shifts differ, and incidents that follow them."""
    random = np.random.default_rng(seed)
    place = random.gamma(0.7, 0.02, boxes)
    of_shift = random.gamma(2.0, 0.5, (3, boxes)) * np.array([[0.5], [1.0], [1.6]])
    of_week = np.tile(random.gamma(4.0, 0.25, (7, 3, boxes)), (DAYS // 7, 1, 1))
    days = random.gamma(50.0, 0.02, (DAYS, 1, 1))
    risk = (place * of_shift * of_week * days).reshape(-1, boxes)
    return risk, random.poisson(risk)


def test_uncapped_plans_are_the_highest_risk_and_greedy_ones_hold_caps_and_limits() -> None:
    """With a cap of seven and a limit a beat a greedy plan covers less, and with turns more than without."""
    risk, events = made_up()
    free = uncapped(risk, events, FIELD)
    assert free.expected[0] == pytest.approx(np.sort(np.delete(risk[0], 7))[-10:].sum())
    ways = [greedy(risk, events, FIELD, None), greedy(risk, events, FIELD, best_shifts_of(risk, FIELD))]
    assert free.expected.sum() > ways[1].expected.sum() > ways[0].expected.sum()
    assert free.hits.sum() <= events.sum()


def test_a_draw_comes_closer_to_the_turns_with_a_larger_gamma() -> None:
    """And never covers more than the same boxes without limits."""
    risk, events = made_up()
    turn = best_shifts_of(risk, FIELD)
    kept = [drawn(risk, events, FIELD, turn, gamma).expected.sum() for gamma in (1, 3, 12)]
    assert kept == sorted(kept)
    assert kept[-1] < uncapped(risk, events, FIELD).expected.sum()


def test_the_optimal_plan_of_a_small_week_is_found() -> None:
    """Three boxes of two beats, two shifts, every plan tried: none holds more than the program finds."""
    risk = np.array([[5.0, 4.0, 1.0], [6.0, 1.0, 2.0]])
    beats = np.array([0, 0, 1])
    best = 0.0
    for chosen in product((0, 1), repeat=6):
        plan = np.array(chosen).reshape(2, 3)
        in_limits = plan.sum(axis=1).max() <= 2 and plan[:, :2].sum(axis=1).max() <= 1 and plan.sum(axis=0).max() <= 1
        best = max(best, float((plan * risk).sum()) if in_limits else 0.0)
    assert optimal(risk, beats, 2, 1, 1, 2) == pytest.approx(best)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(2, 4))
def test_no_plan_under_the_limits_beats_the_optimum(seed: int, cap: int, window: int) -> None:
    """Six boxes of two beats in eight shifts, at most ``cap`` visits in any ``window`` shifts: it is a bound."""
    random = np.random.default_rng(seed)
    risk, beats = random.gamma(0.5, 1.0, (8, 6)), np.repeat([0, 1], 3)
    bound = optimal(risk, beats, 3, 2, cap, window)
    for _ in range(20):
        plan = np.zeros(risk.shape, dtype=np.int64)
        for pair in np.argsort(-risk.ravel() * random.uniform(0.5, 1.5, risk.size)).tolist():
            shift, box = divmod(pair, 6)
            plan[shift, box] = 1
            around = range(max(0, shift - window + 1), min(shift, 8 - window) + 1)
            in_beat = plan[shift, beats == beats[box]].sum() <= 2
            if not (
                in_beat and plan[shift].sum() <= 3 and all(plan[at : at + window, box].sum() <= cap for at in around)
            ):
                plan[shift, box] = 0
        assert float((plan * risk).sum()) <= bound + 1e-9


def test_the_cap_holds_in_any_seven_days() -> None:
    """One box whose risk lies in the middle two of four shifts: one visit in any two shifts gets one of them only."""
    risk = np.array([[1.0], [5.0], [4.0], [1.0]])
    assert optimal(risk, np.array([0]), 1, 1, 1, 2) == pytest.approx(6.0)
    weeks = sum(optimal(half, np.array([0]), 1, 1, 1, 2) for half in (risk[:2], risk[2:]))
    assert weeks == pytest.approx(9.0)


def test_the_planner_keeps_nearly_what_an_optimal_plan_keeps() -> None:
    """Within 3 % of the optimal plan, with the draw's default γ; with turns less, and a greedy plan is worse."""
    kept = compare(*made_up(), FIELD, 3)
    assert kept["optimal"] <= 1.0
    assert max(kept["turns"], kept["timetable"], *kept["drawn"].values()) <= kept["optimal"] + 1e-3
    assert kept["drawn"][str(GAMMAS[-1])] > 0.97 * kept["optimal"]
    assert kept["greedy"] < kept["turns"] < kept["timetable"]
    assert kept["turns_drawn"] < kept["drawn"][str(GAMMAS[-1])]
    assert kept["by_visits"]["1"] == kept["drawn"][str(GAMMAS[-1])]
    assert kept["by_visits"]["1"] > kept["by_visits"]["2"] > kept["by_visits"]["3"]


def test_a_timetable_knows_nothing_of_the_days_to_come() -> None:
    """After the first week, turns of a day are the same whatever is forecast later."""
    risk, _ = made_up()
    known = FIELD.week + 3 * FIELD.shifts
    other = np.concatenate([risk[:known], np.zeros_like(risk[known:])])
    turns, again = timetable_of(risk, FIELD), timetable_of(other, FIELD)
    assert (turns[FIELD.week : known] == again[FIELD.week : known]).all()
    assert (turns[known:] != again[known:]).any()


def test_the_default_gamma_is_the_one_that_the_table_calls_default() -> None:
    """The last of those compared."""
    assert type(agency().planner).model_fields["gamma"].default == GAMMAS[-1]


def test_the_table_says_every_type() -> None:
    """A row a type, a column a way; nothing to compare is said."""
    risk, events = made_up(boxes=BOXES)
    shape = (DAYS, len(SHIFTS), BOXES)
    found = summary([("theft", risk.reshape(shape).astype(np.float32), events.reshape(shape))], agency())
    rows = [line for line in found["text"].splitlines() if line.startswith("|")]
    assert rows[0].count("|") == rows[1].count("|") == rows[2].count("|")
    assert rows[2].startswith("| theft | ")
    assert (found["types"]["theft"]["boxes"], CAP_WEEK) == (1, 7)
    assert markdown({}) == "No plans were compared.\n"


def test_less_than_three_weeks_are_refused() -> None:
    """One week to warm up, two to measure."""
    risk, events = made_up()
    with pytest.raises(ValueError, match="three weeks of shifts are needed"):
        compare(risk[:62], events[:62], FIELD, 3)
