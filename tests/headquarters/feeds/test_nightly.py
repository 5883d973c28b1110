"""``roundsman hq nightly`` with a real broker: an export comes to a context and drafts; each step that fails."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from edge.contract.context import ContextDoc
from edge.errors import UserError
from edge.headquarters.commands import hq
from edge.headquarters.drafts.building import newest_context
from edge.headquarters.feeds.nightly import newest_file
from edge.headquarters.store import Store
from edge.risk.counts import WEIGHT, save_counts
from models.count.tally import count
from models.ingest.incidents import COLUMNS, read_incidents, write_incidents
from tests.brokers import Mosquitto, free_port
from tests.models.town_export import write_export, write_mapping
from tests.risk.tiny import Tiny, tiny_bundle

TODAY = datetime.now(UTC).date()
ENDS = TODAY - timedelta(days=6)
"""The bundle's last day."""
DAYS = 90


def incidents(last: date, days: int = DAYS) -> pd.DataFrame:
    """Two a day, at noon and midnight, to a day in the evening."""
    ends = datetime(last.year, last.month, last.day, 18, tzinfo=UTC)
    at = [ends - timedelta(hours=12 * n) for n in range(2 * days)]
    table = {
        "event_id": [f"{moment:%Y%m%d%H}" for moment in at],
        "crime_type": ["robbery" if n % 3 else "theft" for n in range(len(at))],
        "from_utc": at,
        "to_utc": at,
        "lat": [40.004 + 0.0005 * (n % 20) for n in range(len(at))],
        "lon": [-99.004 + 0.0004 * (n % 17) for n in range(len(at))],
        "initiated_by": [None] * len(at),
        "gunfire": [n % 5 == 0 for n in range(len(at))],
        "source": ["town"] * len(at),
    }
    return pd.DataFrame({name: table.get(name, [None] * len(at)) for name in COLUMNS})


def line(number: int, days_ago: int) -> str:
    """A theft of the export, at noon in Chicago."""
    return f"n{number},{TODAY - timedelta(days=days_ago)} 12:00,23F,40.01,-99.0"


class Town:
    """A headquarters whose bundle ends six days ago, and an export of the five days since."""

    def __init__(self, tiny: Tiny, folder: Path, port: int) -> None:
        self.agency, self.key, self.folder, self.port = tiny.agency, tiny.key, folder, port
        self.bundle = shutil.copytree(tiny.directory, folder / "agency")
        self.exports = folder / "exports"
        self.imported = folder / "imported.parquet"
        self.exports.mkdir()
        write_incidents(incidents(ENDS), self.imported)
        write_mapping(folder)
        write_export(self.exports, *(line(n, n) for n in range(1, 6)))
        self.configure()
        Store(folder / "hq.sqlite").close()

    def configure(self, nightly: bool = True) -> None:
        """Write ``hq.toml``."""
        at = {name: json.dumps(str(self.folder / name)) for name in ("exports", "mapping.toml", "imported.parquet")}
        section = f"incidents = {at['exports']}\nmapping = {at['mapping.toml']}\nimported = {at['imported.parquet']}\n"
        (self.folder / "hq.toml").write_text(
            f"agency = {json.dumps(str(self.bundle))}\n"
            f"database = {json.dumps(str(self.folder / 'hq.sqlite'))}\n"
            f"signing_key = {json.dumps(str(self.key))}\n[broker]\nport = {self.port}\n"
            + nightly
            * f"[nightly]\n{section}"
        )

    def night(self) -> str:
        """Run the command; what it printed. A UserError comes out as it is."""
        given = ["nightly", "--config", str(self.folder / "hq.toml")]
        done = CliRunner().invoke(hq, given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def refused(self) -> str:
        """Run the command, which must fail; what it says. The context that was there stays."""
        before = self.context()
        with pytest.raises(UserError) as raised:
            self.night()
        assert self.context() == before
        return str(raised.value)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, open."""
        with Store(self.folder / "hq.sqlite", make=False) as store:
            yield store

    def context(self) -> ContextDoc | None:
        """What the vehicles have."""
        with self.store() as store:
            return newest_context(store)

    def drafts(self) -> set[tuple[str, str]]:
        """Shift and area of each."""
        with self.store() as store:
            return {(one.shift, one.area) for one in store.drafts("")}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Squaretown's bundle, built from the incidents imported before."""
    made = lambda agency, last: count(incidents(last), agency)  # noqa: E731 - what `tiny_bundle` asks
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), ENDS, counted=made)


@pytest.fixture
def town(tiny: Tiny, tmp_path: Path, mosquitto: Mosquitto) -> Town:
    """With a broker that is there."""
    return Town(tiny, tmp_path, mosquitto.port)


def wanted(town: Town) -> set[tuple[str, str]]:
    """Tomorrow's shifts in every area."""
    agency = town.agency
    day = datetime.now(agency.calendar.zone).date() + timedelta(days=1)
    return {(f"{day}/{rule.name}", area) for rule in agency.calendar.rules for area in agency.areas}


def test_the_night_comes_to_a_context_and_tomorrows_drafts(town: Town) -> None:
    """The export's incidents are in the context, beside those imported before; a draft for each shift and area."""
    assert "published context 1 of" in town.night()
    context = town.context()
    assert context is not None
    assert context.date == datetime.now(town.agency.calendar.zone).date()
    assert 4 <= sum(row[5] for row in context.counts) / WEIGHT <= 5  # the clock may be past midnight in UTC alone
    assert len(read_incidents(town.imported)) == 2 * DAYS + 5
    assert town.drafts() == wanted(town)


def test_a_second_run_changes_nothing(town: Town) -> None:
    """No second context, the same incidents; where a night's file is newer, another context."""
    town.night()
    before, drafts = town.imported.read_bytes(), town.drafts()
    assert "nothing has changed; the published one stays" in town.night()
    assert (town.imported.read_bytes(), town.drafts()) == (before, drafts)
    later = write_export(town.exports, line(9, 2), name="later.csv")
    os.utime(later, (later.stat().st_atime, later.stat().st_mtime + 60))
    assert "published context 2 of" in town.night()
    assert len(read_incidents(town.imported)) == 2 * DAYS + 6


def test_a_night_without_incidents_is_a_night(town: Town) -> None:
    """An export of its heading alone: what was imported stays, the context is published."""
    write_export(town.exports)
    assert "published context 1 of" in town.night()
    assert len(read_incidents(town.imported)) == 2 * DAYS


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda town: (town.exports / "export.csv").unlink(), "exports: the folder has no file; put"),
        (lambda town: (town.folder / "mapping.toml").write_text("colour = 1"), "mapping.toml: "),
        (lambda town: town.imported.unlink(), "directory; give a file that `roundsman models ingest` wrote"),
        (lambda town: write_export(town.exports, "1,never,23F,40.01,-99.0"), "none of 1 rows can be imported; check"),
    ],
)  # fmt: skip
def test_an_import_that_fails_is_named(town: Town, spoil: object, said: str) -> None:
    """The vehicles keep the context that they have, and the incidents imported before are as they were."""
    town.night()
    assert callable(spoil)
    spoil(town)
    before = town.imported.read_bytes() if town.imported.exists() else None
    message = town.refused()
    assert message.startswith("nightly: import failed: ")
    assert said in message
    assert "; the vehicles keep the context of " in message
    assert (town.imported.read_bytes() if town.imported.exists() else None) == before


def test_a_context_that_cannot_be_made_is_named(town: Town) -> None:
    """A bundle that is newer than the incidents."""
    write_export(town.exports)
    save_counts(town.bundle / "counts.npz", count(incidents(TODAY - timedelta(days=2)), town.agency))
    message = town.refused()
    assert message.startswith("nightly: context failed: the incidents end on ")
    assert "import newer incidents first" in message
    assert town.drafts() == set()


def test_a_broker_that_is_away_is_named(tiny: Tiny, tmp_path: Path) -> None:
    """Nothing is signed; the incidents are imported, and the next run goes on."""
    town = Town(tiny, tmp_path, free_port())
    message = town.refused()
    assert message.startswith("nightly: publish failed: ")
    with town.store() as store:
        assert store.last_signed("context") is None
    assert town.drafts() == set()


def test_drafts_that_cannot_be_built_are_named(town: Town) -> None:
    """The context is published before; a model's file is gone."""
    for model in (town.bundle / "models").rglob("*.json"):
        model.write_text("{}")
    with pytest.raises(UserError, match=r"^nightly: drafts failed: .*/day 1: ") as raised:
        town.night()
    assert "drafts could not be built" in str(raised.value)
    assert town.context() is not None


def test_a_configuration_without_the_section_says_what_to_add(town: Town) -> None:
    """File, key, mend."""
    town.configure(nightly=False)
    assert "hq.toml: nightly: needed to know what to import; add [nightly]" in town.refused()


def test_an_install_without_the_importer_says_what_to_install(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of headquarters needs no pandas."""
    for name in [name for name in sys.modules if name.startswith(("models.", "edge.headquarters.feeds.nightly"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert "`roundsman hq nightly` needs pandas; pip install 'roundsman[train]'" in town.refused()


def test_hidden_files_are_no_exports(tmp_path: Path) -> None:
    """The newest of the others; of the same time the last by name."""
    for name, at in (("b.csv", 10), ("a.csv", 10), (".c.csv", 20)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at, at))
    assert newest_file(tmp_path).name == "b.csv"
