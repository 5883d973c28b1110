"""``make demo-bundle``: the demo's models, made of the generated city's incidents by the commands that an agency types.

``python -m edge.demo.train`` writes ``models/demo/bundle``. The same city and libraries give the same files, whenever
they are made. The demo itself must not import this: it runs where nothing that trains is installed.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from edge.cli import roundsman
from edge.demo.city import make_city
from edge.demo.city_files import write_city
from edge.demo.incident_files import write_export
from edge.demo.site import SHIPPED_RISK

VALID_DAYS: Final = 730
"""As far as ``days.npz`` reaches: a demo's models are not to be called old a quarter after they were made."""

COMMANDS: Final = (
    "agency build {folder}/agency.toml --out {folder}/agency",
    "models ingest {folder}/incidents.toml {folder}/incidents.csv --out {folder}/incidents.parquet",
    "models layers {folder}/features.toml --agency {folder}/agency --out {folder}/layers",
    "models train {folder}/agency {folder}/incidents.parquet --features {folder}/layers --out {folder}/risk"
    f" --valid-days {VALID_DAYS} --no-ablation",
)


def make_risk(folder: Path, types: str | None = None) -> Path:
    """The risk directory, made below an empty ``folder``. ``types``: with commas between, all where it is None."""
    city = make_city()
    write_city(city, folder, "2026-01-01/day")
    write_export(city, folder)
    for command in COMMANDS:
        words = [word.format(folder=folder) for word in command.split()]
        if types is not None and words[1] == "train":
            words += ["--types", types]
        roundsman.main(words, prog_name="roundsman", standalone_mode=False)
    return folder / "risk"


def _ship(out: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="roundsman-demo-") as folder:
        made = make_risk(Path(folder))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)


if __name__ == "__main__":
    _ship(Path(sys.argv[1]) if sys.argv[1:] else SHIPPED_RISK)
