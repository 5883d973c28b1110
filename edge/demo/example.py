"""Writes the packaged example (`edge.agency.example`) anew: what `agency build` makes of the demo's city, and a drive.

``python -m edge.demo.example``; a test compares. Must not be needed where the example is used.
"""

import gzip
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import edge.agency
from edge.agency.build import build_agency
from edge.contract.agency import FILES, load_agency
from edge.contract.places import PLACES
from edge.demo.city import make_city
from edge.demo.city_files import write_city
from edge.demo.drive import drive

HERE: Final = Path(edge.agency.__path__[0]) / "riverton"
SHIFT: Final = "2026-11-23/night"
MINUTES: Final = 4.0
"""A visit: who tries it sees one end."""

SEED: Final = 3
DRIVE_S: Final = 1500


def example_files() -> Mapping[str, bytes]:
    """Each file by its name; the drive is not compressed yet."""
    with tempfile.TemporaryDirectory() as name:
        folder, city = Path(name), make_city()
        build_agency(write_city(city, folder, SHIFT, MINUTES), folder / "agency")
        starts = load_agency(folder / "agency").calendar.shift(SHIFT).starts
        made = {one: (folder / "agency" / one).read_bytes() for one in (*FILES, PLACES)}
        sentences = (each for _, each in drive(city, SEED, starts + 60.0, DRIVE_S))
        return {**made, "plan.toml": (folder / "plan.toml").read_bytes(), "drive.nmea": b"".join(sentences)}


def write(folder: Path = HERE) -> None:
    """Write them, the drive compressed."""
    folder.mkdir(exist_ok=True)
    for name, content in example_files().items():
        if name == "drive.nmea":
            (folder / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        else:
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    write()
