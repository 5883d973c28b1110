"""Maps of the past, against a slow sum over every incident."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.risk.counts import Counts
from edge.risk.maps import AGE_UNITS, LONGEST_SINCE, SLOTS, MapName, Past
from tests.risk.small_world import CELLS, FIRST, ROBBERY, SHIFTS, THEFT, made_up, world_of

DAYS = 120
COUNTS = made_up(1, DAYS, 900)


def past(counts: Counts, day: int) -> Past:
    return world_of(counts).past(day)


def matches(slot: str, row_day: int, day: int) -> bool:
    row, today = date.fromordinal(row_day).weekday(), date.fromordinal(day).weekday()
    return {"weekday": row == today, "weekend": (row >= 5) == (today >= 5)}.get(slot, True)


def by_hand(counts: Counts, day: int, kind: int, slot: str, life: int, radius: int, shift: int) -> list[int]:
    """The map, incident by incident."""
    origin, found = min(day, counts.last + 1), [0] * len(CELLS)
    columns = (counts.kind, counts.box, counts.day, counts.shift, counts.known, counts.weight)
    for k, box, on, s, known, weight in zip(*(column.tolist() for column in columns), strict=True):
        if k != kind or known >= day or (slot != "any" and s != shift) or not matches(slot, on, day):
            continue
        age = max(origin - on, 1)
        units = weight * (round(AGE_UNITS * 2.0 ** (-age / life)) if life else AGE_UNITS)
        for index, (x, y) in enumerate(CELLS):
            if abs(x - CELLS[box][0]) <= radius and abs(y - CELLS[box][1]) <= radius:
                found[index] += units
    return found


@settings(max_examples=25, deadline=None)
@given(
    day=st.integers(FIRST + 5, FIRST + DAYS + 20),
    kind=st.sampled_from([ROBBERY, THEFT]),
    slot=st.sampled_from(SLOTS),
    life=st.sampled_from([0, 7, 30, 365]),
    radius=st.integers(0, 4),
    shift=st.integers(0, SHIFTS - 1),
)
def test_a_map_is_exactly_the_sum_of_its_decayed_incidents(
    day: int, kind: int, slot: str, life: int, radius: int, shift: int
) -> None:
    """Every slot, half-life and radius, also past the counts' end: whole numbers, none off by one."""
    assert past(COUNTS, day).units(kind, slot, life, radius, shift).tolist() == by_hand(
        COUNTS, day, kind, slot, life, radius, shift
    )


def test_a_share_has_mean_one() -> None:
    """A map over its mean averages 1; one without any incident is 1 everywhere."""
    found = past(COUNTS, FIRST + 100)
    assert found.share(MapName.parse("own.any.h30.r1"), THEFT, 0).mean() == pytest.approx(1.0)
    assert set(past(Counts.none(FIRST, FIRST + 9), FIRST + 9).share(MapName.parse("own.any.ever.r0"), THEFT, 0)) == {
        1.0
    }


def test_other_types_are_named() -> None:
    """``robbery.…`` is robbery's map whatever the own type is."""
    found = past(COUNTS, FIRST + 100)
    other = found.share(MapName.parse("robbery.shift.ever.r0"), THEFT, 2)
    assert other.tolist() == found.share(MapName.parse("own.shift.ever.r0"), ROBBERY, 2).tolist()


@pytest.mark.parametrize(
    "text", ["own.any.h30", "arson.any.h30.r0", "own.month.h30.r0", "own.any.30.r0", "own.any.h30.r9"]
)
def test_a_text_that_names_no_map_is_refused(text: str) -> None:
    """A wrong part raises with the text."""
    with pytest.raises(ValueError, match=text):
        MapName.parse(text)


def test_days_since_count_from_when_it_was_known() -> None:
    """1 the day after, `LONGEST_SINCE` where nothing ever was."""
    found = past(COUNTS, FIRST + DAYS).since(THEFT)
    known = COUNTS.known[COUNTS.kind == THEFT]
    assert found.min() == max(FIRST + DAYS - known[known < FIRST + DAYS].max(), 1)
    assert set(past(Counts.none(FIRST, FIRST + 9), FIRST + 9).since(THEFT).tolist()) == {LONGEST_SINCE}


def test_counts_of_another_grid_are_refused() -> None:
    """A box beyond the frame raises instead of landing somewhere."""
    columns = {name: [value] for name, value in zip(("kind", "box", "day", "shift", "known", "weight"), (0, 999, FIRST, 0, FIRST, 1), strict=True)}  # fmt: skip # noqa: E501
    with pytest.raises(ValueError, match="another grid"):
        past(Counts.of(columns, FIRST, FIRST), FIRST + 1)  # type: ignore[arg-type]
