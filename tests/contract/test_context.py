"""A context: what may stand in it, and whether it may be obeyed."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc, GunfireDoc, load_context
from edge.contract.messages import PlanDoc, Signed, encode, to_sign
from edge.contract.signed_documents import read_body, verify_here
from edge.contract.signed_kinds import CONTEXT as KIND
from edge.contract.signed_kinds import PLAN
from edge.contract.signing import public_key_of, sign
from edge.domain.events import instant
from edge.errors import UserError
from tests.contract.samples import CONTEXT, SIGNED_CONTEXT
from tests.vehicle.town_shift import UTC, plan

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def agency(square_agency: Agency) -> Agency:
    return replace(square_agency, public_key=public_key_of(KEY))


def good() -> ContextDoc:
    """A context that Squaretown's vehicles obey."""
    return CONTEXT.model_copy(update={"gunfire": (GunfireDoc(box=12, at=instant(UTC)),)})


def signed(body: dict[str, Any], kind: str = "context", as_kind: Any = "context") -> Signed:
    """A body, signed as a kind."""
    return Signed(kind=as_kind, body=body, signature=sign(KEY, to_sign(kind, body)))


def changed(**what: Any) -> dict[str, Any]:
    """The good context's body with some fields changed."""
    return {**good().model_dump(mode="json"), **what}


def table(*boxes: int, district: str = "1", shifts: int = 14) -> dict[str, Any]:
    """A timetable that names some boxes in Monday's first shift."""
    return {"district": district, "shifts": [list(boxes), *[[]] * (shifts - 1)]}


def test_a_timetable_is_obeyed_and_that_of_an_unknown_area_passed_over(agency: Agency) -> None:
    """Nothing is planned there; a context without any is written as it was before there were any."""
    found = verify_here(KIND, signed(changed(timetables=[table(3, 4), table(district="night unit")])), agency)
    assert isinstance(found.body, ContextDoc)
    assert found.body.timetables[0].shifts[0] == (3, 4)
    assert "timetables" not in changed()


def test_a_good_context_is_obeyed(agency: Agency) -> None:
    """With the digest of what was signed; reading it back gives the same."""
    found = verify_here(KIND, signed(changed()), agency)
    assert found.body == good()
    assert len(found.digest) == 64
    assert read_body(KIND, SIGNED_CONTEXT) == CONTEXT


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (signed(changed(agency="elsewhere")), "it is for elsewhere"),
        (signed(changed(counts=[[3, 999, 1, 0, 1, 256]])), "the agency has no box 999"),
        (signed(changed(events=[[0, 1, -1, 999, 0]])), "the agency has no box 999"),
        (signed(changed(visits=[[999, 0, 1]])), "the agency has no box 999"),
        (signed(changed(counts=[[3, 12, 1, 7, 1, 256]])), "the agency has no shift 7"),
        (signed(changed(counts=[[7, 12, 1, 0, 1, 256]])), "counts #1 #1: must be less than 7"),
        (signed(changed(counts=[[3, 12, 1, 0, 2, 256]])), "marked as known before the day it happened"),
        (signed(changed(counts=[[3, 12, 0, 0, 0, 256]])), "counts #1 #3: must be 1 or more"),
        (signed(changed(events=[[2, 1, -1, 3, 0]])), "an event ends before it begins"),
        (signed(changed(timetables=[table(999)])), "the agency has no box 999"),
        (signed(changed(timetables=[table(shifts=21)])), "the timetable of 1 has 21 shifts, the agency's week has 14"),
        (signed(changed(timetables=[table(), table()])), "timetables: 1 has two"),
        (signed(changed(timetables=[table(4, 3)])), "1: a shift's boxes must be in ascending order, each once"),
        (signed(changed(timetables=[table(shifts=6)])), "timetables #1.shifts: must list 7"),
        (signed(changed(gunfire=[{"box": 12, "at": "2026-10-12T04:00:00Z"}])), "belong in the counts"),
        (signed(changed(), kind="plan"), "not signed with this agency's key"),
        (signed(changed(), as_kind="plan", kind="plan"), "it is a plan"),
        (signed(changed()).model_copy(update={"signature": "00" * 64}), "not signed with this agency's key"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_may_not_be_obeyed(agency: Agency, document: Signed, sentence: str) -> None:
    """One sentence says what is wrong."""
    with pytest.raises(UserError) as refused:
        verify_here(KIND, document, agency)
    assert str(refused.value).startswith("context rejected: ")
    assert sentence in str(refused.value)


def test_a_context_does_not_pass_for_a_plan(agency: Agency) -> None:
    """Nor a plan signed as a context: the kind is under the signature, and is looked at."""
    body = PlanDoc.of(plan(agency), agency.id, "analyst", "why").model_dump(mode="json")
    with pytest.raises(UserError, match="plan rejected: it is a context"):
        verify_here(PLAN, signed(body), agency, "2")


def test_a_context_is_small(agency: Agency) -> None:
    """A day of 250 incidents takes about 5 kB, a week of them a twentieth of a message's limit."""
    rows = tuple((row % 7, 1 + row * 37 % 9999, 1 + row % 7, row % 3, 1, 256) for row in range(250))
    day = CONTEXT.model_copy(update={"counts": rows})
    assert len(encode(day)) < 6_000
    week = CONTEXT.model_copy(update={"counts": rows * 7})
    assert len(encode(week)) < 50_000
    assert agency.grid.boxes


def test_protection_1_a_timetable_has_no_room_for_text() -> None:
    """Its boxes are numbers."""
    for box in ("12 Main Street", {"owner": 1}, -3):
        with pytest.raises(ValidationError):
            ContextDoc.model_validate({**CONTEXT.model_dump(), "timetables": [table(box)]})  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["counts", "events", "visits", "gunfire"])
def test_protection_1_no_row_has_room_for_text(field: str) -> None:
    """Every value of a row is a number, or an instant: no address, no name."""
    text = "12 Main Street"
    document = json.loads(encode(CONTEXT))
    first = document[field][0]
    for key in range(len(first)) if isinstance(first, list) else first:
        row = list(first) if isinstance(first, list) else dict(first)
        row[key] = text
        with pytest.raises(ValidationError):
            ContextDoc.model_validate_json(json.dumps({**document, field: [row]}))


def test_protection_2_no_other_type_fits() -> None:
    """A row's type is a place among the Part 1 types and gunfire: there is none for drugs."""
    with pytest.raises(ValidationError):
        CONTEXT.model_validate({**CONTEXT.model_dump(), "counts": ((7, 1, 1, 0, 1, 256),)})


def test_a_file_that_is_no_context_is_named(tmp_path: Path) -> None:
    """One sentence, with the path."""
    path = tmp_path / "context.json"
    with pytest.raises(UserError, match=f"{path}: No such file"):
        load_context(path)
    path.write_text('{"agency": 1}')
    with pytest.raises(UserError, match=f"{path}: agency: "):
        load_context(path)
    path.write_bytes(encode(CONTEXT))
    assert load_context(path) == CONTEXT
    assert CONTEXT.date - timedelta(days=CONTEXT.complete) == date(2026, 10, 12)
