"""``roundsman plan …``: a plan is drawn from a bundle's models, explained, and taken where an analyst's is."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edge.agency.build import build_agency
from edge.contract.messages import VisitDoc, Visits, encode
from edge.domain.events import instant
from edge.errors import UserError
from edge.plans.child import answer
from edge.plans.commands import plan
from edge.plans.plan_file import load_plan_file
from edge.plans.record import load_record
from edge.plans.scoring import ScoringRequest
from tests.agency.square import LASTING
from tests.risk import tiny as tiny_town
from tests.risk.tiny import Tiny, tiny_bundle

Run = Callable[..., Result]
SHIFT = "2026-11-22/night"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Squaretown's bundle with small models; the last day counted is the day before the shift's."""
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), date(2026, 11, 21))


@pytest.fixture
def run(tiny: Tiny) -> Run:
    """Run a command of the group; a UserError comes out as it is."""

    def call(*arguments: object, district: str = "1", shift: str = "night") -> Result:
        given = [str(one) for one in arguments]
        if given[0] == "build":
            options = ("--date", "2026-11-22", "--shift", shift, "--district", district)
            given = ["build", str(tiny.directory), *options, *given[1:]]
        result = CliRunner().invoke(plan, given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def built(run: Run, tmp_path: Path) -> Path:
    """A draft with its record beside it."""
    run("build", "--out", tmp_path / "plan.toml")
    return tmp_path / "plan.toml"


def test_a_draft_is_taken_where_an_analyst_plan_is(built: Path, tiny: Tiny, run: Run) -> None:
    """`plan check` takes it: the boxes drawn, each with its crime types and why, policy's prescription."""
    record, taken = load_record(built), load_plan_file(built, tiny.agency)
    assert {patrol.box for patrol in taken.patrols} == {box.box for box in record.drawn}
    assert len(taken.patrols) == 4
    assert all(
        patrol.why and patrol.why_by_model and patrol.crime_types[0] in ("robbery", "gunfire")
        for patrol in taken.patrols
    )
    assert (taken.shift, taken.district, taken.version) == (SHIFT, "1", 1)
    said = run("check", built, "--agency", tiny.directory).output
    assert "4 directed patrols for 2026-11-22/night, district 1" in said


def test_a_plan_says_what_it_could_not_heed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A weight of a type without a model, at the build of the bundle, too; fewer boxes than asked for, and why."""
    monkeypatch.setattr(tiny_town, "PLANNER", tiny_town.PLANNER.replace("max_per_beat = 4", "max_per_beat = 1"))
    town = tiny_town.tiny_bundle(tmp_path, date(2026, 11, 21), types=("robbery",))
    given = ("build", str(town.directory), "--date", "2026-11-22", "--shift", "night", "--district", "1", "--json")
    said = CliRunner().invoke(plan, given).stderr
    assert "note: gunfire: in planner.weights, but without a model, so no box is drawn for it" in said
    assert re.search(
        r"note: 1 of 4 boxes \(boxes_per_shift\): \d+ may be drawn, in 1 beat, and max_per_beat is 1\n", said
    )
    built = build_agency(tmp_path / "agency.toml", tmp_path / "again", risk=tmp_path / "risk", terms=LASTING)
    assert "gunfire: in planner.weights, but without a model, so computed plans draw no box for it" in built.notes


def test_a_plan_says_how_old_its_data_are(built: Path, tiny: Tiny, run: Run) -> None:
    """To the day before the shift's: one day. The draft says it, `plan check` and `plan show` do, the plan keeps it."""
    text = built.read_text(encoding="utf-8")
    assert "data to 2026-11-21 (1 day old)" in text
    assert load_plan_file(built, tiny.agency).data_to == date(2026, 11, 21)
    for command in (
        ("check", built, "--agency", tiny.directory),
        ("show", built),
        ("show", built.with_suffix(".json")),
    ):
        assert "data to 2026-11-21 (1 day old)" in run(*command).output
    built.write_text(text.replace("data_to = 2026-11-21", "data_to = 2026-11-15"), encoding="utf-8")
    assert "data to 2026-11-15 (7 days old)" in run("check", built, "--agency", tiny.directory).output


def test_drafts_prescribe_one_visit_and_say_what_more_would_cost(built: Path, tiny: Tiny, run: Run) -> None:
    """An analyst who writes two or three is told in how many shifts a box's week is used up."""
    assert {box.visits for box in load_record(built).drawn} == {1}
    text = built.read_text(encoding="utf-8")
    assert "# Visits a shift: 1, where a patrol does not say more. 3 visits a shift use up the 7 visits" in text
    check = ("check", built, "--agency", tiny.directory)
    assert "visits a shift" not in run(*check).output
    built.write_text(text.replace("\nwhy = ", "\nvisits = 2\nwhy = ", 1), encoding="utf-8")
    said = run(*check).output
    assert "note: 1 box: 2 visits a shift use up the 7 visits that a box may have in any 7 days in 4 shifts" in said
    assert "with 3 visits a shift, plans keep 41% of the theft" in said


def test_the_same_command_draws_the_same_plan(built: Path, run: Run) -> None:
    """The record is the same to the last byte; the JSON printed is it."""
    printed = run("build", "--json").stdout
    assert printed.encode() == built.with_suffix(".json").read_bytes()


def test_a_car_without_a_plan_draws_the_very_same_one(built: Path, tiny: Tiny) -> None:
    """The vehicle's scoring process, asked for the shift: same seed, inputs, boxes and probabilities."""
    request = ScoringRequest(
        directory=tiny.directory,
        district="1",
        shift=SHIFT,
        key=tiny.agency.public_key,
        context=None,
        context_digest="",
        draw=True,
    )
    record, computed = load_record(built), answer(request).computed
    assert computed is not None
    assert (computed.seed, computed.inputs) == (record.seed, record.inputs)
    assert computed.boxes == tuple((box.box, box.probability) for box in record.drawn)


def test_the_record_has_every_box_with_its_probability(built: Path) -> None:
    """Those of the district, drawn or not; probabilities add up to the boxes drawn, and opted out ones have none."""
    record = load_record(built)
    assert sum(box.probability for box in record.boxes) == 4_000_000
    assert {box.state for box in record.boxes} >= {"eligible", "opt_out"}
    assert all(not box.probability for box in record.boxes if box.state != "eligible")
    assert [row.approver for row in record.weights] == ["council's safety committee", "chief of analysis"]


def test_show_prints_the_plan_as_drawn_and_as_edited(built: Path, run: Run) -> None:
    """Of the record the table of the draw; of a draft what an analyst added and suppressed, too."""
    record = load_record(built)
    first = record.drawn[0]
    drawn = run("show", built.with_suffix(".json")).output
    assert first.box in drawn
    assert "gunfire 2.5 (community)" in drawn
    added = next(box for box in record.boxes if box.state != "opt_out" and not box.drawn)
    more = f'\n[[patrols]]\nbox = "{added.box}"\ncrime_types = ["theft"]\nsuppressed = "works there"\n'
    built.write_text(built.read_text(encoding="utf-8") + more, encoding="utf-8")
    lines = run("show", built).output.splitlines()
    assert f"{first.probability / 1e4:.1f}%" in next(line for line in lines if f" {first.number} " in line)
    assert lines[-1].split() == [added.box, "added", "theft;", "SUPPRESSED:", "works", "there"]


def test_show_prints_a_plan_that_was_written_by_hand(tmp_path: Path, run: Run) -> None:
    """Without a record beside it."""
    (tmp_path / "own.toml").write_text('district = "1"\n[[patrols]]\nnumber = 4\ncrime_types = ["theft"]\n')
    assert run("show", tmp_path / "own.toml").output.splitlines()[-1].split() == ["4", "-", "theft"]
    (tmp_path / "none.toml").write_text("")
    with pytest.raises(UserError, match=r"contains no \[\[patrols\]\]"):
        run("show", tmp_path / "none.toml")


def test_explain_says_why_a_box_was_drawn(built: Path, run: Run) -> None:
    """Probability, each type's part with its weights, who approved them and when, and the model's groups."""
    record = load_record(built)
    drawn = record.drawn[0]
    said = run("explain", built, drawn.number).output
    assert f"DRAWN; its probability was {drawn.probability / 1e4:.1f}%" in said
    assert "weight 2.5 by the community, approved by council's safety committee on 2026-01-05" in said
    assert "of the average box: " in said
    assert f"{drawn.types[0].units / 1e6:.4f} expected" in said


def test_explain_says_why_a_box_was_not_drawn(built: Path, run: Run, tmp_path: Path) -> None:
    """Opted out; or in the draw, which fell on others."""
    record = load_record(built)
    opted = next(box for box in record.boxes if box.state == "opt_out")
    assert "NOT IN THE DRAW: it touches an opt-out area" in run("explain", built, opted.box).output
    day = tmp_path / "day.toml"
    run("build", "--out", day, shift="day")
    other = next(box for box in load_record(day).boxes if box.state == "eligible" and not box.drawn)
    assert "not drawn; its probability was" in run("explain", day, other.box).output
    with pytest.raises(UserError, match="box '9999' is not in the plan's district 1; give one"):
        run("explain", built, 9999)


def test_visits_of_the_week_keep_a_box_out(built: Path, tiny: Tiny, run: Run, tmp_path: Path) -> None:
    """Seven counted visits in the vehicles' messages, one a line: the box is at its cap, and says so."""
    drawn = load_record(built).drawn[0]
    starts = tiny.agency.calendar.shift(SHIFT).starts

    def visits(unit: str, count: int) -> bytes:
        opened = [starts - (1 + place) * 40_000.0 for place in range(count)]
        each = tuple(
            VisitDoc(
                id=f"{unit}:{place}",
                box=drawn.box,
                shift="2026-11-20/day",
                opened=instant(at),
                ended=instant(at + 900.0),
                dosage_s=900.0,
                counted=True,
                early=False,
            )
            for place, at in enumerate(opened)
        )
        return encode(Visits(unit=unit, shift=None, visits=each))

    (tmp_path / "visits.jsonl").write_bytes(visits("car-1", 4) + b"\n" + visits("car-2", 3) + b"\n")
    record = json.loads(run("build", "--json", "--visits", tmp_path / "visits.jsonl").stdout)
    box = next(one for one in record["boxes"] if one["number"] == drawn.number)
    assert (box["state"], box["in_7_days"], box["drawn"]) == ("cap_7_days", 7, False)
    (tmp_path / "visits.jsonl").write_bytes(b"\n{}")
    with pytest.raises(UserError, match=r"visits.jsonl: line 2: not a Visits message"):
        run("build", "--json", "--visits", tmp_path / "visits.jsonl")
    with pytest.raises(UserError, match="one per line"):
        run("build", "--json", "--visits", tmp_path / "nowhere")


def test_visits_that_cannot_be_so_keep_no_box_out(built: Path, tiny: Tiny, run: Run, tmp_path: Path) -> None:
    """Seven of one car in the same minute are one."""
    drawn = load_record(built).drawn[0]
    opened = instant(tiny.agency.calendar.shift(SHIFT).starts - 40_000.0)
    each = tuple(
        VisitDoc(
            id=f"car-9:x:{number}", box=drawn.box, shift="2026-11-20/day", opened=opened, ended=None, dosage_s=900.0,
            counted=True, early=False,
        )
        for number in range(7)
    )  # fmt: skip
    (tmp_path / "visits.jsonl").write_bytes(encode(Visits(unit="car-9", shift=None, visits=each)))
    record = json.loads(run("build", "--json", "--visits", tmp_path / "visits.jsonl").stdout)
    box = next(one for one in record["boxes"] if one["number"] == drawn.number)
    assert (box["in_7_days"], box["drawn"]) == (1, True)


def test_what_an_analyst_may_have_edited_is_not_overwritten(built: Path, run: Run) -> None:
    """Neither draft nor record; a draft is a .toml."""
    with pytest.raises(UserError, match="already exists and may have been edited"):
        run("build", "--out", built)
    built.unlink()
    with pytest.raises(UserError, match=r"plan\.json: already exists"):
        run("build", "--out", built)
    with pytest.raises(UserError, match=r"a draft plan must be a \.toml file"):
        run("build", "--out", built.with_name("plan.txt"))


def test_mistakes_are_told(run: Run, tmp_path: Path) -> None:
    """No output named, unknown district, shift or record."""
    with pytest.raises(UserError, match="give --out with the draft to write"):
        run("build")
    with pytest.raises(UserError, match="Squaretown has no district or unit '9'; it has 1, 2"):
        run("build", "--json", district="9")
    with pytest.raises(UserError, match="no shift 'noon'"):
        run("build", "--json", shift="noon")
    with pytest.raises(UserError, match="writes it next to the plan"):
        run("explain", tmp_path / "nowhere.toml", 1)
    (tmp_path / "odd.json").write_text("{}")
    with pytest.raises(UserError, match=r"odd\.json: not a plan record"):
        run("show", tmp_path / "odd.json")
