"""A small town's export and its mapping, to change line by line; and an import of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from models.ingest.mapping import read_mapping
from models.ingest.report import Report
from models.ingest.run import ingest

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)

MAPPING: Final = """\
name = "town"
zone = "America/Chicago"
event_id = "id"
[time]
from = "when"
formats = ["%Y-%m-%d %H:%M"]
[place]
lat = "lat"
lon = "lon"
[codes]
column = "code"
table = "nibrs"
"""
HEADER: Final = "id,when,code,lat,lon"
THEFT: Final = "1,2026-01-05 12:00,23F,40.01,-99.0"


def write_mapping(folder: Path, text: str = MAPPING) -> Path:
    """A mapping file in a folder."""
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def write_export(folder: Path, *lines: str, header: str = HEADER, name: str = "export.csv") -> Path:
    """A CSV file in a folder."""
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def imported(folder: Path, *lines: str, header: str = HEADER, mapping: str = MAPPING) -> tuple[pd.DataFrame, Report]:
    """What an import of some lines gives."""
    document, _ = read_mapping(write_mapping(folder, mapping))
    return ingest(document, [write_export(folder, *lines, header=header)], NOW, progress=lambda _: None)
