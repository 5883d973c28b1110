"""The scorer: exact parts, what it refuses, and that it never writes or calls anywhere."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, helper

from edge.errors import UserError
from edge.risk.features import Rows
from edge.risk.model import KEY
from edge.risk.scorer import Scorer, risk_units
from models.export.onnx_graph import build, serialized
from models.export.write import meta_of
from tests.models.small_models import PLACE, RECIPE, base_alone, drawn, drawn_for, small


def _model() -> bytes:
    return build(meta_of(small(), PLACE), small().boosters)


def _mutated(change: Callable[[ModelProto], object]) -> bytes:
    model = onnx.load_from_string(_model())
    change(model)
    return serialized(model)


def test_base_and_factors_multiply_to_the_risk() -> None:
    """The explanation is exact: within 1e-12 relative in every box, and the shares of the base sum to 1."""
    scorer = Scorer(_model(), "theft.onnx")
    for shift in (0, 1):
        rows = drawn(3, shift).rows
        scores = scorer.score(rows, shift)
        product = scores.base * scores.factors.prod(axis=1)
        assert np.abs(product / scores.risk - 1.0).max() <= 1e-12
        assert np.abs(scorer.shares(rows, shift).sum(axis=1) - 1.0).max() <= 1e-12
        assert scores.factors.shape == (len(rows.features), len(RECIPE.groups))


def test_a_group_without_a_tree_has_the_factor_1() -> None:
    """Nothing was learnt from it, and it changes no box."""
    scores = Scorer(_model(), "theft.onnx").score(drawn(3, 0).rows, 0)
    assert (scores.factors[:, list(RECIPE.groups).index("weather")] == 1.0).all()


def test_a_base_alone_scores() -> None:
    """A model without trees reads no column, has no factor, and the base's risk."""
    trained = base_alone()
    given = drawn_for(trained, 3, 1).rows
    scores = Scorer(build(meta_of(trained, PLACE), ()), "homicide.onnx").score(given, 1)
    assert scores.factors.shape == (len(given.maps), 0)
    assert (scores.risk == scores.base).all()


def test_a_box_does_not_depend_on_the_others() -> None:
    """Each box alone, and all in reverse, get the same bits as all together."""
    scorer, rows = Scorer(_model(), "theft.onnx"), drawn(3, 0).rows
    together = scorer.score(rows, 0).risk
    alone = [scorer.score(Rows(rows.features[i : i + 1], rows.maps[i : i + 1], rows.level), 0).risk[0] for i in (0, 7)]
    assert alone == [together[0], together[7]]
    turned = scorer.score(Rows(rows.features[::-1].copy(), rows.maps[::-1].copy(), rows.level), 0).risk
    assert (turned[::-1] == together).all()


def test_two_loads_give_the_same_bits() -> None:
    """The number of threads is fixed, so nothing varies."""
    rows = drawn(5, 1).rows
    first, second = (Scorer(_model(), "theft.onnx").score(rows, 1) for _ in range(2))
    assert (first.risk == second.risk).all()
    assert (first.factors == second.factors).all()


def test_units_are_whole_millionths() -> None:
    """What the planner draws from is rounded to the nearest millionth of an incident."""
    assert risk_units(np.array([0.0, 0.4e-6, 0.6e-6, 0.0123456, 1.0])).tolist() == [0, 0, 1, 12346, 1_000_000]


def test_a_file_is_loaded_by_its_path(tmp_path: Path) -> None:
    """A missing one is refused in one sentence."""
    (tmp_path / "theft.onnx").write_bytes(_model())
    assert Scorer.load(tmp_path / "theft.onnx").meta.crime_type == "theft"
    with pytest.raises(UserError, match=r"none.onnx: No such file or directory; give a model file"):
        Scorer.load(tmp_path / "none.onnx")


def _opset(model: ModelProto) -> None:
    next(one for one in model.opset_import if one.domain == "ai.onnx.ml").version = 99


def _denied(model: ModelProto) -> None:
    text = model.metadata_props[0].value.replace('"crime_type":"theft"', '"crime_type":"narcotics"')
    helper.set_model_props(model, {KEY: text})


def _fewer_features(model: ModelProto) -> None:
    text = model.metadata_props[0].value.replace('"bars",', "")
    helper.set_model_props(model, {KEY: text})


def _renamed_output(model: ModelProto) -> None:
    model.graph.output[0].name = "shift_weights"


def _other_format(model: ModelProto) -> None:
    model.model_version = 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_denied, "'narcotics' is not an allowed crime type .allowed: gunfire, homicide"),
        (_opset, "onnxruntime cannot load it .*; export the model again"),
        (lambda model: model.ClearField("metadata_props"), "no Roundsman metadata; give a model that"),
        (_other_format, "written in format 2, and this version reads 1; export the model again"),
        (_fewer_features, "its metadata list .* features, maps and groups, its graph has"),
        (_renamed_output, "its inputs or outputs do not match a risk model; export the model again"),
    ],
)
def test_a_file_that_may_not_be_scored_with_is_refused(change: Callable[[ModelProto], object], told: str) -> None:
    """In one sentence that names the file."""
    with pytest.raises(UserError, match=f"^theft.onnx: {told}") as refused:
        Scorer(_mutated(change), "theft.onnx")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x08\x0a" * 50])
def test_a_file_that_is_no_model_is_refused(data: bytes) -> None:
    """Whatever it is."""
    with pytest.raises(UserError, match=r"^theft.onnx: .*export the model again|^theft.onnx: no Roundsman"):
        Scorer(data, "theft.onnx")


def test_a_cut_file_is_refused() -> None:
    """At any length."""
    whole = _model()
    for length in range(0, len(whole), 97):
        with pytest.raises(UserError, match=r"^theft.onnx: "):
            Scorer(whole[:length], "theft.onnx")


def test_rows_that_do_not_fit_are_refused() -> None:
    """Other columns than the metadata's, and a shift that the calendar does not have."""
    scorer, rows = Scorer(_model(), "theft.onnx"), drawn(3, 0).rows
    with pytest.raises(
        UserError,
        match=r"^theft.onnx: does not accept these rows .*; build the features by its metadata",
    ):
        scorer.score(replace(rows, features=rows.features[:, 1:]), 0)
    with pytest.raises(UserError, match=r"^theft.onnx: knows 2 shifts, and shift 3 is not one of them"):
        scorer.score(rows, 2)


def test_what_is_no_number_is_refused() -> None:
    """A missing feature would take another branch than in training, and a plan can't be drawn from no number."""
    scorer, rows = Scorer(_model(), "theft.onnx"), drawn(3, 0).rows
    holed, infinite = rows.features.copy(), rows.maps.copy()
    holed[7, 3], infinite[9, 1] = np.nan, np.inf
    for wrong in (replace(rows, features=holed), replace(rows, maps=infinite), replace(rows, level=float("nan"))):
        with pytest.raises(UserError, match=r"^theft.onnx: a feature or a risk is not a finite number"):
            scorer.score(wrong, 0)
    assert len(scorer.score(Rows(rows.features[:0], rows.maps[:0], rows.level), 0).risk) == 0
