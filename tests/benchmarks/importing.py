"""Import of a million rows beside plain pandas reading the same file: processor time, and memory of a process for each.

The file is generated: CSV as a portal exports it, with the seed below, a third of its rows of types that are not
forecast, some fields quoted. pandas reads it into a table and does no more; an import finds types, times, places and
repeated ids, and puts what it keeps in order. Must not judge a figure.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from models.ingest.mapping import read_mapping
from models.ingest.run import ingest
from tests.benchmarks.processes import alone
from tests.benchmarks.sides import in_turn
from tests.benchmarks.table import Figure, Goal
from tests.benchmarks.town import Town

ROWS: Final = 1_000_000
SEED: Final = 20261130
NOW: Final = datetime(2026, 11, 30, tzinfo=UTC)
TYPES: Final = ("THEFT", "BURGLARY", "ROBBERY", "MOTOR VEHICLE THEFT", "NARCOTICS", "HOMICIDE")
MAPPING: Final = """\
name = "town"
zone = "America/Chicago"
event_id = "ID"
[time]
from = "Date"
formats = ["%m/%d/%Y %I:%M:%S %p"]
[place]
lat = "Latitude"
lon = "Longitude"
bounds = [-90.4, 38.4, -90.0, 38.8]
""" + "".join(
    f'[[crime_type]]\nis = "{name}"\nwhen = [{{ column = "Primary Type", equals = "{name.replace("_", " ")}" }}]\n'
    for name in ("theft", "burglary", "robbery", "motor_vehicle_theft")
)


def write_export(path: Path, rows: int = ROWS) -> None:
    """A portal's CSV of some rows over ten years."""
    chance = np.random.default_rng(SEED)
    minutes = chance.integers(0, 10 * 365 * 24 * 60, rows).astype("timedelta64[m]")
    table = pd.DataFrame(
        {
            "ID": np.arange(10_000_000, 10_000_000 + rows),
            "Case Number": [f"HX{number:07d}" for number in range(rows)],
            "Date": pd.Series(np.datetime64("2015-01-01T00:00") + minutes).dt.strftime("%m/%d/%Y %I:%M:%S %p"),
            "Block": [f"{number:03d}XX W MAIN ST" for number in chance.integers(0, 99, rows)],
            "Primary Type": np.array(TYPES, object)[chance.integers(0, len(TYPES), rows)],
            "Description": np.array(["OVER $500", "FROM BUILDING, OTHER"], object)[chance.integers(0, 2, rows)],
            "Beat": chance.integers(111, 2535, rows),
            "Latitude": (38.5 + 0.2 * chance.random(rows)).round(9),
            "Longitude": (-90.3 + 0.2 * chance.random(rows)).round(9),
        }
    )
    table.to_csv(path, index=False)


def by_roundsman(folder: Path) -> None:
    """An import."""
    mapping, _ = read_mapping(folder / "mapping.toml")
    ingest(mapping, [folder / "export.csv"], NOW, lambda _: None)


def by_pandas(folder: Path) -> None:
    """A table, and no more."""
    pd.read_csv(folder / "export.csv")


def peak_mb(one: bool, folder: Path) -> float:
    """The most that this process has had in memory after reading a file, in 10⁶ bytes."""
    (by_roundsman if one else by_pandas)(folder)
    (line,) = (line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if "VmHWM" in line)
    return int(line.split()[1]) * 1024 / 1e6


def figures(_: Town, folder: Path) -> Sequence[Figure]:
    """Time and memory of both."""
    write_export(folder / "export.csv")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    ours, plain = in_turn(lambda: by_roundsman(folder), lambda: by_pandas(folder), time.process_time)
    memory, plain_memory = (alone(peak_mb, one, folder) for one in (True, False))
    beside = "pandas reads the same file"
    return [
        Figure("import of a million rows, processor time", ours, "s", beside, plain, Goal("ratio", 3.0)),
        Figure("most memory of a process then", memory, "MB", beside, plain_memory),
    ]
