"""An agency of more boxes than a car can hold in its memory is refused in one sentence, before anything is computed."""

from pathlib import Path

import pytest

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.errors import UserError
from models.count import size
from models.evaluate.setting import load_setting
from models.export.inputs import read_inputs
from tests.agency.wide import write_wide


def test_too_many_boxes_are_refused_by_training_and_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence has both numbers and the mend; the incidents' file is not even opened."""
    directory = build_agency(write_wide(tmp_path), tmp_path / "agency").directory
    boxes = len(load_agency(directory).grid.boxes)
    monkeypatch.setattr(size, "MOST_BOXES", boxes - 1)
    for read in (read_inputs, load_setting):
        with pytest.raises(
            UserError, match=rf"agency: {boxes:,} boxes, .* at most {boxes - 1:,}, .* boundary of the pl"
        ):
            read(directory, tmp_path / "nowhere.parquet", None)
    monkeypatch.setattr(size, "MOST_BOXES", boxes)
    size.check_size(load_agency(directory), directory)


def test_the_largest_agency_of_the_field_cases_but_one_is_not_refused() -> None:
    """Los Angeles County; San Bernardino County, seen as one rectangle, has 1,157,627."""
    assert 238_910 <= size.MOST_BOXES < 1_157_627
