"""Protections 1 to 4 from the export to the counts that models are trained on."""

from pathlib import Path

import pandas as pd
import pytest

import models.count.shift_table
import models.count.tally
import models.count.units
from edge.contract.agency import Agency
from edge.errors import UserError
from models.count.tally import count, tally
from models.ingest.incidents import COLUMNS, read_incidents, write_incidents
from models.ingest.mapping import read_mapping
from tests.models.town_export import HEADER, MAPPING, imported, write_mapping

ROWS = [f"{day},2026-01-{day:02d} 0{day % 7}:30,{('23F', '120', '220')[day % 3]},40.01,-99.0" for day in range(1, 29)]
NARCOTICS = [f"n{day},2026-01-{day:02d} 12:00,35A,40.01,-99.0" for day in range(1, 29)]


def test_narcotics_injected_into_an_export_change_no_count_and_are_counted(
    square_agency: Agency, tmp_path: Path
) -> None:
    """Protection 2, at import: the counts are the same to the digest, and the report says how many rows of what."""
    clean, _ = imported(tmp_path, *ROWS)
    mixed, report = imported(tmp_path, *(row for pair in zip(ROWS, NARCOTICS, strict=True) for row in pair))
    assert count(mixed, square_agency).digest() == count(clean, square_agency).digest()
    assert report.unmapped == {"code": {"35A": 28}}
    words = MAPPING.replace('column = "code"', 'column = "kind"') + (
        '[[crime_type]]\nis = "theft"\nwhen = [{ column = "kind", equals = "LARCENY" }]\n'
    )
    named = [f"{row},{'LARCENY' if row in ROWS else 'NARCOTICS'}" for row in (*ROWS, *NARCOTICS)]
    _, report = imported(tmp_path, *named, header=HEADER + ",kind", mapping=words)
    assert report.denied == {"kind": {"NARCOTICS": 28}}
    assert report.left_out["a type that is never forecast"] == 28


def test_narcotics_injected_into_the_training_file_change_no_count_and_are_counted(
    square_agency: Agency, tmp_path: Path
) -> None:
    """Protection 2, at training: a row that somebody wrote into incidents.parquet is left out, and told."""
    clean, _ = imported(tmp_path, *ROWS)
    injected = clean.assign(crime_type="narcotics", event_id=clean["event_id"] + "n", gunfire=True)
    write_incidents(pd.concat([clean, injected]), tmp_path / "incidents.parquet")
    found = tally(read_incidents(tmp_path / "incidents.parquet"), square_agency)
    assert found.counts.digest() == count(clean, square_agency).digest()
    assert found.left_out == {"not a forecast crime type": 28}


def test_a_race_column_in_a_mapping_is_refused(tmp_path: Path) -> None:
    """Protection 1: by name, before any file is opened."""
    with pytest.raises(UserError, match="'VIC_RACE' is about people"):
        read_mapping(write_mapping(tmp_path, MAPPING + '[[rows]]\ncolumn = "VIC_RACE"\nequals = "X"\n'))


def test_officer_initiated_rows_change_no_label(square_agency: Agency, tmp_path: Path) -> None:
    """Protection 3: they are kept in the file with who began them, and counted as left out of the counts."""
    mapping = MAPPING + '[initiated_by]\ncolumn = "by"\nofficer = "OFFICER"\ncommunity = "CALL"\n'
    stops = [f"o{row},OFFICER" for row in ROWS]
    calls = [f"{row},CALL" for row in ROWS]
    clean, _ = imported(tmp_path, *calls, header=HEADER + ",by", mapping=mapping)
    mixed, report = imported(tmp_path, *calls, *stops, header=HEADER + ",by", mapping=mapping)
    found = tally(mixed, square_agency)
    assert len(mixed) == 56
    assert report.initiated_by == {"community": 28, "officer": 28}
    assert found.counts.digest() == count(clean, square_agency).digest()
    assert found.left_out == {"initiated by an officer": 28}


def test_counting_reads_incidents_and_nothing_of_a_visit(square_agency: Agency, tmp_path: Path) -> None:
    """Protection 4: labels come from columns of incidents; a record of presence beside them changes nothing."""
    clean, _ = imported(tmp_path, *ROWS)
    visited = clean.assign(visits=7, dosage_s=900.0)
    assert count(visited, square_agency).digest() == count(clean, square_agency).digest()
    write_incidents(visited, tmp_path / "incidents.parquet")
    assert tuple(read_incidents(tmp_path / "incidents.parquet").columns) == COLUMNS
    for module in (models.count.tally, models.count.shift_table, models.count.units):
        assert module.__file__
        text = Path(module.__file__).read_text(encoding="utf-8")
        assert not any(word in text for word in ("edge.domain.visits", "edge.domain.meter", "edge.headquarters"))
