"""A look at every field case (skipped where ../shared/data is absent): a draft that imports its rows, or a word."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest
from models.look.commands import look
from models.look.draft import FILL

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEPT = {
    "01-bom.csv": 2, "02-utf16.csv": 2, "03-cp1252.csv": 2, "05-2400.csv": 2, "06-military.csv": 5,
    "07-excel-serial.csv": 2, "08-mixed-dates.csv": 3, "09-midnight.csv": 2, "10-time-empty.csv": 3,
    "11-date-midnight.csv": 1, "12-z.csv": 6, "13-dst.csv": 2, "14-swapped.csv": 2, "15-null-island.csv": 1,
    "04-semicolon.csv": 1, "16-point.csv": 2, "39.geojson": 1, "18b-webmercator.csv": 1, "19-newline.csv": 2,
    "20-badquote.csv": 3,
    "21-openquote.csv": 59, "22a-first.csv": 2, "22b-second.csv": 1, "23-nibrs.csv": 13, "24-ucr.csv": 16,
    "25-header.csv": 1, "26-title.csv": 2, "27-total.csv": 2, "28-sep.csv": 2, "29-dayfirst.csv": 2,
    "30-sci-id.csv": 3, "31-noid.csv": 2,
    "32-span.csv": 2, "33-cr.csv": 2, "34-nul.csv": 2, "35-zip.zip": 2, "37-dateonly.csv": 2, "38-epoch.csv": 3,
    "40-tzname.csv": 2, "41-xlsx.xlsx": 1, "42-pg-offset.csv": 2, "44-mixed-offset.csv": 2,
    "45-mixed-z-bare.csv": 2, "49-epoch0.csv": 1, "50-us-space-ms.csv": 4, "53-shortrows.csv": 1,
}  # fmt: skip
"""Rows that an import by the drafted mapping keeps, as it stands."""


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    """The folder of small exports."""
    return shared_data / "field_cases" / "ingest"


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize("name", KEPT)
def test_the_draft_of_a_field_case_imports_its_rows(cases: Path, tmp_path: Path, name: str, near: bool) -> None:
    """The drafted mapping is one that `ingest` takes as it is; it keeps what is to be kept, and counts the rest."""
    out = tmp_path / "mapping.toml"
    where = ["--near", "38.63,-90.20"] if near else []
    result = CliRunner().invoke(look, [str(cases / name), *where, "--out", str(out)])
    assert result.exit_code == 0, result.output
    mapping, _ = read_mapping(out)
    found, report = ingest(mapping, [cases / name], NOW, lambda _: None)
    assert len(found) == KEPT[name]
    assert report.kept + sum(report.left_out.values()) == report.rows


def test_feet_with_thousands_are_known_by_the_city(cases: Path, tmp_path: Path) -> None:
    """17: Illinois East, where the analyst says that the city is about there."""
    out = tmp_path / "mapping.toml"
    file = cases / "17-thousands.csv"
    assert CliRunner().invoke(look, [str(file), "--near", "41.88,-87.63", "--out", str(out)]).exit_code == 0
    found, _ = ingest(read_mapping(out)[0], [file], NOW, lambda _: None)
    assert list(found["event_id"]) == ["A1", "A2"]
    assert found["lat"].between(41.8, 41.9).all()


def test_every_other_field_case_has_a_draft_to_complete_or_a_sentence(cases: Path) -> None:
    """No traceback, whatever the file; what can't be known is marked for the analyst."""
    files = [file for file in cases.iterdir() if file.suffix != ".toml" and file.name not in KEPT]
    assert files
    for file in files:
        result = CliRunner().invoke(look, [str(file)])
        if isinstance(result.exception, UserError):
            assert re.match(rf"{re.escape(str(file))}: .+; .+", str(result.exception)), file
            continue
        assert result.exit_code == 0, file
        assert FILL in result.stdout or "`ingest` refuses" in result.stderr, file
