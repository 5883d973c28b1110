"""A bundle and a week of contexts give the counts that training would have, and the features, bit for bit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc, GunfireDoc, WeatherDoc
from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from edge.risk.counts import WEIGHT, Counts
from edge.risk.days import Days
from edge.risk.feature_column import Column
from edge.risk.features import rows
from edge.risk.update import delta, load_world, merged, rows_between, updated, with_gunfire
from models.daily.context import make_context, weather_of
from tests.risk.tiny import RECIPE, made_up, tiny_bundle, world_of

LAST = date(2026, 10, 5)
DAYS = 7
GUNFIRE = CRIME_TYPES.index("gunfire")


def columns(counts: Counts) -> dict[str, Any]:
    """As `Counts.of` takes them."""
    names = ("kind", "box", "day", "shift", "known", "weight")
    return {name: getattr(counts, name).astype(np.int64) for name in names}


def same(one: Counts, other: Counts) -> bool:
    """Row by row, and the days covered."""
    return one.digest() == other.digest()


def test_a_week_of_daily_contexts_gives_trainings_features_bit_for_bit(square_agency: Agency) -> None:
    """Each day's context alone leads from the bundle to that day: none of the days before is needed."""
    now = made_up(square_agency, LAST + timedelta(days=DAYS), incidents=1500)
    base = now.known_before(LAST.toordinal() + 1)
    bundle = world_of(square_agency, base)
    for ahead in range(1, DAYS + 1):
        day = LAST + timedelta(days=ahead)
        known = now.known_before(day.toordinal())
        context = make_context(square_agency, base, now, day)
        car = updated(bundle, context, square_agency.calendar, day.toordinal())
        assert same(car.counts, known)
        for kind in (GUNFIRE, CRIME_TYPES.index("robbery")):
            for shift in range(bundle.shifts):
                ours = rows(car, RECIPE, kind, day.toordinal(), shift)
                theirs = rows(world_of(square_agency, known), RECIPE, kind, day.toordinal(), shift)
                assert ours.features.tobytes() == theirs.features.tobytes()
                assert ours.maps.tobytes() == theirs.maps.tobytes()
                assert ours.level == theirs.level


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """Some rows of a few boxes and days."""
    count = draw(st.integers(0, 30))
    found: dict[str, list[int]] = {name: [] for name in ("kind", "box", "day", "shift", "known", "weight")}
    for _ in range(count):
        day = draw(st.integers(-5, 6))
        row = (draw(st.integers(0, 6)), draw(st.integers(0, 3)), day, draw(st.integers(0, 1)))
        values = (*row, day + draw(st.integers(0, 3)), draw(st.sampled_from([1, 128, WEIGHT])))
        for name, value in zip(found, values, strict=True):
            found[name].append(value + (LAST.toordinal() if name in ("day", "known") else 0))
    return {name: np.array(values, dtype=np.int64) for name, values in found.items()}


@given(before=tables(), after=tables(), ahead=st.integers(1, 8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_rows_lead_from_any_counts_to_any_later_ones(before: Any, after: Any, ahead: int) -> None:
    """Reports that came late, and those that were taken back or changed, too."""
    at = LAST.toordinal()
    base = Counts.of(before, at - 10, at)
    now = Counts.of(after, at - 10, at + 9)
    day = LAST + timedelta(days=ahead)
    rows_told = rows_between(base, now, day)
    context = ContextDoc(agency="a", base=base.digest(), number=1, date=day, counts=rows_told)
    found = base.plus(delta(context)).known_before(day.toordinal())
    kept = found.weight != 0
    known = now.known_before(day.toordinal())
    held = Counts.of({name: values[kept] for name, values in columns(found).items()}, found.first, found.last)
    assert columns(held).keys() == columns(known).keys()
    for name, values in columns(held).items():
        assert np.array_equal(values, columns(known)[name])


@given(before=tables(), after=tables())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_merging_is_adding_up(before: Any, after: Any) -> None:
    """What the car does quickly is what `Counts.plus` does, row by row."""
    one, more = Counts.of(before, 1, LAST.toordinal()), Counts.of(after, 5, LAST.toordinal() + 9)
    assert same(merged(one, more), one.plus(more))
    nothing = merged(one, replace(one, weight=-one.weight))
    assert len(nothing) == 0


def test_a_context_of_another_bundle_is_not_used(square_agency: Agency) -> None:
    """One sentence."""
    base = made_up(square_agency, LAST)
    context = make_context(square_agency, made_up(square_agency, LAST, seed=2), base, LAST + timedelta(days=1))
    with pytest.raises(UserError, match="not used: it is for another bundle's counts"):
        updated(world_of(square_agency, base), context, square_agency.calendar, LAST.toordinal() + 1)


def test_incidents_that_end_before_the_bundles_make_no_context(square_agency: Agency) -> None:
    """The sentence names both dates."""
    base = made_up(square_agency, LAST)
    older = made_up(square_agency, LAST - timedelta(days=3))
    with pytest.raises(UserError, match="the incidents end on 2026-10-02, but the bundle's on 2026-10-05"):
        make_context(square_agency, base, older, LAST + timedelta(days=1))


def test_shots_count_as_if_known_yesterday(square_agency: Agency) -> None:
    """Those of today, and of the coming night: the forecast of that box rises, nothing else changes its rows."""
    base = made_up(square_agency, LAST)
    day = LAST + timedelta(days=1)
    shots = (GunfireDoc(box=12, at=datetime(2026, 10, 6, 20, 0, tzinfo=UTC)),)
    counts = with_gunfire(base, shots, square_agency.calendar, day.toordinal())
    assert counts.weight.sum() - base.weight.sum() == WEIGHT
    before = rows(world_of(square_agency, base), RECIPE, GUNFIRE, day.toordinal(), 0)
    after = rows(world_of(square_agency, counts), RECIPE, GUNFIRE, day.toordinal(), 0)
    h7 = RECIPE.maps.index("gunfire.any.h7.r0")
    risen = after.maps[:, h7] > before.maps[:, h7]
    assert list(np.flatnonzero(risen)) == [11]


def test_an_evenings_shots_stay_after_midnight(square_agency: Agency) -> None:
    """The night goes on when the next day's context has made counts of them: its forecast stays as it was."""
    day = LAST + timedelta(days=1)
    base, calendar = made_up(square_agency, LAST), square_agency.calendar
    bundle = world_of(square_agency, base)
    shot = GunfireDoc(box=12, at=datetime(2026, 10, 7, 4, 0, tzinfo=UTC))
    night = [rule.name for rule in calendar.rules].index(calendar.shift_at(shot.at.timestamp()).name)
    row = {
        "kind": GUNFIRE,
        "box": 11,
        "day": day.toordinal(),
        "shift": night,
        "known": day.toordinal(),
        "weight": WEIGHT,
    }
    heard = Counts.of({name: np.array([one]) for name, one in row.items()}, base.last, day.toordinal())
    live = make_context(square_agency, base, base, day).model_copy(update={"gunfire": (shot,)})
    evening = updated(bundle, live, calendar, day.toordinal())
    later = make_context(square_agency, base, base.plus(heard), day + timedelta(days=1))
    midnight = updated(bundle, later, calendar, day.toordinal())
    for world in (evening, midnight):
        assert world.counts.known_before(day.toordinal()).weight.sum() == base.weight.sum() + WEIGHT
    ours, theirs = (rows(one, RECIPE, GUNFIRE, day.toordinal(), night) for one in (midnight, evening))
    assert ours.features.tobytes() == theirs.features.tobytes()
    tomorrow = updated(bundle, later, calendar, day.toordinal() + 1)
    assert same(tomorrow.counts, base.plus(heard))


def test_the_weather_expected_takes_the_normals_place(square_agency: Agency) -> None:
    """On its day alone; a column that the bundle lacks is refused where the context is made."""
    column = Column("weather_tmax", "weather", "highest temperature", "°C", 10.0, "Made up.", "CC0", "2026-01-01")
    day = LAST + timedelta(days=1)
    days = Days(day.toordinal(), (column,), np.full((3, 1), 15.0, dtype=np.float32))
    base = made_up(square_agency, LAST)
    context = make_context(square_agency, base, base, day, weather=weather_of(("weather_tmax=31.5",), days.names))
    assert context.weather == (WeatherDoc(ahead=0, values={"weather_tmax": 31.5}),)
    world = world_of(square_agency, base)
    dry = world.__class__(world.frame, world.shifts, base, world.layers, days, world.events)
    wet = updated(dry, context, square_agency.calendar, day.toordinal())
    assert [float(wet.days.of(day.toordinal() + ahead)[0]) for ahead in range(3)] == [31.5, 15.0, 15.0]
    with pytest.raises(UserError, match="the bundle has no column 'rain'; it has weather_tmax"):
        weather_of(("rain=1",), days.names)
    with pytest.raises(UserError, match="'hot' is not a number"):
        weather_of(("weather_tmax=hot",), days.names)


def test_a_bundles_world_is_read_as_it_was_built(tmp_path: Path) -> None:
    """Counts, boxes and shifts."""
    tiny = tiny_bundle(tmp_path, LAST, types=())
    world = load_world(tiny.directory, tiny.agency)
    assert same(world.counts, tiny.counts)
    assert (world.frame.size, world.shifts) == (len(tiny.agency.grid.boxes), 2)
