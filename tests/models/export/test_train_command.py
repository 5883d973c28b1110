"""``roundsman models train``: from an agency directory and incidents to files that a bundle takes."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from edge.agency.build import build_agency
from edge.errors import UserError
from edge.risk.counts import load_counts
from edge.risk.days import Days, save_days
from edge.risk.events import save_events
from edge.risk.feature_column import Column
from edge.risk.layers import save_layers
from models.export.inputs import read_inputs
from models.export.train_command import train
from tests.agency.square import write_square
from tests.models.toy import toy_incidents

__all__ = ["toy_incidents"]

MODEL_FILES = {"theft.onnx", "theft.card.json", "theft.card.md", "theft.selftest.npz", "theft.calibration.svg"}


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("square")
    build_agency(write_square(folder), folder / "agency")
    return folder / "agency"


def run(agency: Path, incidents: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(train, [str(agency), str(incidents), "--out", str(out), *more], catch_exceptions=False)


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_that_a_bundle_needs_is_written(agency: Path, toy_incidents: Path, tmp_path: Path) -> None:
    """Counts, layers, days, and for the type its model, self-test, card and plot; the last line names the model."""
    result = run(agency, toy_incidents, tmp_path / "risk", "--types", "theft")
    assert result.exit_code == 0
    assert "theft.onnx" in result.output
    files = held(tmp_path / "risk")
    assert {"counts.npz", "layers.npz", "days.npz"} <= set(files)
    assert {name.removeprefix("models/") for name in files if name.startswith("models/")} == MODEL_FILES


def test_the_same_seed_gives_the_same_files_here_and_on_a_cluster(
    agency: Path, toy_incidents: Path, tmp_path: Path
) -> None:
    """Locally twice and on a local Dask cluster: every byte of every file is the same."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 - slow to import

    wanted = ("--types", "theft", "--seed", "5")
    run(agency, toy_incidents, tmp_path / "one", *wanted)
    with (
        LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
        Client(cluster),  # type: ignore[no-untyped-call]
    ):
        run(
            agency,
            toy_incidents,
            tmp_path / "two",
            *wanted,
            "--backend",
            "dask",
            "--scheduler",
            cluster.scheduler_address,
        )
    assert held(tmp_path / "one") == held(tmp_path / "two")


def test_only_what_was_known_before_a_day_is_used(agency: Path, toy_incidents: Path, tmp_path: Path) -> None:
    """``--until`` cuts the counts that are written, and so all that the car will know."""
    run(agency, toy_incidents, tmp_path / "risk", "--types", "theft", "--until", "2016-10-01")
    assert load_counts(tmp_path / "risk" / "counts.npz").known.max() < date(2016, 10, 1).toordinal()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--types", "narcotics"), "narcotics"),
        (("--until", "2016-13-01"), "2016-13-01"),
        (("--until", "2030-01-01"), "the latest possible is"),
        (("--types", "gunfire"), "gunfire"),
        (("--without", "astrology"), "astrology"),
        (("--features", "nowhere"), "nowhere"),
    ],
)
def test_a_mistake_is_one_sentence(
    agency: Path, toy_incidents: Path, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    """A denied type, a wrong date, a type without incidents, an unknown group, a missing folder: each is named."""
    with pytest.raises(UserError, match=said):
        run(agency, toy_incidents, tmp_path / "risk", *more)


def test_days_that_end_before_the_models_do_are_refused(agency: Path, toy_incidents: Path, tmp_path: Path) -> None:
    """Else holidays and weather would silently be missing in the car."""
    world = read_inputs(agency, toy_incidents, None).world
    columns = (Column("holiday", "time", "A public holiday.", "0 or 1", 0.0, "made up", "", "2016-01-01"),)
    first, last = world.counts.first, world.counts.last + 10
    save_days(tmp_path / "days.npz", Days(first, columns, np.zeros((last - first + 1, 1), dtype=np.float32)))
    save_layers(tmp_path / "layers.npz", world.layers)
    save_events(tmp_path / "events.npz", world.events)
    with pytest.raises(UserError, match=r"days.npz ends on .*, but the models are valid until .*--valid-days"):
        run(agency, toy_incidents, tmp_path / "risk", "--features", str(tmp_path))
