"""The self-test: it passes as exported, and fails for any part that is off by a little."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper

from edge.errors import UserError
from edge.risk.scorer import Scorer
from edge.risk.selftest import SelfTest, load_selftest, save_selftest, self_test
from models.export.onnx_graph import build, serialized
from models.export.proof import rows_to_test, thinned
from models.export.write import meta_of
from tests.models.small_models import BOXES, PLACE, drawn, small

DRAWN = [drawn(90, 0), drawn(91, 1)]


def _scorer() -> Scorer:
    return Scorer(build(meta_of(small(), PLACE), small().boosters), "theft.onnx")


def _test(scorer: Scorer) -> SelfTest:
    return thinned(rows_to_test(scorer, small().boosters, DRAWN), 2 * BOXES)


def test_a_model_passes_its_own(tmp_path: Path) -> None:
    """As exported, written and read again; the same test gives the same bytes."""
    scorer = _scorer()
    save_selftest(tmp_path / "one.npz", _test(scorer))
    save_selftest(tmp_path / "two.npz", _test(scorer))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    self_test(scorer, load_selftest(tmp_path / "one.npz"), "theft.selftest.npz")


def test_it_has_rows_on_thresholds() -> None:
    """More rows than the real ones, and both shifts."""
    test = _test(_scorer())
    assert len(test.risk) > 200
    assert set(test.shift.tolist()) == {0, 1}


@pytest.mark.parametrize("part", ["base", "factors", "risk"])
def test_a_part_that_is_off_fails(part: str) -> None:
    """One row, by a hundred-millionth, is enough; the sentence says how many."""
    scorer = _scorer()
    test = _test(scorer)
    values: NDArray[np.float64] = getattr(test, part).copy()
    values[5] *= 1.0 + 1e-8
    changed: dict[str, Any] = {part: values}
    with pytest.raises(UserError, match=r"^x.npz: the model fails its self-test in 1 of \d+ rows and is not used"):
        self_test(scorer, replace(test, **changed), "x.npz")


def test_rounded_thresholds_fail() -> None:
    """What other exporters do, the nearest float32 for each threshold, is found out by the rows on thresholds."""
    scorer = _scorer()
    model = onnx.load_from_string(build(meta_of(small(), PLACE), small().boosters))
    for node in model.graph.node:
        for one in node.attribute:
            if one.name == "nodes_splits":
                near = numpy_helper.to_array(one.t).astype(np.float32).astype(np.float64)
                one.t.CopyFrom(numpy_helper.from_array(near))
    rounded = Scorer(serialized(model), "theft.onnx")
    with pytest.raises(UserError, match=r"^x.npz: the model fails its self-test"):
        self_test(rounded, replace(_test(scorer), model=rounded.sha256), "x.npz")


def test_another_models_self_test_is_refused() -> None:
    """It names the file it was made for, by its hash."""
    scorer = _scorer()
    with pytest.raises(
        UserError, match=r"^x.npz: this self-test belongs to another model file; export the model again"
    ):
        self_test(scorer, replace(_test(scorer), model="0" * 64), "x.npz")


def test_too_few_rows_prove_nothing() -> None:
    """An empty self-test does not pass."""
    scorer = _scorer()
    few = thinned(rows_to_test(scorer, (), [drawn(90, 0, boxes=3)]), 3)
    with pytest.raises(UserError, match=r"^x.npz: has 3 rows but needs 20"):
        self_test(scorer, few, "x.npz")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Cut, or with another kind of array inside."""
    path = tmp_path / "x.npz"
    save_selftest(path, _test(_scorer()))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        load_selftest(path)
    with pytest.raises(UserError, match="No such file"):
        load_selftest(tmp_path / "none.npz")
    with pytest.raises(ValueError, match="risk is of another kind"):
        replace(_test(_scorer()), risk=np.zeros((3, 3)))
