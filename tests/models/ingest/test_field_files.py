"""The field cases about files and places (`models/FIELD_CASES.md`): kept rows and positions, or one clear sentence."""

from pathlib import Path

import pytest

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest
from tests.models.town_export import NOW

HOME = (38.62, -90.2)
OTHER = (38.63, -90.21)
EXCHANGED = "latitude and longitude exchanged (where all are: swap the two columns in the mapping)"


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    """The folder of the cases."""
    return shared_data / "field_cases" / "ingest"


@pytest.mark.parametrize(
    ("mapping", "file", "places", "left_out", "warnings"),
    [
        ("01-bom", "01-bom.csv", [HOME, OTHER], {}, []),
        ("02-utf16", "02-utf16.csv", [HOME, OTHER], {}, []),
        ("03b-cp1252", "03-cp1252.csv", [OTHER], {"a type not in the mapping": 1}, []),
        ("04-semicolon", "04-semicolon.csv", [HOME], {}, []),
        ("14-swapped", "14-swapped.csv", [], {EXCHANGED: 2}, []),
        ("15-null-island", "15-null-island.csv", [HOME], {"no coordinates": 5}, []),
        ("16-point", "16-point.csv", [HOME, HOME], {}, []),
        ("17-thousands", "17-thousands.csv", [(41.880964, -87.629197)] * 2, {}, []),
        ("18b-webmercator", "18b-webmercator.csv", [(38.619491, -90.20027)], {}, []),
        ("19-newline", "19-newline.csv", [HOME] * 2, {}, []),
        ("20-badquote", "20-badquote.csv", [HOME] * 3, {}, []),
        ("21-openquote", "21-openquote.csv", [HOME] * 59, {},
         ["line 4: a quotation mark that nothing closes on its line was read as a letter, and the line as a row"]),
        ("25-header", "25-header.csv", [HOME], {}, []),
        ("26-title", "26-title.csv", [HOME, OTHER], {}, ["the heading is line 3; the lines above it are skipped"]),
        ("27-total", "27-total.csv", [HOME, OTHER], {"a type not in the mapping": 1, "an empty row": 1}, []),
        ("28-sep", "28-sep.csv", [HOME, OTHER], {}, []),
        ("33-cr", "33-cr.csv", [HOME, OTHER], {}, []),
        ("34-nul", "34-nul.csv", [HOME, OTHER], {"the same id as a later row": 1}, ["1 NUL byte was removed"]),
        ("35-zip", "35-zip.zip", [HOME, OTHER], {}, []),
        ("39-geojson", "39.geojson", [HOME], {}, []),
        ("iso", "41-xlsx.xlsx", [HOME], {}, []),
        ("iso", "53-shortrows.csv", [HOME], {"a malformed line": 2},
         ["lines 3, 4: more or fewer values than the heading; left out"]),
    ],
)  # fmt: skip
def test_a_field_case_gives_its_rows(
    cases: Path,
    mapping: str,
    file: str,
    places: list[tuple[float, float]],
    left_out: dict[str, int],
    warnings: list[str],
) -> None:
    """Every row of the file is kept where it is, or left out for the right reason, and what was mended is told."""
    document, _ = read_mapping(cases / f"{mapping}.toml")
    found, report = ingest(document, [cases / file], NOW, lambda _: None)
    assert sorted(zip(found["lat"].round(6), found["lon"].round(6), strict=True)) == sorted(places)
    assert {reason: rows for reason, rows in report.left_out.items() if rows} == left_out
    assert [one for one in report.warnings if one.startswith(file)] == [f"{file}: {one}" for one in warnings]
    assert report.rows == report.kept + sum(left_out.values())


@pytest.mark.parametrize(
    ("mapping", "file", "said"),
    [
        ("03-cp1252", "03-cp1252.csv", r'03-cp1252\.csv: line 2 is not utf-8; .*: set encoding = "cp1252"'),
        ("iso", "51-cutgz.csv.gz", r"51-cutgz\.csv\.gz: its packed data end too early"),
        ("01-bom", "04-semicolon.csv", r"set delimiter = \";\""),
    ],
)
def test_a_field_case_has_a_clear_word(cases: Path, mapping: str, file: str, said: str) -> None:
    """One sentence, with the mend."""
    document, _ = read_mapping(cases / f"{mapping}.toml")
    with pytest.raises(UserError, match=said):
        ingest(document, [cases / file], NOW, lambda _: None)


def test_a_field_case_of_esris_code_is_a_system(cases: Path) -> None:
    """Illinois East in feet, by ESRI's number, as if it were EPSG's."""
    document, _ = read_mapping(cases / "18-esri.toml")
    assert document.place.system == "ESRI:102671"
