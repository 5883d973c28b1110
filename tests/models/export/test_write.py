"""A model as the files of a bundle: whole, the same each time, and none that would not be loaded."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edge.errors import UserError
from edge.risk.card import Ablation, Additivity, Bin, Tried, check_card
from edge.risk.model import Window
from edge.risk.scorer import Scorer
from edge.risk.selftest import load_selftest, self_test
from models.export.card import calibration_svg, markdown
from models.export.write import write
from models.train.findings import Findings, figures_of
from models.train.trained import Trained
from tests.models.small_models import DATA, EVALUATED, PLACE, base_alone, drawn, drawn_for, small

FILES: Final = {
    "theft.onnx",
    "theft.selftest.npz",
    "theft.card.json",
    "theft.card.md",
    "theft.calibration.svg",
}
FINDINGS: Final = Findings(
    figures=figures_of(
        {
            "d2": 0.2,
            "d2_interval": {"value": 0.2, "low": 0.19, "high": 0.21},
            "best_simple": "28 days",
            "events": 12345,
        },
        "Held-out weeks.",
        Window.model_validate({"first": "2025-02-01", "last": "2025-02-10"}),
    ),
    ablation=(Ablation(group="own", d2=0.19, lost=0.01),),
    additivity=Additivity(d2=0.2, d2_twin=0.201, lost=0.004975, measured_on="Held-out weeks."),
    calibration=tuple(Bin(expected=10.0 * n, observed=10.0 * n + 1.0) for n in range(20)),
    tried=(Tried(what="Three seeds.", gave="Nothing."),),
)


def _write(directory: Path, trained: Trained, findings: Findings = FINDINGS) -> None:
    write(trained, directory, PLACE, [drawn_for(trained, 90, 0), drawn_for(trained, 91, 1)], DATA, findings, EVALUATED)


def test_what_is_written_is_loaded(tmp_path: Path) -> None:
    """Model, card and self-test fit each other; nothing else is left behind."""
    _write(tmp_path, small())
    assert {path.name for path in tmp_path.iterdir()} == FILES
    model = (tmp_path / "theft.onnx").read_bytes()
    card = check_card((tmp_path / "theft.card.json").read_bytes(), model, "theft.card.json")
    self_test(Scorer(model, "theft.onnx"), load_selftest(tmp_path / "theft.selftest.npz"), "theft.selftest.npz")
    assert card.data.rejected == {"no coordinates": 12}
    assert [one for one in card.not_measured if not one.startswith("Group ")] == []
    assert "Group housing: not in this model, not evaluated." in card.not_measured


def test_the_same_model_gives_the_same_files(tmp_path: Path) -> None:
    """Byte for byte."""
    for name in ("one", "two"):
        _write(tmp_path / name, small())
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_type_without_trees_is_written_too(tmp_path: Path) -> None:
    """Its card says that the base alone forecasts, and its self-test has the real rows."""
    _write(tmp_path, base_alone(), Findings())
    assert "**No trees**: " in (tmp_path / "homicide.card.md").read_text(encoding="utf-8")
    scorer = Scorer.load(tmp_path / "homicide.onnx")
    self_test(scorer, load_selftest(tmp_path / "homicide.selftest.npz"), "homicide.selftest.npz")


def test_a_model_that_would_not_be_loaded_is_not_written(tmp_path: Path) -> None:
    """A tree of two groups, a denied type: nothing is there afterwards."""
    with pytest.raises(UserError, match="train with one group a tree"):
        _write(tmp_path, small(1, 12, constrained=False))
    with pytest.raises(ValueError, match="not an allowed crime type"):
        _write(tmp_path, replace(small(), crime_type="narcotics"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file: the model cannot be written"):
        _write(tmp_path / "file", small())


def test_the_page_tells_what_the_card_holds(tmp_path: Path) -> None:
    """Figures with interval and meaning, each group with its source and whether it was evaluated, what was tried."""
    card = write(small(), tmp_path, PLACE, [drawn(90, 0)], DATA, FINDINGS, EVALUATED)
    page = markdown(card, "plot.svg")
    for told in (
        "| d2 | 0.2 | 0.19 – 0.21 | D²: how much better than the same risk in every box; 0 is no better",
        "| events | 12,345 |  | incidents in that time |",
        "Held-out weeks. (2025-02-01 to 2025-02-10)",
        "| places | 2 | 19 | A list of bars. (CC0) | 2026-01-01 | not evaluated |",
        "| weather | 1 | 0 | No source: missing values everywhere. | the day before the forecast | not",
        "| own | 0.19 | 0.01 |",
        "0.50% lost",
        "* Three seeds. Nothing.",
        "| no coordinates | 12 |",
        "![expected and observed by risk](plot.svg)",
    ):
        assert told in page
    assert "Ablation by group: not measured" not in page


def test_the_plot_has_a_dot_a_bin() -> None:
    """Twenty bins, twenty dots; none without bins."""
    assert calibration_svg(FINDINGS.calibration).count("<circle") == 20
    assert calibration_svg(()).count("<circle") == 0
