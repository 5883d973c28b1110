"""A report is one file: its page, JSON, CSV, command and place in the navigation follow from it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from edge.agency.build import build_agency
from edge.contract.agency import Agency
from edge.headquarters import reports
from edge.headquarters.accounts.roles import Role
from edge.headquarters.commands import hq
from edge.headquarters.console.context import Context
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.register import all_reports
from edge.headquarters.store import Store
from tests.agency.square import write_square
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import NIGHT, SHIFT, TOPICS
from tests.headquarters.visitors import client_of

MADE_UP = '''
"""Tactics by how often they were used: a report as an engineer would add it."""

from edge.headquarters.reports.register import Column, Filter, Report


def make(question):
    rows = question.store.shift_rows(question.values["shift"], 0.0, 0.0)
    return [{"tactic": one.tactic, "seconds": one.seconds, "began": one.began} for one in rows.tactics]


REPORT = Report(
    name="tactics_used",
    title="Tactics used",
    columns=(Column("tactic", "Tactic"), Column("seconds", "Minutes", "minutes"), Column("began", "From", "moment")),
    make=make,
    rows=lambda made, agency: made,
    document=lambda made: {"tactics": made},
    filters=(Filter("shift", "Shift", default=lambda agency, now: "2026-11-22/night"),),
    permission="drafts.edit",
    notes=("Made up.",),
)
'''


@pytest.fixture(scope="module")
def night(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The two cars' night in a database."""
    database = tmp_path_factory.mktemp("night") / "hq.sqlite"
    with Store(database) as store:
        receiver = Receiver(store, TOPICS, NIGHT.timestamp)
        for car in two_cars(square_agency)[0]:
            receiver.handle(car.ledger.messages())
    return Context(square_agency, database, now=lambda: NIGHT.timestamp() + 9 * 3600)


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more file in the folder of reports."""
    (tmp_path / "tactics_used.py").write_text(MADE_UP, encoding="utf-8")
    monkeypatch.setattr(reports, "__path__", [*reports.__path__, str(tmp_path)])
    monkeypatch.delitem(__import__("sys").modules, f"{reports.__name__}.tactics_used", raising=False)


@pytest.fixture
def client(night: Context, made_up: None) -> Iterator[FlaskClient]:
    """A browser at the right address."""
    with client_of(night) as client:
        yield client


def test_a_new_file_is_a_report_in_every_form(client: FlaskClient) -> None:
    """The same values as page, JSON and CSV, by its name alone."""
    used = client.get("/reports/tactics_used.json").get_json()["tactics"]
    assert len(used) == 2
    rows = list(csv.DictReader(io.StringIO(client.get("/reports/tactics_used.csv").text)))
    assert [row["tactic"] for row in rows] == [one["tactic"] for one in used]
    assert rows[0]["began"].endswith("Z")
    page = client.get("/reports/tactics_used").text
    assert page.count("<tr>") == len(used) + 1
    for said in ("<h1>Tactics used</h1>", "Made up.", 'name="shift"', 'value="2026-11-22/night"'):
        assert said in page
    assert "text/csv" in client.get("/reports/tactics_used.csv").headers["Content-Type"]


def test_its_filters_are_asked_for_in_the_address(client: FlaskClient) -> None:
    """And the links to its other forms go on asking the same; a filter it has not is not found."""
    page = client.get("/reports/tactics_used?shift=2025-01-01/night").text
    assert "No data for this selection." in page
    assert 'href="/reports/tactics_used.csv?shift=2025-01-01/night"' in page
    answer = client.get("/reports/tactics_used?beat=12")
    assert answer.status_code == 404
    assert "has no filter &#39;beat&#39;; it has: shift" in answer.text


def test_it_is_in_the_navigation_of_every_page(client: FlaskClient) -> None:
    """By its title, beside the others; the Shift Report is found by its shift."""
    for page in ("/", f"/reports/shift/{SHIFT}", "/reports/presence"):
        assert '<a href="/reports/tactics_used">Tactics used</a>' in client.get(page).text
    assert client.get("/reports/shift").headers["Location"] == "/"


def test_it_is_for_those_who_may_read_it_alone(night: Context, made_up: None) -> None:
    """No page, no form and no link for another role."""
    roles: tuple[tuple[Role, int], ...] = (("analyst", 200), ("auditor", 404))
    for role, status in roles:
        client = client_of(night, role)
        assert {client.get(f"/reports/tactics_used{form}").status_code for form in ("", ".json", ".csv")} == {status}
        assert ("Tactics used" in client.get("/").text) == (status == 200)
        assert client.get(f"/reports/shift/{SHIFT}").status_code == 200


def test_it_is_a_command(night: Context, made_up: None, tmp_path: Path) -> None:
    """`hq report NAME`, with its filters as options; the Shift Report needs no name, and stands where it stood."""
    build_agency(write_square(tmp_path), tmp_path / "agency")
    config = tmp_path / "hq.toml"
    config.write_text(f'agency = "{tmp_path / "agency"}"\ndatabase = "{night.database}"\n', encoding="utf-8")

    def run(*args: str) -> str:
        done = CliRunner().invoke(hq, ["report", *args], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    asked = ("--config", str(config))
    used = json.loads(run("tactics_used", *asked))["tactics"]
    assert len(used) == 2
    assert run(*asked, "tactics_used", "--csv").count("\n") == len(used) + 1
    assert json.loads(run("tactics_used", "--shift", "2025-01-01/night", *asked)) == {"tactics": []}
    assert json.loads(run("presence", "--since", "2026-11-20", "--until", "2026-11-24", *asked))["boxes"]
    named, bare = (json.loads(run(*args, *asked))["report"] for args in (("shift", SHIFT), (SHIFT,)))
    assert named["units"] == bare["units"] != []
    assert {"presence", "shift", "tactics_used"} <= {
        line.split()[0] for line in run("--help").splitlines() if line.strip()
    }


def test_without_the_file_there_is_no_report(night: Context) -> None:
    """What a test adds is gone after it: nothing else names it."""
    assert set(all_reports()) == {"changes", "feedback", "presence", "shift"}
    assert client_of(night).get("/reports/tactics_used").status_code == 404
