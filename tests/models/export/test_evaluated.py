"""An evaluation's figures in a model's card; and the gaps that a card tells of."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from click.testing import CliRunner

from edge.errors import UserError
from edge.risk.card import check_card
from edge.risk.counts import WEIGHT, Counts
from models.export.card_command import card
from models.export.evaluated import put_into_card
from models.export.gaps import gaps_of
from models.export.write import write
from models.train.findings import Findings
from tests.models.small_models import DATA, EVALUATED, PLACE, drawn, small

EVALUATION: Final[dict[str, Any]] = {
    "tested_on": {"from": "2018-01-01", "to": "2018-11-11", "days": 315},
    "types": {
        "theft": {
            "d2": 0.2,
            "d2_interval": {"value": 0.2, "low": 0.19, "high": 0.21},
            "oe_top1pct": None,
            "best_simple": "box_shift",
            "calibration": {"bins": {"expected": [1.0, 2.0], "observed": [1.5, 1.5]}},
        }
    },
}


def _evaluation(folder: Path, document: object = EVALUATION) -> Path:
    path = folder / "evaluation.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_card_takes_an_evaluations_figures(tmp_path: Path) -> None:
    """Figures, days and bins are the evaluation's; the model file is not touched, and the card is still its own."""
    models = tmp_path / "models"
    write(small(), models, PLACE, [drawn(90, 0)], DATA, Findings(), EVALUATED)
    model = (models / "theft.onnx").read_bytes()
    put_into_card(models, "theft", _evaluation(tmp_path))
    found = check_card((models / "theft.card.json").read_bytes(), (models / "theft.onnx").read_bytes(), "card")
    assert (models / "theft.onnx").read_bytes() == model
    assert [(one.name, one.value, one.low, one.high) for one in found.figures.each] == [("d2", 0.2, 0.19, 0.21)]
    assert len(found.calibration) == 2
    assert not any(one.startswith(("Figures", "Calibration")) for one in found.not_measured)
    page = (models / "theft.card.md").read_text(encoding="utf-8")
    assert "(2018-01-01 to 2018-11-11)" in page
    assert "| d2 | 0.2 | 0.19 – 0.21 |" in page


@pytest.mark.parametrize("document", [{}, [], {**EVALUATION, "types": {}}, {**EVALUATION, "tested_on": {"from": "x"}}])
def test_an_evaluation_without_the_type_is_refused(tmp_path: Path, document: object) -> None:
    """One sentence that names the file; the card stays as it was."""
    write(small(), tmp_path, PLACE, [drawn(90, 0)], DATA, Findings(), EVALUATED)
    before = (tmp_path / "theft.card.json").read_bytes()
    with pytest.raises(
        UserError, match=r"evaluation.json: has no complete evaluation of theft \(.*run `roundsman models"
    ):
        put_into_card(tmp_path, "theft", _evaluation(tmp_path, document))
    assert (tmp_path / "theft.card.json").read_bytes() == before


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """No model of the type, no evaluation, no JSON."""
    with pytest.raises(UserError, match=r"theft.card.json: No such file or directory; give a models directory"):
        put_into_card(tmp_path, "theft", _evaluation(tmp_path))
    write(small(), tmp_path, PLACE, [drawn(90, 0)], DATA, Findings(), EVALUATED)
    with pytest.raises(UserError, match=r"none.json: No such file or directory; give the JSON"):
        put_into_card(tmp_path, "theft", tmp_path / "none.json")
    (tmp_path / "half.json").write_text("{")
    with pytest.raises(UserError, match=r"half.json: not JSON \("):
        put_into_card(tmp_path, "theft", tmp_path / "half.json")


def test_the_command_does_so_for_every_model_of_a_folder(tmp_path: Path) -> None:
    """Each card is named; a folder without a model is refused."""
    models = tmp_path / "models"
    models.mkdir()
    evaluation = _evaluation(tmp_path)
    with pytest.raises(UserError, match="contains no models"):
        CliRunner().invoke(card, [str(models), str(evaluation)], catch_exceptions=False)
    write(small(), models, PLACE, [drawn(90, 0)], DATA, Findings(), EVALUATED)
    result = CliRunner().invoke(card, [str(models), str(evaluation)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "theft.card.md" in result.output
    assert "(2018-01-01 to 2018-11-11)" in (models / "theft.card.md").read_text(encoding="utf-8")


def _counts(days: list[int], first: int, last: int) -> Counts:
    day = np.array(days)
    one = np.ones_like(day)
    columns = {"kind": 6 * one, "box": 0 * one, "day": day, "shift": 0 * one, "known": day, "weight": WEIGHT * one}
    return Counts.of(columns, first, last)


def test_gaps_are_told() -> None:
    """Days without any incident, a low end, and types that are absent."""
    first, last = 737_000, 737_499
    whole = [day for day in range(first, last + 1) for _ in range(2)]
    assert gaps_of(_counts(whole, first, last)) == (
        "No gunfire, homicide, aggravated_assault, robbery, burglary, motor_vehicle_theft incidents were imported.",
    )
    holed = [day for day in whole if day not in (first + 10, first + 11)]
    assert gaps_of(_counts(holed, first, last))[0] == (
        "2 of 500 days have no incidents of any type: 2018-11-12, 2018-11-13."
    )
    late = list(range(first, last + 1)) + list(range(first, last - 27))
    assert gaps_of(_counts(late, first, last))[0].startswith("The last 28 days have 50% of the incidents of a year")


def test_a_day_that_is_not_whole_is_no_gap() -> None:
    """Incidents of the evening before the first whole day are there and are no part of the days looked at."""
    assert gaps_of(_counts([99, *range(100, 110)], 100, 109)) == gaps_of(_counts([*range(100, 110)], 100, 109))
