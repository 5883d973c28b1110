"""Plans and the context are known again after a restart; one that may not be obeyed is left out with a sentence."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind, Verified
from edge.contract.signed_kinds import CONTEXT as KIND
from edge.domain.inputs import AdoptPlan
from edge.text.coded import CodedError
from edge.text.words import Notice
from tests.contract.samples import CONTEXT, SIGNED_CONTEXT
from tests.signed import at_its_word, stored_in
from tests.vehicle.store.vaults import (
    lived_two_days,
    no_room,
    opened,
    play,
    refused,
    signed,
)
from tests.vehicle.town_shift import as_said, inputs, plan, setting
from tests.words import all_shown, shown


def test_a_plan_that_was_adopted_is_known_one_that_was_only_stored_is_new(
    tmp_path: Path, square_agency: Agency
) -> None:
    """A kill between storing the document and deciding on it: the plan is handed out to be adopted, once."""
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        state, _ = play(vault, setting(square_agency), state, list(inputs(square_agency))[:3])
        newer = plan(square_agency, 2)
        vault.keep_plan(signed(newer), newer)
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert new == [newer]
        state, _ = play(vault, setting(square_agency), state, [AdoptPlan(10.0, newer)])
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert new == []
        assert state.plans == (newer,)


def test_every_plan_that_was_only_stored_survives_until_it_is_adopted(tmp_path: Path, square_agency: Agency) -> None:
    """Several at once, and another restart after the first of them: none of their documents is lost."""
    stored = [
        plan(square_agency),
        plan(square_agency, shift="2026-10-14/night"),
        plan(square_agency, shift="2026-10-15/day"),
    ]
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        play(vault, setting(square_agency), state, list(inputs(square_agency))[:2])
        for one in stored:
            vault.keep_plan(signed(one), one)
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert new == stored
        play(vault, setting(square_agency), state, [AdoptPlan(5.0, new[0])])
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert (list(state.plans), new) == (stored[:1], stored[1:])


def test_an_older_plan_never_replaces_the_newer_one_that_is_kept(tmp_path: Path, square_agency: Agency) -> None:
    """The rules ignore it, so must the disk: else a restart brings back boxes that version 2 had suppressed."""
    newer, older = plan(square_agency, 2), plan(square_agency, 1)
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        given = [*list(inputs(square_agency))[:2], AdoptPlan(2.0, newer), AdoptPlan(3.0, older)]
        before, _ = play(vault, setting(square_agency), state, given)
        assert before.plans == (newer,)
    with opened(tmp_path) as vault:
        after, new = vault.load(as_said)
        assert after.plans == (newer,)
        assert new == []


def test_plans_of_ended_shifts_are_not_taken_for_new(tmp_path: Path, square_agency: Agency) -> None:
    """The rules drop them when a shift begins; a restart must not adopt, and record, them again."""
    rules = setting(square_agency)
    old = plan(square_agency, shift="2026-10-11/day")
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        state, _ = play(vault, rules, state, [*list(inputs(square_agency))[:1], AdoptPlan(0.5, old)])
        state, _ = play(vault, rules, lived_two_days(state), list(inputs(square_agency))[1:4])
        assert [one.shift for one in state.plans] == [plan(square_agency).shift]
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[1] == []


def test_plans_published_ahead_leave_the_one_in_force(tmp_path: Path, square_agency: Agency) -> None:
    """Three weeks ahead: every one is there after a restart, the first of them too."""
    with opened(tmp_path) as vault:
        for day in range(10, 31):
            one = plan(square_agency, shift=f"2026-10-{day}/day")
            vault.keep_plan(signed(one), one)
        kept = [one.shift for one in vault.load(as_said)[1]]
    assert sorted(kept) == [f"2026-10-{day}/day" for day in range(10, 31)]


def test_a_stored_plan_that_may_not_be_obeyed_is_dropped_in_a_sentence(tmp_path: Path, square_agency: Agency) -> None:
    """The agency has opted a box out since, or somebody edited the file: the check is the wire's own."""
    check = stored_in(square_agency, "2")
    with opened(tmp_path) as vault:
        one = plan(square_agency)
        vault.keep_plan(signed(one), one)
        assert vault.load(check)[1] == []
        assert "not used: plan rejected: not signed with this agency's key" in shown(vault.notices[-1])


def test_a_damaged_plan_is_left_out(tmp_path: Path, square_agency: Agency) -> None:
    """A document that somebody edited: the car starts without that plan, and says so."""
    one = plan(square_agency)
    with opened(tmp_path) as vault:
        vault.keep_plan(signed(one), one)
    path = tmp_path / "documents.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"district": "2"', '"dis": "2"'), encoding="utf-8")
    with opened(tmp_path) as vault:
        assert vault.load(as_said)[1] == []
        assert vault.notices


def test_a_plan_out_of_force_is_not_warned_of_once_its_shift_is_long_over(
    tmp_path: Path, square_agency: Agency
) -> None:
    """Such as one by a key that was revoked: each start warned of it, for ever. One of this shift is kept."""
    now = plan(square_agency)
    with opened(tmp_path) as vault:
        for one in (now, replace(now, shift="2026-10-09/night"), replace(now, shift="2026-10-12/night")):
            vault.keep_plan(signed(one), one)
    with opened(tmp_path) as vault:
        state = vault.load(refused)[0]
        assert len(vault.notices) == 3
        play(vault, setting(square_agency), lived_two_days(state), list(inputs(square_agency))[:10])
    with opened(tmp_path) as vault:
        vault.load(refused)
        assert sorted(all_shown(vault.notices)) == [
            f"Saved plan for {shift} {now.district} not used: not signed with this agency's key"
            for shift in ("2026-10-12/night", now.shift)
        ]


@pytest.mark.parametrize("spoil", ["nothing is left", "a version of its own"])
def test_a_stored_plan_that_is_void_shields_nothing(tmp_path: Path, square_agency: Agency, spoil: str) -> None:
    """Somebody edited it: the genuine plan, which the broker retains, takes its place on disk."""
    good, path = plan(square_agency), tmp_path / "documents.json"

    def check(kind: SignedKind[Any], document: Signed) -> Verified[Any]:
        if document.body["version"] != good.version:
            raise CodedError("document.rejected", kind="plan", why=Notice("signature.not_agencys"))
        return as_said(kind, document)

    with opened(tmp_path) as vault:
        vault.keep_plan(signed(good), good)
    text = path.read_text(encoding="utf-8")
    edited = text.replace('"version": 1', '"version": 99') if "version" in spoil else emptied(text)
    path.write_text(edited, encoding="utf-8")
    with opened(tmp_path) as vault:
        assert vault.load(check)[1] == []
        vault.keep_plan(signed(good), good)
    with opened(tmp_path) as vault:
        assert [one.version for one in vault.load(check)[1]] == [good.version]


def emptied(text: str) -> str:
    """The documents with nothing in each stored plan."""
    tables = json.loads(text)
    for documents in tables.values():
        for one in documents.values():
            if one["name"] == "plans":
                one["body"] = {key: {} for key in one["body"]}
    return json.dumps(tables)


def test_the_context_in_force_survives_a_restart(tmp_path: Path) -> None:
    """One that may not be obeyed any more, or cannot be read, is left out with a sentence; at first there is none."""
    with opened(tmp_path) as vault:
        assert vault.load_documents(at_its_word) == []
        vault.keep_document(at_its_word(KIND, SIGNED_CONTEXT))
    with opened(tmp_path) as vault:
        assert [one.body for one in vault.load_documents(at_its_word)] == [CONTEXT]
        assert vault.alarms() == ()
        assert vault.load_documents(refused) == []
        assert all_shown(vault.alarms()) == ["Saved context not used: not signed with this agency's key"]
    with opened(tmp_path) as vault:
        vault.documents.put("context", {"kind": "context"})
        assert vault.load_documents(at_its_word) == []
        assert all_shown(vault.alarms())[-1] == "Saved context not used: it cannot be read"


def test_a_context_that_the_disk_does_not_take_is_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come that day: the screen has one sentence, not one for each."""
    with opened(tmp_path) as vault:
        monkeypatch.setattr(vault.documents, "put", no_room)
        vault.keep_document(at_its_word(KIND, SIGNED_CONTEXT))
        vault.keep_document(at_its_word(KIND, SIGNED_CONTEXT))
        assert all_shown(vault.alarms()) == ["Document context could not be written (No space left on device)."]


def test_a_vehicles_own_plan_hides_no_approved_one(tmp_path: Path, square_agency: Agency) -> None:
    """An approved plan that was stored in the very moment of a crash is new after it, whatever the car had computed."""
    own = replace(plan(square_agency), source="vehicle")
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        state = replace(state, plans=(own,))
        vault.commit((), state)
        vault.keep_plan(signed(plan(square_agency)), plan(square_agency))
    with opened(tmp_path) as vault:
        state, new = vault.load(as_said)
        assert state.plans == ()
        assert [one.source for one in new] == ["approved"]
