"""The demo city's invented incidents: the same every time, and counted at the start as the commands count them."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.demo.city import City, make_city
from edge.demo.city_files import write_city
from edge.demo.incident_files import TYPES, counts_until, write_export
from edge.demo.incidents import FIRST, incidents
from edge.risk.counts import load_counts
from models.commands import models

UNTIL = date(2024, 6, 30)


@pytest.fixture(scope="module")
def city() -> City:
    """Riverton."""
    return make_city()


@pytest.fixture(scope="module")
def folder(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Riverton's files and its export of eight months."""
    made = tmp_path_factory.mktemp("riverton")
    build_agency(write_city(city, made, "2026-01-01/day"), made / "agency")
    write_export(city, made, UNTIL)
    return made


@pytest.fixture(scope="module")
def agency(folder: Path) -> Agency:
    """Riverton as an agency."""
    return load_agency(folder / "agency")


def test_more_days_change_no_earlier_one(city: City) -> None:
    """A demo of a later day has the same past: its counts grow, and its models have seen them."""
    short, long = list(incidents(city, date(2023, 12, 15))), list(incidents(city, date(2023, 12, 31)))
    assert long[: len(short)] == short
    assert {one.first.date() for one in long} >= {FIRST, date(2023, 12, 31)}


def test_every_type_is_there_and_some_that_must_be_left_out(city: City) -> None:
    """The seven types, and what the importer leaves out; none at an hour that the clocks skip or repeat."""
    found = list(incidents(city, UNTIL))
    assert {one.offence for one in found} > set(TYPES)
    assert all(one.first <= one.last for one in found)
    assert any(one.at is None for one in found)


def test_the_importer_leaves_out_what_it_must(folder: Path) -> None:
    """Drugs and vandalism never, simple assault unmapped; every row is in the report; nothing else is lost."""
    run = CliRunner().invoke(models, ["ingest", str(folder / "incidents.toml"), str(folder / "incidents.csv"), "--out",
                                      str(folder / "incidents.parquet")])  # fmt: skip
    assert run.exit_code == 0, run.output
    for what in ("DRUG OFFENSE", "VANDALISM", "ASSAULT, SIMPLE", "no coordinates"):
        assert what in run.output
    assert "not in the mapping's formats" not in run.output


def test_counts_at_the_start_are_those_of_the_commands(city: City, folder: Path, agency: Agency) -> None:
    """Export, import and count, or straight from the generator: the same rows, to the unit."""
    test_the_importer_leaves_out_what_it_must(folder)
    run = CliRunner().invoke(models, ["count", str(folder / "incidents.parquet"), "--agency", str(folder / "agency"),
                                      "--out", str(folder / "counts.npz")])  # fmt: skip
    assert run.exit_code == 0, run.output
    ours = counts_until(city, agency, UNTIL)
    assert ours.known.max() <= UNTIL.toordinal()
    assert ours.digest() == load_counts(folder / "counts.npz").known_before(UNTIL.toordinal() + 1).digest()


def test_trouble_is_somewhere(city: City, agency: Agency) -> None:
    """A hundredth of the boxes has a tenth of the thefts: there is something to find."""
    counts = counts_until(city, agency, UNTIL)
    by_box: dict[int, int] = {}
    for box, kind, weight in zip(counts.box, counts.kind, counts.weight, strict=True):
        if kind == 6:
            by_box[int(box)] = by_box.get(int(box), 0) + int(weight)
    top = sorted(by_box.values(), reverse=True)[: len(agency.grid.boxes) // 100]
    assert sum(top) > 0.1 * sum(by_box.values())
