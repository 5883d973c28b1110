"""Features say for which grid they were made."""

from pathlib import Path

import numpy as np
import pytest

from edge.errors import UserError
from edge.risk.frame import Frame
from models.features.grid_stamp import check_grid, stamp_grid

HERE = Frame(np.array([[1, 2], [2, 2]], dtype=np.int32))
BESIDE = Frame(np.array([[2, 2], [3, 2]], dtype=np.int32))


def test_features_of_another_grid_are_refused(tmp_path: Path) -> None:
    """As many boxes, other places: nothing else would tell."""
    stamp_grid(tmp_path, HERE)
    check_grid(tmp_path, HERE)
    with pytest.raises(UserError, match="built for another grid; run `roundsman models layers`"):
        check_grid(tmp_path, BESIDE)


def test_a_folder_that_does_not_say_is_its_own(tmp_path: Path) -> None:
    """A bundle's layers are bound to its grid by the build."""
    check_grid(tmp_path, HERE)
