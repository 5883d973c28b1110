"""Parity on a real city: all boxes of shifts, and every threshold of the trees (skipped without ../shared/data)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from edge.contract.agency import Agency
from edge.risk.features import Rows, World, rows
from edge.risk.scorer import Doubles, Scorer, risk_units
from models.export.onnx_graph import build
from models.export.proof import rows_to_test
from models.export.reference import reference
from models.export.walk import trees_by_group
from models.export.write import meta_of
from models.train.forecast import risk
from models.train.trained import Drawn, Trained
from tests.models.chicago_world import KIND, chicago_world, place_of, quick

pytestmark = pytest.mark.timeout(600)  # years of Chicago

FIRST: Final = date(2017, 10, 1)
TOP: Final = 0.01


@pytest.fixture(scope="module")
def world(chicago_agency: Agency, shared_data: Path) -> World:
    """Chicago."""
    return chicago_world(chicago_agency, shared_data)


@pytest.fixture(scope="module")
def trained(world: World) -> Trained:
    """A model of theft: the mean of two boosters."""
    return quick(world, boosters=2, rounds=60)


@pytest.fixture(scope="module")
def model(trained: Trained, world: World, chicago_agency: Agency) -> bytes:
    """Its file."""
    return build(meta_of(trained, place_of(chicago_agency, world)), trained.boosters)


def _top(risks: Doubles) -> list[int]:
    units = risk_units(risks)
    return [int(box) for box in np.argsort(-units, kind="stable")[: round(TOP * len(units))]]


@pytest.mark.parametrize("days", [2, pytest.param(10, marks=pytest.mark.long)])
def test_whole_shifts_are_lightgbms(world: World, trained: Trained, model: bytes, days: int) -> None:
    """Every box of 6 or 30 shifts: risk and parts within 1e-9, base times factors within 1e-12, the same top lists."""
    scorer = Scorer(model, "theft.onnx")
    for day in (FIRST + timedelta(days=number) for number in range(days)):
        for shift in range(world.shifts):
            made = rows(world, trained.recipe, KIND, day.toordinal(), shift)
            found, expected = scorer.score(made, shift), reference(scorer.meta, trained.boosters, made, shift)
            np.testing.assert_allclose(found.risk, expected.risk, rtol=1e-9)
            np.testing.assert_allclose(found.risk, risk(trained, made, shift), rtol=1e-9)
            np.testing.assert_allclose(found.base, expected.base, rtol=1e-9)
            np.testing.assert_allclose(found.factors, expected.factors, rtol=1e-9)
            np.testing.assert_allclose(found.base * found.factors.prod(axis=1), found.risk, rtol=1e-12)
            assert _top(found.risk) == _top(expected.risk)


def test_no_threshold_sends_a_row_astray(world: World, trained: Trained, model: bytes) -> None:
    """Three rows for each node, on its threshold and a float32 beside it: no branch is wrong."""
    scorer = Scorer(model, "theft.onnx")
    made = rows(world, trained.recipe, KIND, FIRST.toordinal(), 1, np.arange(0, world.frame.size, 31))
    test = rows_to_test(scorer, trained.boosters, [Drawn(made, 1)])
    scores = scorer.score(Rows(test.features, test.maps, made.level), 1)
    assert len(test.risk) > 3 * 60 * 2 * 5
    assert int((np.abs(scores.factors / test.factors - 1.0) > 1e-9).sum()) == 0
    assert int((np.abs(scores.risk / test.risk - 1.0) > 1e-9).sum()) == 0


def test_every_tree_uses_one_group(model: bytes) -> None:
    """Walked in the file itself."""
    assert sum(trees_by_group(model).values()) == 120
