"""Why a box: a sentence that is short, names what matters, and says no more than the factors do."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.text.why import LONGEST, model_reason, with_type
from edge.text.words import CATALOGUE, say

GROUPS = sorted(CATALOGUE["group"])


@pytest.mark.parametrize(
    ("times", "factors", "expected"),
    [
        (6.04, [("own", 4.0), ("nearby", 1.6), ("time", 1.2), ("places", 0.8)],
         "6 × the average box, mostly due to this box's own history and the boxes around it."),
        (6.04, [("own", 4.0), ("places", 0.8)],
         "6 × the average box, mostly due to this box's own history; lowered by places here."),
        (12.4, [("own", 12.0), ("nearby", 1.05)],
         "12 × the average box, mostly due to this box's own history."),
        (1.02, [("own", 1.05), ("nearby", 0.97)], "about the same as the average box."),
        (0.42, [("own", 0.4), ("gunfire", 1.3)],
         "0.42 × the average box, lowered by this box's own history."),
        (0.02, [("own", 0.02)], "less than a tenth of the average box, lowered by this box's own history."),
        (0.95, [("own", 1.3)], "about the same as the average box, raised by this box's own history."),
        (2.0, [("bus_stops", 2.0)], "2 × the average box, mostly due to bus stops."),
    ],
)  # fmt: skip
def test_the_sentence(times: float, factors: Sequence[tuple[str, float]], expected: str) -> None:
    """How often, beside the ratio; the groups that raise the risk most, and one that lowers it, worth a word."""
    told = say(model_reason("robbery", 0.025, times, tuple(factors)))
    assert told == f"About one in 40 such shifts, {expected}"


FACTORS = st.lists(
    st.tuples(st.sampled_from(GROUPS), st.floats(0.01, 50.0)), max_size=8, unique_by=lambda pair: pair[0]
)


@given(
    times=st.floats(1e-4, 500.0),
    expected=st.floats(0.0, 30.0),
    factors=FACTORS,
    kind=st.sampled_from(["theft", "motor_vehicle_theft"]),
)
def test_a_reason_is_short_and_true(times: float, expected: float, factors: list[tuple[str, float]], kind: str) -> None:
    """At most 120 characters; every group it names has an effect, and in the direction it says."""
    notice = model_reason(kind, expected, times, tuple(factors))
    assert len(say(with_type(notice))) <= LONGEST
    by_group = dict(factors)
    assert all(by_group[group] > 1.0 for group in notice.values.get("more", ()))
    assert all(by_group[group] < 1.0 for group in notice.values.get("less", ()))
    if "mostly due to" in say(notice):
        assert notice.values["more"]
        assert times >= 1.0
