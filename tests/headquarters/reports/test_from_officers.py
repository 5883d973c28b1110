"""What officers say, at headquarters: visits of their own choice, pauses that were over before, feedback on boxes."""

import json
from pathlib import Path
from typing import get_args

from edge.contract.agency import Agency
from edge.domain.events import (
    BoxFeedback,
    BoxSkipped,
    Feedback,
    MeteringPaused,
    MeteringResumed,
    PauseReason,
    PresenceRecorded,
    ResumeBackdated,
    SelfTasked,
    SkipReason,
    TaskReason,
    Unknown,
    VisitCounted,
)
from edge.headquarters.console.shift_page import shift_page
from edge.headquarters.console.wording import Wording
from edge.headquarters.receive.projecting import rebuild
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports import feedback
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.reading import Cover
from edge.headquarters.reports.register import Question
from edge.headquarters.reports.shift_report import as_json
from edge.headquarters.store import Store
from tests.headquarters.ledgers import NIGHT, TOPICS, Ledger, at
from tests.headquarters.reports.by_hand import BOX, OTHER, a_visit, closed, csv_of, opened, report, the_unit


def self_tasked(ledger: Ledger, began: float, ended: float, box: str = BOX) -> None:
    """A visit of the officer's own choice, as a car records it: early, so that older software fulfils nothing by it."""
    visit = ledger.add(began, opened(began, box, early=True)).id
    ledger.add(began, SelfTasked(visit, box, "request"))
    ledger.add(began + 1, VisitCounted(visit, box))
    ledger.add(ended, closed(visit, began, ended, ended - began, box=box, early=True))


def texts(made: ShiftReport, agency: Agency) -> str:
    """Every text of the Shift Report's page."""
    cover = Cover(agency.name, at(0), True, (), (), 0, ())
    shown = shift_page(made, cover, agency, ())
    return " ".join(str(one) for one in (*shown["tiles"], *shown["units"], shown["boxes"], *shown["notes"]))


def test_a_self_tasked_visit_is_marked_and_fulfils_no_prescription(square_agency: Agency) -> None:
    """15 min in a box of the plan's: counted 1, done 0 of 2; its minutes are dosage; it is not called early."""
    ledger = Ledger()
    self_tasked(ledger, 0, 15)
    made = report(square_agency, ledger)
    (line,) = the_unit(made).visits
    assert (line.tasked, line.early, line.counted, line.dosage_s) == ("request", False, True, 900.0)
    box = made.boxes[0]
    assert (box.box, box.counted, box.done, box.met) == (BOX, 1, 0, False)
    assert (made.totals.counted, made.totals.tasked, made.totals.dosage_s) == (1, 1, 900.0)
    assert as_json(made)["units"][0]["visits"][0]["tasked"] == "request"
    assert [row["self_tasked"] for row in csv_of(square_agency, made) if row["kind"] == "visit"] == ["request"]
    page = texts(made, square_agency)
    assert "self-tasked: resident" in page
    assert "1 self-tasked" in page


def test_a_pause_ends_when_the_officer_says_it_was_over(square_agency: Agency) -> None:
    """On a call from 10; back at 30, said at 50: 20 min paused; presence from 30 to 50 is presence, without dosage."""
    ledger = Ledger()
    ledger.add(10, MeteringPaused("call"))
    ledger.add(50, PresenceRecorded(BOX, at(30), at(50), 1200.0, at_cap=False))
    ledger.add(50, MeteringResumed(2400.0))
    ledger.add(50, ResumeBackdated(at(30), 1200.0))
    a_visit(ledger, 60, 75, OTHER)
    made = report(square_agency, ledger)
    unit = the_unit(made)
    assert [(one.kind, one.began, one.ended, one.tapped) for one in unit.spans] == [("paused", at(10), at(30), at(50))]
    assert (made.totals.paused_s, made.totals.presence_s, made.totals.dosage_s) == (1200.0, 2100.0, 900.0)
    span = as_json(made)["units"][0]["spans"][0]
    assert (span["ended"], span["tapped"]) == ("2026-11-23T04:30:00.000Z", "2026-11-23T04:50:00.000Z")
    (pause,) = [row for row in csv_of(square_agency, made) if row["kind"] == "pause"]
    assert (pause["minutes"], pause["reason"], pause["tapped"]) == ("20.00", "call", "2026-11-23T04:50:00.000Z")
    page = texts(made, square_agency)
    assert "backdated; tapped at 22:50" in page
    assert "no dosage is added" in page


def test_a_visit_opened_by_the_resume_does_not_hide_the_word(square_agency: Agency) -> None:
    """The car stands in a box of the plan: the visit opens at the tap, before the record that says since when."""
    ledger = Ledger()
    ledger.add(10, MeteringPaused("call"))
    ledger.add(50, MeteringResumed(2400.0))
    ledger.add(50, opened(50))
    ledger.add(50, ResumeBackdated(at(30), 1200.0))
    assert [one.ended for one in the_unit(report(square_agency, ledger)).spans] == [at(30)]


def test_no_word_makes_a_pause_longer_or_begin_before(square_agency: Agency) -> None:
    """Whatever a ledger says; and a word without a pause is none."""
    for since, ended in ((5, 10), (70, 50)):
        ledger = Ledger()
        ledger.add(10, MeteringPaused("call"))
        ledger.add(50, MeteringResumed(2400.0))
        ledger.add(60, ResumeBackdated(at(since), 0.0))
        ledger.add(61, ResumeBackdated(at(20), 0.0))
        spans = the_unit(report(square_agency, ledger)).spans
        assert [one.ended for one in spans] == ([at(ended)] if ended > 10 else [])
    alone = Ledger()
    alone.add(60, ResumeBackdated(at(20), 0.0))
    assert the_unit(report(square_agency, alone)).spans == ()


def test_feedback_and_skips_are_listed_and_stand_beside_their_box(square_agency: Agency) -> None:
    """Passing over a box for the next one says nothing of it."""
    ledger = Ledger()
    ledger.add(5, BoxFeedback(BOX, "quiet"))
    ledger.add(6, BoxFeedback("40-40", "wrong_hour"))
    ledger.add(7, BoxSkipped(BOX, "road_closed", at(67)))
    ledger.add(8, BoxSkipped(BOX, "next", at(23)))
    ledger.add(9, BoxFeedback(BOX, Unknown("too_dark")))
    made = report(square_agency, ledger)
    unit = the_unit(made)
    assert [(one.box, one.kind, one.remark) for one in unit.remarks] == [
        (BOX, "feedback", "quiet"),
        ("40-40", "feedback", "wrong_hour"),
        (BOX, "skip", "road_closed"),
        (BOX, "feedback", "too_dark"),
    ]
    assert made.boxes[0].said == (("quiet", 1), ("road_closed", 1), ("too_dark", 1))
    assert [row["reason"] for row in csv_of(square_agency, made)] == ["quiet", "wrong_hour", "road_closed", "too_dark"]
    assert as_json(made)["units"][0]["remarks"][0]["remark"] == "quiet"
    page = texts(made, square_agency)
    assert "22:05 box 10-20: quiet" in page
    assert "skipped: road closed" in page
    assert "other: too_dark" in page


def test_words_of_newer_software_are_other(square_agency: Agency) -> None:
    """A reason that is not known here."""
    assert Wording(square_agency).task("full_moon") == "self-tasked: other: full_moon"


def test_every_reason_has_its_words(square_agency: Agency) -> None:
    """Of a pause, of a visit of one's own choice, of a skip, and each feedback: none of ours is "other"."""
    say = Wording(square_agency)
    texts = [
        *(say.span("paused", one) for one in get_args(PauseReason)),
        *(say.task(one) for one in get_args(TaskReason)),
        *(say.remark(one) for one in (*get_args(Feedback), *get_args(SkipReason))),
    ]
    assert not [text for text in texts if "other:" in text or "_" in text]
    assert "Paused: backing up" in texts


def _fleet() -> list[Ledger]:
    one, two = Ledger(), Ledger(unit="car-2", id="ledger-b")
    self_tasked(one, 0, 15)
    one.add(20, BoxFeedback(BOX, "quiet"))
    one.add(30, MeteringPaused("call"))
    one.add(50, MeteringResumed(1200.0))
    one.add(50, ResumeBackdated(at(40), 600.0))
    two.add(21, BoxFeedback(BOX, "quiet"))
    two.add(22, BoxSkipped(BOX, "crowd", at(82)))
    two.add(23, BoxFeedback(OTHER, "blocked"))
    two.shift = "2026-11-23/day"
    two.add(500, BoxFeedback(BOX, "wrong_hour"))
    return [one, two]


def test_analysts_see_feedback_by_box_and_shift_of_the_day(square_agency: Agency, tmp_path: Path) -> None:
    """Of some days, what was said most first; as JSON and as a table."""
    with Store(tmp_path / "hq.sqlite") as store:
        receiver = Receiver(store, TOPICS, NIGHT.timestamp)
        for ledger in _fleet():
            receiver.handle(ledger.messages())
        values = {"since": "2026-11-22", "until": "2026-11-23"}
        made = feedback.REPORT.make(Question(store, square_agency, NIGHT.timestamp(), values))
        shown = [
            (row["box"], row["shift"], row["wrong_hour"], row["quiet"], row["blocked"], row["skipped"])
            for row in feedback.REPORT.rows(made, square_agency)
        ]
        assert shown == [
            (BOX, "night", 0, 2, 0, 1),
            (BOX, "day", 1, 0, 0, 0),
            (OTHER, "night", 0, 0, 1, 0),
        ]
        assert json.loads(json.dumps(feedback.REPORT.document(made)))["boxes"][0]["quiet"] == 2
        only = feedback.REPORT.make(Question(store, square_agency, NIGHT.timestamp(), values | {"since": "2026-11-23"}))
        assert [one.box for one in only.lines] == [BOX]


def test_made_anew_the_rows_are_the_same(tmp_path: Path) -> None:
    """`hq rebuild` finds no difference, in whatever batches the records came."""
    with Store(tmp_path / "hq.sqlite") as store:
        receiver = Receiver(store, TOPICS, NIGHT.timestamp)
        for ledger in _fleet():
            for message in ledger.messages():
                receiver.handle([message])
        assert any(row[0] == "box_remarks" for row in store.stored_rows("car-2", "ledger-b"))
        assert [one.differing for one in rebuild(store)] == [0, 0]
