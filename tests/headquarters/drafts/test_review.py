"""A draft's way: drawn, edited, approved; of two analysts at once the second is refused, and shown both edits."""

from dataclasses import replace
from typing import Any

import pytest

from edge.contract.messages import PlanDoc, Signed
from edge.domain.grid import Box
from edge.errors import UserError
from edge.headquarters.drafts.building import build_drafts
from edge.headquarters.drafts.review import ClashError, Reviewed, approve, edit, look
from edge.headquarters.drafts.words import chance, draft_words
from edge.headquarters.store import DraftEdit, Store
from tests.headquarters.drafts.conftest import AREA, BEFORE, DAY, NIGHT, an_edit
from tests.headquarters.publish.desk import Desk
from tests.risk.tiny import Tiny


def seen(store: Store, tiny: Tiny) -> Reviewed:
    """The night's draft as it stands."""
    return look(store, tiny.agency, NIGHT, AREA, BEFORE)


def a_free_box(store: Store, tiny: Tiny) -> Box:
    """A box of the district that the draft has not."""
    drawn = {patrol.cell for patrol in seen(store, tiny).plan.patrols}
    boxes = tiny.agency.grid.boxes.values()
    return next(box for box in boxes if box.district == AREA and not box.opt_out and box.cell not in drawn)


def test_every_shift_and_area_of_a_date_has_a_draft(built: Store, tiny: Tiny) -> None:
    """Each as `plan build` draws it, with the record of its draw."""
    assert {(one.shift, one.area) for one in built.drafts("2026-11-22")} == {
        (f"2026-11-22/{rule.name}", area) for rule in tiny.agency.calendar.rules for area in tiny.agency.areas
    }
    found = seen(built, tiny)
    assert [patrol.box for patrol in found.plan.patrols] == [box.box for box in found.record.drawn]
    assert built.drafts("2026-11-23") == []


def test_built_twice_is_the_same(built: Store, tiny: Tiny) -> None:
    """Nothing of a draft changes, not its edition either."""
    before = built.drafts("")
    list(build_drafts(built, tiny.directory, tiny.agency, DAY, BEFORE + 60))
    assert built.drafts("") == before


def test_an_edited_draft_is_not_built_over(built: Store, tiny: Tiny) -> None:
    """It stays, and that is said of it; a draft that nobody has edited is replaced, and is another edition."""
    first, *rest = built.drafts("")
    own = next(one for one in rest if (one.shift, one.area) == (NIGHT, AREA)) if first.shift != NIGHT else first
    box = seen(built, tiny).plan.patrols[0].box
    edit(built, tiny.agency, an_edit("suppress", box))
    assert not built.put_draft(replace(own, plan="other"))
    assert len(seen(built, tiny).edits) == 1
    other = next(one for one in built.drafts("") if one.area != AREA or one.shift != NIGHT)
    assert built.put_draft(replace(other, plan="other"))
    held = built.draft(other.shift, other.area)
    assert held is not None
    assert (held.plan, held.edition) == ("other", 2)


def test_edits_come_to_a_plan_that_is_published(built: Store, tiny: Tiny, desk: Desk) -> None:
    """Suppress, add, change, approve: what the cars get is what the analyst saw; then nothing is left to approve."""
    agency, (first, second, *_) = tiny.agency, seen(built, tiny).plan.patrols
    new = a_free_box(built, tiny)
    edit(built, agency, an_edit("suppress", first.box))
    edit(built, agency, an_edit("add", new.id, 3, '{"crime_types": ["robbery"], "minutes": 10}', reason="a request"))
    found = edit(built, agency, an_edit("change", second.box, 4, '{"visits": 2}'))
    assert found.approved is None
    stored = approve(built, agency, desk.key, desk, an_edit("approve", "", 5))
    (payload,) = desk.retained.values()
    doc = PlanDoc.model_validate(Signed.model_validate_json(payload).body)
    plan = doc.value(stored.digest)
    assert (doc.version, doc.role, plan.data_to) == (1, "analyst", found.plan.data_to)
    assert plan.patrols == found.plan.patrols
    by_box = {patrol.box: patrol for patrol in plan.patrols}
    assert by_box[first.box].suppressed == "a crowd is expected"
    assert (by_box[new.id].why, by_box[new.id].prescription.minutes) == ("a request", 10)
    assert by_box[second.box].prescription.visits == 2
    assert seen(built, tiny).approved == 1
    edit(built, agency, an_edit("add", first.box, 6, '{"crime_types": ["theft"]}', reason="the crowd stayed away"))
    assert seen(built, tiny).approved is None
    assert approve(built, agency, desk.key, desk, an_edit("approve", "", 7)).version == 2
    assert built.plans(NIGHT)[-1].version == 2


def test_the_second_of_two_analysts_is_refused_and_shown_both(built: Store, tiny: Tiny, desk: Desk) -> None:
    """Theirs and ours stand in the sentence; nothing of ours is stored or approved."""
    first, second, *_ = seen(built, tiny).plan.patrols
    edit(built, tiny.agency, an_edit("suppress", first.box, reason="road closed"))
    with pytest.raises(ClashError) as caught:
        edit(built, tiny.agency, an_edit("suppress", second.box, account="b.jones"))
    said = str(caught.value)
    number = {box.id: box.number for box in tiny.agency.grid.boxes.values()}
    assert f"theirs: 2026-11-18 11:06 UTC a.smith (analyst): suppress box {number[first.box]}: road closed" in said
    assert "b.jones" in said
    assert f"suppress box {number[second.box]}: a crowd is expected" in said
    with pytest.raises(ClashError):
        approve(built, tiny.agency, desk.key, desk, an_edit("approve", ""))
    assert desk.retained == {}
    assert [one.account for one in seen(built, tiny).edits] == ["a.smith"]


def test_an_approval_that_no_broker_takes_is_none(built: Store, tiny: Tiny, desk: Desk) -> None:
    """The draft is as it was, and may be approved when the broker is back."""
    desk.refuses = True
    with pytest.raises(UserError, match="not confirmed"):
        approve(built, tiny.agency, desk.key, desk, an_edit("approve", ""))
    assert (seen(built, tiny).approved, seen(built, tiny).draft.edition) == (None, 1)
    desk.refuses = False
    assert approve(built, tiny.agency, desk.key, desk, an_edit("approve", "")).version == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": "no"}, "must have 3 to 200 characters, and has 2"),
        ({"expires": BEFORE + 60}, "the edit would be over before the shift 2026-11-22/night begins"),
        ({"made": BEFORE + 40 * 86400}, "is over"),
        ({"given": '{"visits": 9}'}, "more than the agency's cap of 3 visits"),
        ({"given": '{"minutes": 500}'}, "minutes: must be 120 or less"),
        ({"given": '{"tactics": ["arrest"]}'}, "'arrest' is not in the agency's list of tactics"),
    ],
)
def test_an_edit_that_may_not_be_made_leaves_the_draft_as_it_is(
    more: dict[str, Any], said: str, built: Store, tiny: Tiny
) -> None:
    """One sentence, nothing stored; what a plan file may not have a draft may not have either."""
    with pytest.raises(UserError, match=said):
        edit(built, tiny.agency, an_edit("change", seen(built, tiny).plan.patrols[0].box, **more))
    assert (seen(built, tiny).draft.edition, seen(built, tiny).edits) == (1, ())


def test_boxes_that_may_not_be_added_or_suppressed(built: Store, tiny: Tiny) -> None:
    """An opted-out box, one of another district, one that is there, one that is not, one that is suppressed."""
    boxes = tiny.agency.grid.boxes.values()
    opted = next(box for box in boxes if box.opt_out and box.district == AREA)
    far = next(box for box in boxes if not box.opt_out and box.district != AREA)
    own, types = seen(built, tiny).plan.patrols[0].box, '{"crime_types": ["theft"]}'

    def refused(new: DraftEdit) -> str:
        with pytest.raises(UserError) as caught:
            edit(built, tiny.agency, new)
        return str(caught.value)

    assert "opt-out area" in refused(an_edit("add", opted.id, given=types))
    assert f"in district {far.district}" in refused(an_edit("add", far.id, given=types))
    assert "in the draft already; change it instead" in refused(an_edit("add", own, given=types))
    assert "is not in the draft; add it first" in refused(an_edit("suppress", a_free_box(built, tiny).id))
    edit(built, tiny.agency, an_edit("suppress", own))
    assert "is suppressed in the draft; add it first" in refused(an_edit("change", own, 3, '{"visits": 2}'))


def test_an_edit_lapses_when_it_expires(built: Store, tiny: Tiny) -> None:
    """From then on the draft is without it."""
    box, starts = seen(built, tiny).plan.patrols[0].box, tiny.agency.calendar.shift(NIGHT).starts
    edit(built, tiny.agency, an_edit("suppress", box, expires=starts + 3600))
    listed = [look(built, tiny.agency, NIGHT, AREA, now).plan.patrols[0].suppressed for now in (BEFORE, starts + 3600)]
    assert listed == ["a crowd is expected", None]


def test_an_area_without_weights_fails_alone(store: Store, tiny: Tiny) -> None:
    """What is wrong is said of it; the others have their drafts."""
    own = [row.model_copy(update={"district": "1"}) for row in tiny.agency.planner.weights]
    agency = replace(tiny.agency, planner=tiny.agency.planner.model_copy(update={"weights": tuple(own)}))
    outcomes = {(one.area, one.outcome) for one in build_drafts(store, tiny.directory, agency, DAY, BEFORE)}
    assert outcomes == {("1", "built"), *((area, "failed") for area in agency.areas if area != "1")}


def test_a_draft_says_what_risk_means(built: Store, tiny: Tiny) -> None:
    """In numbers that one can picture, with what the caps leave."""
    lines = list(draft_words(seen(built, tiny), tiny.agency))
    assert lines[0] == "draft for 1, shift 2026-11-22/night: edition 1, not approved"
    assert any("about one in " in line and "3 visits left this shift, 7 in 7 days" in line for line in lines)
    assert [chance(units) for units in (0, 10_000, 1_500_000)] == [
        "none expected", "about one in 100 such shifts", "about 1.5 every such shift",
    ]  # fmt: skip
