"""The rivals: what they compute, how they are tuned, and that they see nothing at or after a forecast's origin."""

from datetime import date
from math import exp

import numpy as np
import pytest

from edge.contract.agency import Agency
from edge.domain.policy import CRIME_TYPES
from edge.risk.base import level
from edge.risk.counts import WEIGHT, Counts
from models.evaluate.baselines import NAMES, Baseline, candidates, forecasts
from models.evaluate.parts import City, Part, levels, part_map, past_of
from models.evaluate.setting import Setting
from models.evaluate.summary import choose_rival
from models.evaluate.tuning import LEAST_SHARE, mixture, tune
from models.train.metrics import deviance, truth
from tests.models.toy import PERIOD, after, square_agency, toy

__all__ = ["square_agency", "toy"]

THEFT = CRIME_TYPES.index("theft")
ORIGIN = 1000
LINE = City(np.zeros(5, dtype=np.int64), np.arange(5), (1, 5), 2)
"""Five boxes in a row, two shifts."""


def counts_of(*rows: tuple[int, int, int]) -> Counts:
    """Thefts as (box, day, shift)."""
    box, day, shift = np.array(rows, dtype=np.int64).T
    columns = {"kind": np.full(len(box), THEFT), "box": box, "day": day, "shift": shift, "known": day}
    return Counts.of(columns | {"weight": np.full(len(box), WEIGHT)}, min(900, int(day.min())), 1100)


def test_a_count_is_each_boxs_share_of_the_window() -> None:
    """Three known incidents in 28 days: two here, one there; older ones and today's are not in it."""
    past = past_of(counts_of((0, 999, 0), (0, 990, 1), (3, 980, 0), (4, 971, 0), (4, 1000, 0)), THEFT, ORIGIN)
    found = part_map(Part("count", days=28), past, LINE)
    assert found[0].tolist() == found[1].tolist() == pytest.approx([2 / 3, 0, 0, 1 / 3, 0])


def test_a_count_by_shift_is_uniform_where_the_shift_had_none() -> None:
    """Without an incident there is no better guess."""
    found = part_map(Part("count", by_shift=True), past_of(counts_of((2, 999, 0)), THEFT, ORIGIN), LINE)
    assert found.tolist() == [[0, 0, 1, 0, 0], pytest.approx([0.2] * 5)]


def test_excitation_fades_with_age() -> None:
    """Two incidents 7 days apart weigh as 1 to e^−1 with τ = 7 days; long ago weighs nothing."""
    past = past_of(counts_of((0, 999, 0), (1, 992, 0), (2, 920, 0)), THEFT, ORIGIN)
    found = part_map(Part("count", tau=7.0), past, LINE)[0]
    assert found[1] / found[0] == pytest.approx(exp(-1.0))
    assert found[2] == 0.0


def test_a_kernel_spreads_to_neighbours_and_keeps_the_sum() -> None:
    """The box itself most, then its neighbours, alike on both sides."""
    found = part_map(Part("count", sigma=0.75), past_of(counts_of((2, 999, 0)), THEFT, ORIGIN), LINE)[0]
    assert found.sum() == pytest.approx(1.0)
    assert found[2] > found[1] == pytest.approx(found[3])
    assert found[1] > found[0]


def test_the_level_is_the_models_own(toy: Setting) -> None:
    """Shift, weekday and the last weeks, as `edge.risk` has them at 00:00 of each day, or with data some days late."""
    world, days = toy.world, PERIOD.days[:2]
    for lag in (0, 7):
        found = levels(world.counts, THEFT, days, world.shifts, lag)
        for row, day in zip(found, days.tolist(), strict=True):
            past = toy.known_before(day - lag).past(day)
            expected = [level(past.city(THEFT), world.counts.first, day, shift) for shift in range(world.shifts)]
            assert row.tolist() == expected


def test_a_level_knows_the_weekday() -> None:
    """A theft every Saturday and none else: Saturday's level is many times Sunday's."""
    saturdays = [day for day in range(600, 1000) if (day + 6) % 7 == 5]
    counts = counts_of(*((0, day, 0) for day in saturdays))
    first = next(day for day in range(1000, 1007) if (day + 6) % 7 == 5)
    saturday, sunday = levels(counts, THEFT, np.array([first, first + 1]), 2)[:, 0]
    assert saturday > 5 * sunday


def test_mixture_finds_the_shares_that_are_likeliest() -> None:
    """Incidents drawn three quarters from one map, a quarter from another, give these shares back."""
    random = np.random.default_rng(5)
    maps = np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.1, 0.1, 0.7]])
    box = np.where(random.random(20000) < 0.75, random.choice(4, 20000, p=maps[0]), random.choice(4, 20000, p=maps[1]))
    shares, likelihood = mixture(maps[:, box].T, np.ones(len(box)))
    assert shares == pytest.approx([0.75, 0.25], abs=0.03)
    assert likelihood >= float(np.log(maps[:, box].T @ np.array([0.7, 0.3])).sum())


def test_a_mixture_keeps_a_uniform_share() -> None:
    """However useless uniform was in tuning, an incident in a new box costs a finite deviance."""
    shares, _ = mixture(np.array([[1.0, 0.001]] * 50), np.ones(50))
    assert shares[1] >= LEAST_SHARE / 1.1


def test_every_rival_is_finite_and_sums_to_its_level(toy: Setting) -> None:
    """Expected counts are positive in every box, and the city's sum is the model's level."""
    counts, city = toy.world.counts, toy.city
    tuned = tune(counts.known_before(int(PERIOD.days[0])), THEFT, PERIOD.tune_days, city)
    assert tuple(tuned) == NAMES
    observed = truth(counts, THEFT, PERIOD.days, city.shifts, city.boxes)
    for baseline in tuned.values():
        found = forecasts(baseline, counts, THEFT, PERIOD.days[:3], city)
        assert (found > 0).all()
        assert found.sum(axis=2) == pytest.approx(levels(counts, THEFT, PERIOD.days[:3], city.shifts))
        assert np.isfinite(deviance(observed[:3], found)).all()


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lag", [0, 7])
def test_no_rival_sees_what_is_not_known_yet(toy: Setting, name: str, lag: int, shuffled: bool) -> None:
    """Every incident at or after the origin deleted, or shuffled: the forecasts stay bit-identical."""
    parts = candidates(name)[-1]
    baseline = Baseline(name, parts, tuple([1.0 / len(parts)] * len(parts)))
    day = PERIOD.days[5:6]
    other = after(toy.world.counts, date.fromordinal(int(day[0]) - lag), shuffled=shuffled)
    assert other.digest() != toy.world.counts.digest()
    before, again = (forecasts(baseline, counts, THEFT, day, toy.city, lag) for counts in (toy.world.counts, other))
    assert before.tobytes() == again.tobytes()


@pytest.mark.parametrize("shuffled", [False, True])
def test_tuning_sees_nothing_of_the_test(toy: Setting, shuffled: bool) -> None:
    """Kernels, decays and shares are the same whatever happened in the days tested."""
    counts, first = toy.world.counts, int(PERIOD.days[0])
    other = after(counts, date.fromordinal(first), shuffled=shuffled)
    one, two = (tune(each.known_before(first), THEFT, PERIOD.tune_days, toy.city) for each in (counts, other))
    assert one == two


def test_the_rival_is_the_box_by_shift_count_that_hit_more_in_tuning() -> None:
    """Hits are pooled over the five types; gunfire, which overlaps assault, has no say."""
    tuned = {
        "theft": {"events": 100.0, "box_shift": 20.0, "box_shift_3y": 22.0},
        "robbery": {"events": 50.0, "box_shift": 6.0, "box_shift_3y": 5.0},
        "gunfire": {"events": 50.0, "box_shift": 40.0, "box_shift_3y": 1.0},
    }
    assert choose_rival(tuned) == ("box_shift_3y", {"box_shift": 26 / 150, "box_shift_3y": 27 / 150})


def test_the_toy_is_the_agencys(toy: Setting, square_agency: Agency) -> None:
    """The town's raster has a place for every box, and no two share one."""
    places = set(zip(toy.city.rows.tolist(), toy.city.columns.tolist(), strict=True))
    assert len(places) == len(square_agency.grid.boxes) == toy.city.boxes
