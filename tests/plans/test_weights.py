"""Weights: nobody's is guessed, each says where it comes from, and they add up to scores of whole numbers."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from edge.contract.planner import PlannerDoc, UnitDoc, WeightDoc
from edge.errors import UserError
from edge.plans.weights import dominant, dominant_types, total_weights, type_scores, weights_for
from edge.text.mistakes import explain
from tests.plans.planning_town import WEIGHTS, weight

ROW = {
    "crime_type": "robbery",
    "weight": 5,
    "source": "police",
    "approver": "deputy chief",
    "approved": date(2026, 1, 7),
}


def refused(model: Any, **values: Any) -> str:
    """What is said of a document that must be refused."""
    with pytest.raises(ValidationError) as caught:
        model(**values)
    return explain(caught.value)


@pytest.mark.parametrize("key", ["source", "approver", "approved", "crime_type", "weight"])
def test_a_weight_without_its_source_approver_or_date_is_refused(key: str) -> None:
    """Who gave a weight, who approved it and when: each is required, and dominant_types where it lacks."""
    assert f"{key}: is missing" in refused(WeightDoc, **{name: one for name, one in ROW.items() if name != key})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source": "vendor"}, "must be 'police' or 'community', not 'vendor'"),
        ({"weight": 10.01}, "must be 10 or less"),
        ({"weight": -1}, "must be 0 or more"),
        ({"weight": float("nan")}, "weight"),
        ({"weight": 1.005}, "two decimals"),
        ({"approver": ""}, "3 characters or more"),
        ({"approved": 1767744000}, "must be a date such as"),
        ({"crime_type": "narcotics"}, "is not an allowed crime type"),
        ({"district": "1", "unit": "burglary_team"}, "a district or a unit, not both"),
    ],
)
def test_a_weight_that_means_nothing_is_refused(changed: dict[str, Any], said: str) -> None:
    """Out of 0–10, too fine, of an unknown source or of a type that may not be patrolled for."""
    assert said in refused(WeightDoc, **(ROW | changed))


def test_the_same_source_weighs_a_type_once() -> None:
    """Two rows of police for robbery in one district are a mistake; police and community are not."""
    twice = (weight("robbery", 5, district="1"), weight("robbery", 3, district="1"))
    assert "police gives robbery a weight twice for 1" in refused(PlannerDoc, weights=twice)
    assert PlannerDoc(weights=(twice[0], weight("robbery", 3, district="1", source="community")))


def test_names_that_the_agency_does_not_have_are_told_together() -> None:
    """Districts and units of weights, units and numbers of boxes are looked up; all mistakes in one sentence."""
    rows = (weight("robbery", 5, district="9"), weight("theft", 1, unit="nobody"))
    document = PlannerDoc(weights=rows, units=(UnitDoc(id="team", districts=("8",)),), by_area={"7": 3})
    with pytest.raises(
        UserError, match=r"'9' is not a district.*'nobody' is not a unit.*'7' is not a district or unit"
    ):
        document.check({"1", "2"})


def test_a_district_own_rows_go_before_the_general_ones_of_their_source() -> None:
    """Police of district 1 weigh theft 4 instead of 1; what the community gives is added."""
    rows = (*WEIGHTS, weight("theft", 4, district="1"), weight("theft", 2, source="community"))
    document = PlannerDoc(weights=rows)
    assert total_weights(weights_for(document, "1")) == {"robbery": 500, "burglary": 250, "theft": 600}
    assert total_weights(weights_for(document, "2")) == {"robbery": 500, "theft": 300}


def test_a_unit_has_its_own_weights() -> None:
    """A burglary team's weight for burglary; a weight of 0 takes a general one away for it."""
    rows = (weight("robbery", 5), weight("burglary", 8, unit="team"), weight("robbery", 0, unit="team"))
    assert total_weights(weights_for(PlannerDoc(weights=rows), "team")) == {"burglary": 800}


def test_without_any_weight_nothing_is_planned() -> None:
    """An agency that has approved no weight gets a sentence, not somebody's default."""
    with pytest.raises(UserError, match=r"district 1 has no approved weights; add \[\[planner.weights\]\]"):
        weights_for(PlannerDoc(), "1")


def test_parts_are_weight_times_risk_of_the_asked_boxes() -> None:
    """In whole numbers; a type that has a weight but no forecast adds nothing."""
    risk = {"theft": np.array([10, 20, 30]), "homicide": np.array([1, 1, 1])}
    parts = type_scores({"theft": 150, "robbery": 500}, risk, np.array([2, 0]))
    assert parts.tolist() == [[4500, 1500], [0, 0]]


def test_dominant_types_make_up_two_thirds_of_a_score() -> None:
    """The largest parts first, until two thirds are reached, three; none without a score."""
    parts = np.array([[70, 40, 25, 0], [20, 35, 25, 0], [10, 25, 25, 0], [0, 0, 25, 0]])
    chosen = dominant(parts)
    assert chosen.T.tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0]]
    assert dominant_types(["a", "b", "c", "d"], [35, 40, 25, 0], [True, True, False, False]) == ("b", "a")
