"""`roundsman models forecast` and `roundsman models context`: the car's own computation from the command line."""

import json
from datetime import UTC, date, datetime, timedelta
from math import isclose, prod
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from edge.contract.context import load_context
from edge.errors import UserError
from edge.plans.child import answer
from edge.risk.counts import save_counts
from models.commands import models
from models.count.tally import count
from models.ingest.incidents import COLUMNS, write_incidents
from tests.agency.square import square_agency
from tests.plans.test_child import request_of
from tests.risk.tiny import TYPES, Tiny, tiny_bundle

__all__ = ["square_agency"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), date(2026, 10, 12))


def forecast(tiny: Tiny, *more: str) -> str:
    """What the command prints."""
    given = ["forecast", str(tiny.directory), "--date", "2026-10-14", "--shift", "day", *more]
    done = CliRunner().invoke(models, given, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_every_box_and_type_with_its_shares(tiny: Tiny) -> None:
    """Expected count, percentile, and factors that multiply to the risk of the average box."""
    document = json.loads(forecast(tiny, "--json"))
    rows = document["rows"]
    assert len(rows) == len(TYPES) * len(tiny.agency.grid.boxes)
    assert document["known_to"] == "2026-10-12"
    for row in rows:
        assert 0.0 <= row["percentile"] < 100.0
        assert row["expected"] >= 0.0
        assert isclose(prod(row["share"].values()), row["times"], rel_tol=1e-12)


def test_it_is_the_cars_own_forecast(tiny: Tiny) -> None:
    """The same hashes as the scoring process gives."""
    document = json.loads(forecast(tiny, "--json"))
    reply = answer(request_of(tiny))
    assert reply.made is not None
    assert (document["inputs"], document["output"]) == (reply.made.inputs, reply.made.output)


def test_people_see_the_riskiest_boxes(tiny: Tiny) -> None:
    """With each group's factor."""
    text = forecast(tiny)
    assert "Squaretown, 2026-10-14/day: incidents counted through 2026-10-12" in text
    assert "robbery: " in text
    assert "own ×" in text


def test_a_bundle_without_models_says_so(tmp_path: Path) -> None:
    """One sentence."""
    bare = tiny_bundle(tmp_path, date(2026, 10, 12), types=())
    with pytest.raises(UserError, match="has no models, so nothing can be forecast"):
        forecast(bare)


def incidents(days: int) -> pd.DataFrame:
    """Incidents of three weeks and some days more, each at one moment."""
    began = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
    at = [began + timedelta(hours=5 * n) for n in range((21 + days) * 24 // 5)]
    table = {
        "event_id": [str(n) for n in range(len(at))],
        "crime_type": ["robbery" if n % 3 else "theft" for n in range(len(at))],
        "from_utc": at,
        "to_utc": at,
        "lat": [40.004 + 0.0005 * (n % 20) for n in range(len(at))],
        "lon": [-99.004 + 0.0004 * (n % 17) for n in range(len(at))],
        "initiated_by": [None] * len(at),
        "gunfire": [False] * len(at),
        "source": ["made up"] * len(at),
    }
    return pd.DataFrame({name: table.get(name, [None] * len(at)) for name in COLUMNS})


def test_a_context_from_imported_incidents_is_used_by_the_forecast(tmp_path: Path) -> None:
    """What the car would know: the incidents since the bundle, as counts; the file is small."""
    tiny = tiny_bundle(tmp_path, date(2026, 9, 21), types=("robbery",))
    base = count(incidents(0), tiny.agency)
    save_counts(tiny.directory / "counts.npz", base)  # as a bundle built from these incidents has it
    write_incidents(incidents(5), tmp_path / "incidents.parquet")
    out = tmp_path / "context.json"
    source = str(tmp_path / "incidents.parquet")
    given = ["context", str(tiny.directory), source, "--date", "2026-09-26", "--out", str(out)]
    done = CliRunner().invoke(models, given, catch_exceptions=False)
    assert done.exit_code == 0
    assert "incidents since the bundle" in done.stdout
    context = load_context(out)
    assert context.base == base.digest()
    assert 15 <= sum(row[5] for row in context.counts) / 256 <= 30
    assert out.stat().st_size < 2_000
