"""Changes from cars, as analysts see them: in the Shift Report of their car, and in a list of their own."""

from pathlib import Path

from edge.contract.agency import Agency
from edge.domain.events import BoxFeedback, PatrolAdded, PatrolSuppressed
from edge.headquarters.console.wording import Wording
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports import changes, feedback
from edge.headquarters.reports.register import Question
from edge.headquarters.store import Store
from tests.headquarters.ledgers import NIGHT, SHIFT, TOPICS, Ledger, at
from tests.headquarters.reports.by_hand import BOX, OTHER, a_visit, csv_of, report, the_unit


def changed() -> Ledger:
    """A supervisor adds a box and suppresses another; an officer says something of a third."""
    ledger = Ledger()
    a_visit(ledger, 0, 20)
    ledger.add(21, PatrolAdded(SHIFT, OTHER, ("theft",), "recent_crime", "supervisor", at(90), "ab" * 32))
    ledger.add(22, PatrolSuppressed(SHIFT, BOX, "unsafe", "analyst", at(90), "ab" * 32))
    ledger.add(23, BoxFeedback("12-20", "quiet"))
    return ledger


def test_the_shift_report_lists_them_with_role_and_reason(square_agency: Agency) -> None:
    made = report(square_agency, changed())
    said = [(one.box, one.kind, one.remark) for one in the_unit(made).remarks]
    assert said[:2] == [
        (OTHER, "change", "added.supervisor.recent_crime"),
        (BOX, "change", "suppressed.analyst.unsafe"),
    ]
    say = Wording(square_agency)
    assert [say.remark(remark) for _, _, remark in said] == [
        "added by supervisor: recent crime", "suppressed by analyst: unsafe", "quiet",
    ]  # fmt: skip
    assert say.remark("added.chief.x") == "other: added.chief.x"
    assert [row["reason"] for row in csv_of(square_agency, made) if row["kind"] == "change"] == [
        "added.supervisor.recent_crime", "suppressed.analyst.unsafe",
    ]  # fmt: skip


def test_analysts_have_a_list_of_them(square_agency: Agency, tmp_path: Path) -> None:
    """The newest first; they are no feedback."""
    values = {"since": "2026-11-01", "until": "2026-11-30"}
    with Store(tmp_path / "hq.sqlite") as store:
        Receiver(store, TOPICS, at(60).timestamp).handle(changed().messages())
        question = Question(store, square_agency, NIGHT.timestamp(), values)
        found = [
            (row["unit"], row["box"], row["what"], row["role"], row["reason"], row["shift"])
            for row in changes.REPORT.rows(changes.REPORT.make(question), square_agency)
        ]
        heard = [row["box"] for row in feedback.REPORT.rows(feedback.REPORT.make(question), square_agency)]
    assert found == [
        ("car-1", BOX, "suppressed", "analyst", "unsafe", SHIFT),
        ("car-1", OTHER, "added", "supervisor", "recent_crime", SHIFT),
    ]
    assert heard == ["12-20"]
