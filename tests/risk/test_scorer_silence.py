"""A process that scores speaks to nobody and leaves no file: onnxruntime would, from 1.29 on (strace watches)."""

import sys
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from models.export.onnx_graph import build
from models.export.write import meta_of
from tests.hostile.tracing import STRACE, families, peers, traced, written
from tests.models.small_models import PLACE, drawn, small

SCORE: Final = """\
import sys, time
import numpy as np
from pathlib import Path
from edge.risk.features import Rows
from edge.risk.scorer import Scorer
given = np.load("rows.npz")
Scorer.load(Path("theft.onnx")).score(Rows(given["features"], given["maps"], 1.0), 0)
time.sleep(1.0)  # what it does behind our back, it does in a thread
"""


@pytest.mark.skipif(STRACE is None, reason="needs strace")
def test_scoring_speaks_to_nobody_and_writes_nothing(tmp_path: Path) -> None:
    """No internet socket, no peer, no file at home or anywhere but the null device."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "theft.onnx").write_bytes(build(meta_of(small(), PLACE), small().boosters))
    rows = drawn(1, 0).rows
    np.savez(tmp_path / "rows.npz", features=rows.features, maps=rows.maps)
    trace = tmp_path / "trace"
    process = traced([sys.executable, "-c", SCORE], trace, home, tmp_path)
    assert process.wait(60) == 0, trace.with_suffix(".log").read_text()
    assert families(trace) <= {"AF_UNIX"}
    assert not peers(trace)
    assert {path for path in written(trace, tmp_path) if not path.is_relative_to("/dev")} == set()
    assert not list(home.rglob("*"))
