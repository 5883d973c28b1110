"""Why this box: factors that multiply to the risk exactly, and words that say no more than they do."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.risk.explain import LONGEST, WORDS, parts_of, sentence, type_risk
from edge.risk.forecast import TypeForecast, forecast, open_bundle, scored_by
from edge.risk.scorer import Scorer
from edge.risk.update import load_world
from models.export.onnx_graph import build
from models.export.write import meta_of
from tests.models.small_models import PLACE, drawn, small
from tests.risk.tiny import Tiny

EXACT = 1e-12


@pytest.fixture(scope="module", params=[0, 1])
def with_trees(request: pytest.FixtureRequest) -> tuple[TypeForecast, int]:
    """A model with trees of five groups and a calibration of power 0.95, scored in a shift."""
    shift = int(request.param)
    trained = small()
    meta = meta_of(trained, PLACE)
    scorer = Scorer(build(meta, trained.boosters), "theft.onnx")
    part = drawn(99, shift)
    maps = part.rows.maps / part.rows.maps.mean(axis=0)
    rows = part.rows.__class__(part.rows.features, maps, part.rows.level)
    return scored_by(scorer, rows, shift), shift


def test_the_parts_multiply_to_the_risk(with_trees: tuple[TypeForecast, int]) -> None:
    """Within 1e-12 relative, in every box: what is the same in all of them is the average box's risk."""
    made, shift = with_trees
    parts = parts_of(made, shift)
    assert set(parts.names) == {"own", "nearby", "time", "places", "weather"}
    assert np.allclose(parts.factors.prod(axis=1), parts.times, rtol=EXACT, atol=0.0)
    average = made.scores.risk / parts.times
    assert np.allclose(average, average[0], rtol=EXACT, atol=0.0)


def test_the_trees_factors_are_the_models_own(with_trees: tuple[TypeForecast, int]) -> None:
    """A group without a map has exactly its trees' factor."""
    made, shift = with_trees
    parts = parts_of(made, shift)
    for name in ("time", "places", "weather"):
        ours = parts.factors[:, parts.names.index(name)]
        theirs = made.scores.factors[:, made.meta.group_names.index(name)]
        assert np.allclose(ours, theirs, rtol=EXACT, atol=0.0)


def test_a_box_with_more_of_one_map_has_more_of_its_group(tiny: Tiny) -> None:
    """The base's sum is dealt out: what a map adds above its mean raises, what it lacks lowers."""
    opened = open_bundle(tiny.directory, tiny.agency)
    made = forecast(opened, load_world(tiny.directory, tiny.agency), tiny.agency, "2026-10-14/day").types["robbery"]
    parts = parts_of(made, 0)
    assert set(parts.names) == {"own", "nearby", "gunfire"}
    assert np.allclose(parts.factors.prod(axis=1), parts.times, rtol=EXACT, atol=0.0)
    most = int(np.argmax(made.units))
    assert parts.of(most)[0][0] == "own"
    assert parts.of(most)[0][1] > 2.0
    shown = type_risk("robbery", made, parts, most)
    assert shown.why.startswith("Robbery: ")
    assert "this box's own history" in shown.why
    assert shown.units == made.units[most]


@pytest.mark.parametrize(
    ("times", "factors", "expected"),
    [
        (6.04, [("own", 4.0), ("nearby", 1.6), ("time", 1.2), ("places", 0.8)],
         "Robbery: 6 times the average box, mostly for this box's own history and the boxes around it;"
         " less for places here."),
        (12.4, [("own", 12.0), ("nearby", 1.05)],
         "Robbery: 12 times the average box, mostly for this box's own history."),
        (1.02, [("own", 1.05), ("nearby", 0.97)], "Robbery: as in the average box."),
        (0.42, [("own", 0.4), ("gunfire", 1.3)],
         "Robbery: 0.42 times the average box, less for this box's own history; more for gunfire near here."),
        (0.02, [("own", 0.02)], "Robbery: less than a tenth of the average box, less for this box's own history."),
        (2.0, [("bus_stops", 2.0)], "Robbery: 2 times the average box, mostly for bus stops."),
    ],
)  # fmt: skip
def test_the_sentence(times: float, factors: Sequence[tuple[str, float]], expected: str) -> None:
    """Names the groups that raise the risk most, and one that lowers it; only what has an effect worth a word."""
    assert sentence("robbery", times, factors) == expected


FACTORS = st.lists(
    st.tuples(st.sampled_from(sorted(WORDS)), st.floats(0.01, 50.0)), max_size=8, unique_by=lambda pair: pair[0]
)


@given(times=st.floats(1e-4, 500.0), factors=FACTORS, kind=st.sampled_from(["theft", "motor_vehicle_theft"]))
def test_a_sentence_is_short_and_true(times: float, factors: list[tuple[str, float]], kind: str) -> None:
    """At most 120 characters; every group it names has an effect, and in the direction it says."""
    told = sentence(kind, times, factors)
    assert len(told) <= LONGEST
    by_words = {WORDS[name]: factor for name, factor in factors}
    up = " mostly for " if times >= 1.0 else " more for "
    for part in told.removesuffix(".").replace("; ", ", ").split(","):
        for words, factor in by_words.items():
            if part.endswith(words) and (" for " in part):
                assert (factor > 1.0) == (up in part)
