"""The list of tactics in a bundle: approver and review date, hours, and its public sheet on paper."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from edge.agency.build import build_agency
from edge.cli import roundsman
from edge.contract.agency import load_agency
from edge.errors import UserError
from tests.agency.square import write_square
from tests.printing import FORMATS, cut, gray, sheets

LIST = """tactics_version = "7"
tactics_approver = "Chief of patrol"
tactics_approved = 2026-10-01
tactics_review = 2027-10-01
tactics = [
  { id = "foot", label = "Foot patrol", labels = { es = "Patrulla a pie" } },
  { id = "shops", label = "Business check", crime_types = ["robbery"], hours = ["18:00-02:00", "06:30-08:00"] },
]
"""


def with_list(folder: Path, tactics: str = LIST) -> Path:
    """Squaretown's file with another list of tactics."""
    toml = write_square(folder)
    lines = toml.read_text().splitlines()
    kept: list[str] = []
    inside = False
    for line in lines:
        inside = inside or line.startswith("tactics")
        if not inside:
            kept.append(line)
        if inside and (line.startswith("]") or (line.startswith("tactics") and "[" not in line) or line.endswith("]")):
            inside = False
    toml.write_text(tactics + "\n".join(kept) + "\n")
    return toml


def test_a_bundle_says_who_approved_and_when_to_review(tmp_path: Path) -> None:
    """And each tactic its hours, minutes of the day, and its words in Spanish."""
    report = build_agency(with_list(tmp_path), tmp_path / "agency")
    agency = load_agency(tmp_path / "agency")
    approval = agency.tactics_approval
    assert (approval.approver, approval.approved, approval.review) == (
        "Chief of patrol",
        date(2026, 10, 1),
        date(2027, 10, 1),
    )
    assert [approval.overdue(day) for day in (date(2027, 10, 1), date(2027, 10, 2))] == [False, True]
    assert agency.tactics[1].hours == ((1080, 120), (390, 480))
    assert agency.tactics[0].labels == (("es", "Patrulla a pie"),)
    assert not any("tactics" in note for note in report.notes)


def test_a_list_without_approval_is_as_before(tmp_path: Path) -> None:
    """Nothing is written that software of before does not know."""
    build_agency(with_list(tmp_path, 'tactics = [{ id = "foot", label = "Foot patrol" }]\n'), tmp_path / "agency")
    document = json.loads((tmp_path / "agency" / "agency.json").read_text())
    assert {key for key in document if key.startswith("tactics")} == {"tactics", "tactics_version"}
    assert document["tactics"] == [{"id": "foot", "label": "Foot patrol", "crime_types": []}]


def test_an_overdue_review_is_noted(tmp_path: Path) -> None:
    """The bundle is built all the same."""
    late = LIST.replace("2027-10-01", "2026-10-02")
    notes = build_agency(with_list(tmp_path, late), tmp_path / "agency").notes
    assert any("the review of list 7 was due on 2026-10-02" in note for note in notes)


@pytest.mark.parametrize(
    ("tactics", "says"),
    [
        ('tactics = [{ id = "a", label = "Shops", hours = ["6pm"] }]\n', "write it as 18:00-02:00"),
        ('tactics = [{ id = "a", label = "Shops", hours = ["18:00-18:00"] }]\n', "write it as 18:00-02:00"),
        ('tactics = [{ id = "a", label = "Shops", labels = { es = "Poner multas" } }]\n', "mentions enforcement"),
        ("tactics_approved = 2026-10-01\ntactics_review = 2026-09-01\n", "tactics_review: must be after"),
    ],
)
def test_mistakes_are_told(tactics: str, says: str, tmp_path: Path) -> None:
    """Each with its key."""
    with pytest.raises(UserError, match=says):
        build_agency(with_list(tmp_path, tactics), tmp_path / "agency")


def test_the_public_sheet_is_a_file_by_itself_on_one_page(tmp_path: Path, chromium: Browser) -> None:
    """Every tactic with its types and hours, version, approver and dates; in Spanish, too; nothing fetched."""
    build_agency(with_list(tmp_path), tmp_path / "agency")
    english = ("Foot patrol", "18:00–02:00, 06:30–08:00", "Approved by Chief of patrol on 2026-10-01. To be reviewed")
    for language, words in (("en", english), ("es", ("Patrulla a pie", "Business check", "robo con violencia"))):
        out = tmp_path / f"{language}.html"
        command = ["agency", "tactics-sheet", str(tmp_path / "agency"), "--out", str(out), "--language", language]
        result = CliRunner().invoke(roundsman, command, catch_exceptions=False)
        assert result.exit_code == 0
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))  # noqa: B023 - listened to at once
        page.goto(out.as_uri())
        assert all(one in page.inner_text("main") for one in words)
        assert [sheets(page, paper, f"tactics-{language}") for paper in FORMATS] == [1, 1]
        assert [cut(page, paper) for paper in FORMATS] == [[], []]
        assert gray(page) == []
        assert asked == [out.as_uri()]
        page.close()
