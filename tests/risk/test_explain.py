"""Why this box: factors that multiply to the risk exactly, box by box."""

import numpy as np
import pytest

from edge.risk.explain import factors_of, type_risk
from edge.risk.forecast import TypeForecast, forecast, open_bundle, scored_by
from edge.risk.scorer import Scorer
from edge.risk.update import load_world
from edge.text.why import model_reason
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
    factors = factors_of(made, shift)
    assert set(factors.names) == {"own", "nearby", "time", "places", "weather"}
    assert np.allclose(factors.values.prod(axis=1), factors.times, rtol=EXACT, atol=0.0)
    average = made.scores.risk / factors.times
    assert np.allclose(average, average[0], rtol=EXACT, atol=0.0)


def test_the_trees_factors_are_the_models_own(with_trees: tuple[TypeForecast, int]) -> None:
    """A group without a map has exactly its trees' factor."""
    made, shift = with_trees
    factors = factors_of(made, shift)
    for name in ("time", "places", "weather"):
        ours = factors.values[:, factors.names.index(name)]
        theirs = made.scores.factors[:, made.meta.group_names.index(name)]
        assert np.allclose(ours, theirs, rtol=EXACT, atol=0.0)


def test_a_box_with_more_of_one_map_has_more_of_its_group(tiny: Tiny) -> None:
    """The base's sum is dealt out: what a map adds above its mean raises, what it lacks lowers."""
    opened = open_bundle(tiny.directory, tiny.agency)
    made = forecast(opened, load_world(tiny.directory, tiny.agency), tiny.agency, "2026-10-14/day").types["robbery"]
    factors = factors_of(made, 0)
    assert set(factors.names) == {"own", "nearby", "gunfire"}
    assert np.allclose(factors.values.prod(axis=1), factors.times, rtol=EXACT, atol=0.0)
    most = int(np.argmax(made.units))
    assert factors.of(most)[0][0] == "own"
    assert factors.of(most)[0][1] > 2.0
    shown = type_risk("robbery", made, factors, most)
    assert model_reason(shown.crime_type, shown.units / 1e6, shown.times, shown.parts).values["more"][0] == "own"
    assert shown.units == made.units[most]
