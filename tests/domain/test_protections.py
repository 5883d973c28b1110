"""The protections that metering and plans touch: each test fails when its protection is broken."""

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

import models
from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.contract.agency_file import PolicyDoc
from edge.contract.messages import PatrolDoc, PlanDoc, Signed, VisitDoc, Visits, encode, to_sign
from edge.contract.records import GENESIS, chain, encode_event
from edge.contract.signing import load_private_key, sign
from edge.contract.tactics import TacticDoc
from edge.domain.events import (
    BoxFeedback,
    BoxSkipped,
    PlanAdopted,
    PresenceRecorded,
    SelfTasked,
    SignedIn,
    TacticUsed,
    VisitClosed,
    VisitOpened,
)
from edge.domain.grid import Box
from edge.domain.inputs import AdoptPlan, MergeVisits, UseTactic
from edge.domain.plan import Plan
from edge.errors import UserError
from edge.plans.plan_file import load_plan_file
from edge.vehicle.inbox import PlanVerified
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from tests.agency.square import write_square
from tests.domain.script import DAY, SETTING, accounts, at, begin, meter, only, others, patrol, said
from tests.metering import play

NIGHT = "2026-11-22/night"
DENIED = ("narcotics", "drugs", "vandalism", "prostitution", "traffic", "weapons", "gang_activity")


@pytest.fixture(scope="module")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A square town's agency directory, and its key beside it."""
    folder = tmp_path_factory.mktemp("town")
    build_agency(write_square(folder), folder / "agency", key=folder / "key.pem")
    return folder


@pytest.fixture(scope="module")
def town(town_folder: Path) -> Agency:
    """The town."""
    return load_agency(town_folder / "agency")


@pytest.fixture(scope="module")
def key(town_folder: Path) -> Ed25519PrivateKey:
    """What the town signs its plans with."""
    return load_private_key(town_folder / "key.pem")


def _box(town: Agency, *, opt_out: bool = False) -> Box:
    return next(box for box in town.grid.boxes.values() if box.district == "1" and box.opt_out == opt_out)


def _body(town: Agency, box: Box, **patrol_fields: Any) -> dict[str, Any]:
    """The body of a plan as headquarters would publish it."""
    doc = PlanDoc.of(Plan(NIGHT, "1", 1, (patrol(1),)), town.id, "analyst", "weekly review")
    body: dict[str, Any] = doc.model_dump(mode="json")
    body["patrols"][0] |= {"box": box.id, **patrol_fields}
    return body


def _signed(key: Ed25519PrivateKey, body: dict[str, Any]) -> bytes:
    return encode(Signed(kind="plan", body=body, signature=sign(key, to_sign("plan", body))))


def _receive(town: Agency, payload: bytes) -> PlanVerified:
    inbound = Inbound(town, "car-1", "1")
    document = json.loads(payload)
    topic = inbound.topics.hq(f"plan/1/{document.get('body', document)['shift']}")
    received = inbound.read(topic, payload)
    assert isinstance(received, PlanVerified)
    return received


# 1. Places, never people; tests.domain.test_protection_people walks every field


def test_protection_1_an_officer_is_an_id() -> None:
    """A sign-in's record has a role alone; the envelope and a visit's segments have the roster's id."""
    assert [one.name for one in fields(SignedIn)] == ["role", "type"]
    metered = meter(at(0, 71, 400))
    assert {event.officer for event in metered.events if isinstance(event.data, VisitOpened)} == {"4711"}
    assert [segment.officer for segment in only(metered).segments] == ["4711"]


def test_protection_1_a_plan_with_an_offender_is_refused(town: Agency, key: Ed25519PrivateKey) -> None:
    """Even well signed: an unknown field is no field."""
    with pytest.raises(UserError, match="offender"):
        _receive(town, _signed(key, _body(town, _box(town), offender="somebody")))


# 2. Only the Part 1 types and gunfire


@pytest.mark.parametrize("denied", DENIED)
def test_protection_2_other_types_are_refused_by_name(
    denied: str, town: Agency, key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    """In a policy, a tactic, an analyst's plan file, a message, and by the vehicle's link though it is well signed."""
    with pytest.raises(ValidationError, match=denied):
        PolicyDoc.model_validate({"by_type": {denied: {}}})
    with pytest.raises(ValidationError, match=denied):
        TacticDoc.model_validate({"id": "walk", "label": "Walk", "crime_types": [denied]})
    with pytest.raises(ValidationError, match=denied):
        PatrolDoc.model_validate(_body(town, _box(town), crime_types=[denied])["patrols"][0])
    (tmp_path / "plan.toml").write_text(
        f'shift = "{NIGHT}"\ndistrict = "1"\nversion = 1\n'
        f'[[patrols]]\nbox = "{_box(town).id}"\ncrime_types = ["robbery", "{denied}"]\n'
    )
    with pytest.raises(UserError, match=denied):
        load_plan_file(tmp_path / "plan.toml", town)
    with pytest.raises(UserError, match=denied):
        _receive(town, _signed(key, _body(town, _box(town), crime_types=["robbery", denied])))


# 4. What vehicles and officers did or said trains nothing


def test_protection_4_no_training_reads_what_vehicles_recorded() -> None:
    """Nothing under models/ knows headquarters, its tables, or a kind of record: visits, presence, feedback."""
    names = ["box_remarks", "ledger.sqlite3", "edge.headquarters", "edge.contract.records", "edge.domain.events"]
    names += [one.__name__ for one in (VisitOpened, VisitClosed, PresenceRecorded, BoxFeedback, BoxSkipped, SelfTasked)]
    sources = sorted(Path(models.__file__).parent.rglob("*.py"))
    assert sources
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert not [name for name in names if name in text], source


# 5. Tactics are non-enforcement


@pytest.mark.parametrize(
    "label", ["Stop and frisk", "Traffic stops", "Warrant sweep", "Issue citations", "Arrest team"]
)
def test_protection_5_a_tactic_with_a_word_of_enforcement_is_refused(label: str) -> None:
    """The label is named with the word."""
    with pytest.raises(ValidationError, match="enforcement"):
        TacticDoc.model_validate({"id": "t", "label": label})


def test_protection_5_a_tactic_outside_the_approved_list_is_no_tactic() -> None:
    """A tap of something else leaves no record."""
    metered = meter(at(0, 71, 400), UseTactic(20, "raid"), UseTactic(30, "foot-patrol"))
    assert [data.tactic for _, data in said(metered, TacticUsed) if isinstance(data, TacticUsed)] == ["foot-patrol"]


# 6. Caps hold offline; opt-out areas are never offered


def test_protection_6_caps_hold_without_headquarters() -> None:
    """Two own visits and one heard of another car, straight from its message: the third own one is presence, at cap."""
    (summary,) = others(1, 1, -3 * 3600).visits
    wire = Visits(unit="car-2", shift=DAY, visits=(VisitDoc.of(summary),))
    heard = MergeVisits(0.0, tuple(visit.value("car-2") for visit in wire.visits))
    away = [*at(71, 300, 900), *at(371, 600, 900)]
    metered = meter(heard, at(0, 71, 400), away, at(300, 371, 400), at(600, 671, 400))
    assert [opened for _, opened, _, _ in accounts(metered)] == [0, 300]
    stays = [data for _, data in said(metered, PresenceRecorded) if isinstance(data, PresenceRecorded)]
    assert [stay.at_cap for stay in stays if stay.box == "1-0"] == [False, False, True]


def test_protection_6_an_opt_out_box_is_refused_in_a_plan_file(town: Agency, tmp_path: Path) -> None:
    """An analyst cannot assign it."""
    closed = _box(town, opt_out=True)
    (tmp_path / "plan.toml").write_text(
        f'shift = "{NIGHT}"\ndistrict = "1"\nversion = 1\n[[patrols]]\nbox = "{closed.id}"\ncrime_types = ["theft"]\n'
    )
    with pytest.raises(UserError, match="opt-out"):
        load_plan_file(tmp_path / "plan.toml", town)


def test_protection_6_an_opt_out_box_is_refused_by_the_vehicle(town: Agency, key: Ed25519PrivateKey) -> None:
    """Though headquarters signed it; another box of the same plan is taken."""
    assert _receive(town, _signed(key, _body(town, _box(town)))).plan.patrols[0].cell == _box(town).cell
    with pytest.raises(UserError, match="opt-out"):
        _receive(town, _signed(key, _body(town, _box(town, opt_out=True))))


# 7. Every plan and visit is in the log, with its inputs' hashes


def test_protection_7_every_plan_adopted_is_recorded_with_the_digest_of_what_was_signed(
    town: Agency, key: Ed25519PrivateKey
) -> None:
    """From the message to the ledger; a suppression with its reason."""
    body = _body(town, _box(town), suppressed="school event")
    received = _receive(town, _signed(key, body))
    adopted = said(play(SETTING, [*begin([]), AdoptPlan(1.0, received.plan)]), PlanAdopted)[-1][1]
    assert isinstance(adopted, PlanAdopted)
    assert adopted.digest == hashlib.sha256(to_sign("plan", body)).hexdigest()
    assert (adopted.plan_shift, adopted.version) == (NIGHT, 1)
    assert adopted.suppressed == ((_box(town).id, "school event"),)


def test_protection_7_every_visit_is_in_the_ledger_and_a_changed_record_shows(tmp_path: Path) -> None:
    """All that was metered is kept, in order, each record's hash made of the one before it and its own bytes."""
    metered = meter(at(0, 71, 400), at(71, 300, 900), at(300, 371, 400))
    vault = Vault(tmp_path, "car-1")
    vault.commit(metered.events, metered.state)
    vault.close()
    rows = Reader(vault.ledger_path).after(0, 1000)
    assert [body for _, body, _ in rows] == [encode_event(event) for event in metered.events]
    assert sum(isinstance(event.data, VisitClosed) for event in metered.events) == 2
    head = GENESIS
    for _, body, kept in rows:
        assert chain(head, body + b" ") != kept
        head = chain(head, body)
        assert head == kept


# 8. No bundle without signature: here, no plan


def test_protection_8_a_plan_without_a_valid_signature_is_refused(town: Agency, key: Ed25519PrivateKey) -> None:
    """Changed after it was signed, signed with another key, not signed, or signed as something else: none is obeyed."""
    body = _body(town, _box(town))
    good = sign(key, to_sign("plan", body))
    wrong = [
        Signed(kind="plan", body=body | {"version": 2}, signature=good),
        Signed(kind="plan", body=body, signature=sign(Ed25519PrivateKey.generate(), to_sign("plan", body))),
        Signed(kind="plan", body=body, signature="0" * 128),
        Signed(kind="plan", body=body, signature=sign(key, to_sign("roster", body))),
    ]
    for one in wrong:
        with pytest.raises(UserError, match="not signed with this agency's key"):
            _receive(town, encode(one))
    with pytest.raises(UserError, match="signature"):
        _receive(town, encode(PlanDoc.model_validate(body)))
    assert _receive(town, _signed(key, body)).plan.version == 1


def test_protection_8_an_agency_without_a_key_obeys_no_plan(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    """No public key, no plan, whoever signed it."""
    build_agency(write_square(tmp_path), tmp_path / "agency")
    keyless = load_agency(tmp_path / "agency")
    assert keyless.public_key is None
    with pytest.raises(UserError, match="not signed with this agency's key"):
        _receive(keyless, _signed(key, _body(keyless, _box(keyless))))
