"""Two officers in one car: a report names both, and the car's minutes count once."""

from dataclasses import replace

from edge.contract.agency import Agency
from edge.domain.events import Segment, VisitCounted
from tests.headquarters.ledgers import Ledger
from tests.headquarters.reports.by_hand import BOX, closed, csv_of, opened, report, the_unit


def test_both_are_named_and_their_minutes_count_once(square_agency: Agency) -> None:
    """0–20: 117 alone for 5 min, then with 204: 20 min of dosage, the car's, the box's and the report's."""
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(1, VisitCounted(visit, BOX))
    parts = (Segment("117", 300.0), Segment("117", 900.0, "204"))
    ledger.add(20, closed(visit, 0, 20, 20.0, segments=parts))
    ledger.events[-1] = replace(ledger.events[-1], second="204")
    made = report(square_agency, ledger)
    unit = the_unit(made)
    (line,) = unit.visits
    assert [(part.officer, part.seconds) for part in line.officers] == [("117", 300.0), ("117+204", 900.0)]
    assert unit.officers == ("117", "204")
    assert (line.dosage_s, made.totals.dosage_s, made.boxes[0].dosage_vehicle_s) == (1200.0, 1200.0, 1200.0)
    (row,) = [row for row in csv_of(square_agency, made) if row["officers"]]
    assert row["officers"] == "117:5.00 117+204:15.00"
