"""The Shift Report as CSV and JSON: the same figures, plain values, and nothing that a spreadsheet computes."""

import json

import pytest

from edge.contract.agency import Agency
from edge.domain.events import (
    TacticUsed,
)
from edge.headquarters.reports.shift_report import as_json
from tests.headquarters.ledgers import Ledger
from tests.headquarters.reports.by_hand import BOX, OTHER, a_visit, closed, csv_of, opened, report


def test_csv_has_a_row_for_each_visit_and_stay(square_agency: Agency) -> None:
    """The minutes of its rows add up to the report's totals."""
    ledger = Ledger()
    a_visit(ledger, 0, 15)
    a_visit(ledger, 200, 215, OTHER)
    known = next(box for box in square_agency.grid.boxes.values())
    a_visit(ledger, 300, 315, known.id)
    made = report(square_agency, ledger)
    found = csv_of(square_agency, made)
    assert [(row["kind"], row["box"], row["number"], row["minutes"]) for row in found] == [
        ("visit", BOX, "", "15.00"),
        ("presence", BOX, "", "15.00"),
        ("visit", OTHER, "", "15.00"),
        ("presence", OTHER, "", "15.00"),
        ("visit", known.id, str(known.number), "15.00"),
        ("presence", known.id, str(known.number), "15.00"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "@x",
            "-x",
            "\tx",
            "\rx",
            " =1",
            "\n=1",
            "\u00a0=1",
            "\u3000=1",
            "\t =1",
            "\u200b=1",
            "\ufeff=1",
        ),
        *(
            "\uff1d1",
            "\uff0b1",
            "\uff0d1",
            "\uff20x",
            " \uff1d1",
            "\ufe661",
            "\ufe62x",
            "\ufe63x",
            "\ufe6bx",
            "\u22121",
        ),
        *("\u202e=1", "\x00=1", "\x1b=1", "\u0301=1"),
    ],
)
def test_csv_cells_are_no_formulas(text: str, square_agency: Agency) -> None:
    """A spreadsheet must not compute what a vehicle sent."""
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(1, TacticUsed(visit, BOX, text))
    ledger.add(15, closed(visit, 0, 15, 15.0))
    (row,) = csv_of(square_agency, report(square_agency, ledger))
    assert row["tactics"].startswith("'")


@pytest.mark.parametrize("text", ["foot-patrol", " a=b", "1-2", "7 + 1", "'=1", "", "Ünïcode", "北"])
def test_csv_cells_of_other_text_are_as_they_are(text: str, square_agency: Agency) -> None:
    """Nothing is changed that is no formula."""
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(1, TacticUsed(visit, BOX, text))
    ledger.add(15, closed(visit, 0, 15, 15.0))
    (row,) = csv_of(square_agency, report(square_agency, ledger))
    assert row["tactics"] == f"{text}:14.00"


def test_json_has_instants_with_z(square_agency: Agency) -> None:
    """Every value is plain JSON."""
    ledger = Ledger()
    a_visit(ledger, 0, 15)
    plain = json.loads(json.dumps(as_json(report(square_agency, ledger))))
    assert plain["units"][0]["visits"][0]["opened"] == "2026-11-23T04:00:00.000Z"
