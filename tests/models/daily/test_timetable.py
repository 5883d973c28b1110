"""``roundsman models context --previous``: the weekly timetable goes on, and car and headquarters follow it."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.contract.context import ContextDoc, check_context, load_context
from edge.contract.messages import encode
from edge.errors import UserError
from edge.plans.build import build_plan
from edge.plans.child import answer
from edge.plans.scoring import ScoringReply, ScoringRequest
from models.commands import models
from models.daily.context import make_context
from models.daily.timetable import timetables
from models.ingest.incidents import write_incidents
from tests.models.daily.test_commands import incidents
from tests.risk.tiny import Tiny, made_up, tiny_bundle

TODAY = date(2026, 10, 14)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Squaretown's bundle, two days before."""
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), TODAY - timedelta(days=2))


@pytest.fixture(scope="module")
def without(tiny: Tiny) -> ContextDoc:
    """The context of a day, as it was before there were timetables."""
    now = made_up(tiny.agency, TODAY - timedelta(days=1), 3)
    return make_context(tiny.agency, tiny.counts, now, TODAY)


@pytest.fixture(scope="module")
def context(tiny: Tiny, without: ContextDoc) -> ContextDoc:
    """With timetables, the first ones."""
    made = without.model_copy(update={"timetables": timetables(tiny.directory, tiny.agency, without, without)})
    check_context(made, tiny.agency)
    return ContextDoc.model_validate_json(encode(made))


def car(tiny: Tiny, context: ContextDoc, shift: str, district: str = "2") -> ScoringReply:
    """The car's scoring process."""
    assert tiny.agency.public_key is not None
    return answer(
        ScoringRequest(
            directory=tiny.directory, key=tiny.agency.public_key, district=district, shift=shift, context=context,
            context_digest="ab" * 32, draw=True,
        )
    )  # fmt: skip


def test_each_district_has_one_within_its_limits(tiny: Tiny, context: ContextDoc) -> None:
    """Four boxes a shift, seven shifts of the week a box, its own boxes alone, none of an opt-out area."""
    assert [one.district for one in context.timetables] == ["1", "2"]
    boxes = {box.number: box for box in tiny.agency.grid.boxes.values()}
    for one in context.timetables:
        assert max(map(len, one.shifts)) == 4
        often = Counter(number for shift in one.shifts for number in shift)
        assert max(often.values()) <= 7
        assert {boxes[number].district for number in often} == {one.district}
        assert not any(boxes[number].opt_out for number in often)


@pytest.mark.parametrize("ahead", [0, 6, 30])
def test_car_and_headquarters_draw_the_same_plan(
    ahead: int, tiny: Tiny, context: ContextDoc, without: ContextDoc, tmp_path: Path
) -> None:
    """With a timetable, after it has ended, and without any; with one the plan is its shift's, where it holds."""
    shift = f"{TODAY + timedelta(days=ahead)}/day"
    found = []
    for name, doc in (("with", context), ("without", without)):
        path = tmp_path / f"{name}.json"
        path.write_bytes(encode(doc))
        here, there = car(tiny, doc, shift), build_plan(tiny.directory, shift, "2", path, None)
        assert here.computed == there.plan.computed()
        assert there.plan.timetable == (TODAY if name == "with" and ahead < 14 else None)
        found.append(there.plan)
    assert (found[0].inputs == found[1].inputs) == (ahead == 30)
    if ahead < 14:
        at = (TODAY + timedelta(days=ahead)).weekday() * 2
        own = next(one.shifts for one in context.timetables if one.district == "2")
        placed = {number for turn in own for number in turn}
        drawn = {box.number for box in found[0].boxes}
        assert drawn & placed <= set(own[at])
        assert len(drawn & set(own[at])) >= 3


def test_the_next_day_it_goes_on(tiny: Tiny, context: ContextDoc, without: ContextDoc) -> None:
    """Of the same forecasts the same timetable; one of a week with other shifts is no start."""
    again = timetables(tiny.directory, tiny.agency, without, context)
    assert again == context.timetables
    short = context.timetables[0].model_copy(update={"shifts": context.timetables[0].shifts[:7]})
    anew = timetables(tiny.directory, tiny.agency, without, context.model_copy(update={"timetables": (short,)}))
    assert anew == context.timetables


def test_the_command_adds_timetables_to_the_context_before(tmp_path: Path) -> None:
    """The first goes on from a context without; the numbers are printed; another agency's context is refused."""
    tiny = tiny_bundle(tmp_path, date(2026, 9, 21), types=("robbery",))
    write_incidents(incidents(5), tmp_path / "incidents.parquet")

    def run(day: str, out: Path, *more: object) -> str:
        given = ["context", tiny.directory, tmp_path / "incidents.parquet", "--date", day, "--out", out, *more]
        done = CliRunner().invoke(models, [str(one) for one in given])
        if isinstance(done.exception, UserError):
            raise done.exception
        return done.output

    first, second, third = (tmp_path / f"{name}.json" for name in ("first", "second", "third"))
    assert "timetable" not in run("2026-09-25", first)
    said = run("2026-09-26", second, "--previous", first)
    assert "weekly timetable of 1: " in said
    assert load_context(first).timetables == ()
    assert {one.district for one in load_context(second).timetables} == {"1", "2"}
    first.write_bytes(encode(load_context(first).model_copy(update={"agency": "elsewhere"})))
    with pytest.raises(UserError, match=f"{first}: is the context of the agency elsewhere, not of squaretown"):
        run("2026-09-26", third, "--previous", first)
    assert not third.exists()
