"""The bound from models that see the rest of the period: it finds what changed, and invents nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.risk.frame import Frame
from models.evaluate.hindsight import WEEK
from models.evaluate.limit import LEAST_WEEKS, limit_hits, long_enough
from models.evaluate.report_sections import skill_section
from models.evaluate.skill import Reached, skill_against_limit
from models.train.bootstrap import Weeks
from models.train.metrics import Floats, hits

SIDE, SHIFTS, DAYS = 20, 2, 24 * 7
FRAME = Frame(np.array([(x, y) for x in range(SIDE) for y in range(SIDE)], dtype=np.int32))
AREA = 0.05


def town(seed: int, changed: float) -> tuple[Floats, Floats, NDArray[np.float32]]:
    """Incidents, the rates that made them, and a forecast that is the same every day: ``changed`` in logarithms off."""
    random = np.random.default_rng(seed)
    known = random.gamma(0.6, 0.12, (SHIFTS, SIDE * SIDE)) + 0.002
    true = known * np.exp(random.normal(0.0, changed, SIDE * SIDE))
    observed = random.poisson(true, (DAYS, *true.shape)).astype(np.float64)
    return observed, true, np.repeat(known[None], DAYS, axis=0).astype(np.float32)


def shown(observed: Floats, expected: Floats) -> float:
    """Hits of a forecast that is the same every day."""
    return float(hits(observed, np.broadcast_to(expected, observed.shape), (AREA,)).sum())


def test_what_changed_is_found_from_the_other_weeks() -> None:
    """Most of the way from rates of the first week to the true ones, and hardly more than these (chance: 3 %)."""
    observed, true, first = town(1, 0.8)
    found, top, low = (
        float(limit_hits(observed, first, FRAME, AREA).sum()),
        shown(observed, true),
        shown(observed, first[0]),
    )
    assert low < found <= 1.03 * top
    assert (found - low) / (top - low) > 0.6


def test_where_nothing_changed_there_is_nothing_to_find() -> None:
    """Neither an incident's own imprint nor its absence is learned: within chance of the true rates."""
    observed, true, first = town(2, 0.0)
    assert float(limit_hits(observed, first, FRAME, AREA).sum()) == pytest.approx(shown(observed, true), rel=0.04)


def test_a_bound_is_never_below_a_model_that_knows_the_rates() -> None:
    """The forecast of the day is its start: where that is the truth, other weeks add nothing and take nothing away."""
    observed, true, _ = town(3, 0.8)
    forecasts = np.repeat(true[None], DAYS, axis=0).astype(np.float32)
    assert float(limit_hits(observed, forecasts, FRAME, AREA).sum()) == pytest.approx(shown(observed, true), rel=0.04)


def test_a_short_period_has_no_limit() -> None:
    """Twenty-six weeks: no shorter one was tried."""
    assert long_enough(LEAST_WEEKS * WEEK)
    assert not long_enough(LEAST_WEEKS * WEEK - 1)


def test_the_skill_is_the_share_of_the_way() -> None:
    """30 of 40 possible hits more than the rival's; pooled types are added up before they are compared."""
    days = np.ones(28)
    one = Reached(130 * days, 100 * days, 140 * days)
    found = skill_against_limit(Weeks(28), {"theft": one}, "box_shift")
    assert (found["value"], found["low"], found["high"]) == pytest.approx((0.75, 0.75, 0.75))
    assert found["limit_gain_over_box_shift"]["value"] == pytest.approx(0.4)
    other = Reached(10 * days, 10 * days, 20 * days)
    both = skill_against_limit(Weeks(28), {"theft": one, "robbery": other}, "box_shift")
    assert both["value"] == pytest.approx(30 / 50)
    types = {"theft": {"skill_against_limit": found}, "gunfire": {}}
    page = skill_section({"pooled": {"skill_against_limit": both}, "types": types})
    assert "| theft | +30.0% (+30.0 to +30.0) | +40.0% (+40.0 to +40.0) | 0.75 (0.75 to 0.75) |" in page
    assert "| **pooled** | " in page
    assert skill_section({"pooled": {"skill_against_limit": None}, "types": types}) == ""
