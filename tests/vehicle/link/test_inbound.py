"""What comes off the wire: good messages are told apart, every other one is refused in a sentence, none is a crash."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.contract.messages import Ack, VisitDoc, Visits, encode
from edge.contract.topics import Topics
from edge.domain.grid import box_id
from edge.errors import UserError
from edge.text.coded import CodedError
from edge.vehicle.inbox import DocumentVerified, PlanVerified
from edge.vehicle.link.inbound import Inbound
from tests.contract.test_context import changed
from tests.contract.test_context import signed as signed_context
from tests.vehicle.link.signing import DISTRICT, FOREIGN_KEY, KEY, plan_body, signed_plan
from tests.vehicle.town_shift import other_visit, plan, shift_id
from tests.words import sentences_in

UNIT = "car-1"
TOPICS = Topics("squaretown")
PLAN, ACKS = TOPICS.hq(f"plan/{DISTRICT}/2026-10-14/day"), TOPICS.acks(UNIT)


@pytest.fixture(scope="module")
def inbound(agency: Agency) -> Inbound:
    return Inbound(agency, UNIT, DISTRICT)


def test_a_vehicle_listens_to_what_is_meant_for_it(inbound: Inbound) -> None:
    """Its acknowledgements and dispatch status, its district's plan, the agency's documents, and the fleet's visits."""
    named = ("context", "roster", "void", "download", f"dispatch/{UNIT}")
    documents = [TOPICS.hq(f"plan/{DISTRICT}/+/+"), *map(TOPICS.hq, named)]
    assert inbound.subscriptions() == [ACKS, *documents, TOPICS.visits()]


def test_a_signed_context_is_read(inbound: Inbound) -> None:
    """With the document to keep; one that is signed with another key, or is no context, is refused in a sentence."""
    signed = signed_context(changed())
    said = inbound.read(TOPICS.hq("context"), encode(signed))
    assert isinstance(said, DocumentVerified)
    assert said.document.signed == signed
    assert said.document.body.number == 7
    for payload in (encode(signed.model_copy(update={"signature": "00" * 64})), b"{}"):
        with pytest.raises(UserError, match=r"^context rejected: "):
            inbound.read(TOPICS.hq("context"), payload)


def test_an_acknowledgement_is_read(inbound: Inbound) -> None:
    """As headquarters sent it."""
    ack = Ack(unit=UNIT, ledger="x", seq=7, head="ab" * 32)
    assert inbound.read(ACKS, encode(ack)) == ack


def test_a_signed_plan_is_read(inbound: Inbound, agency: Agency) -> None:
    """The domain's plan, with the digest of exactly what was signed, and the document to keep."""
    signed = signed_plan(plan_body(agency))
    said = inbound.read(PLAN, encode(signed))
    assert isinstance(said, PlanVerified)
    assert said.signed == signed
    assert said.plan.patrols == plan(agency).patrols
    assert said.plan.digest == hashlib.sha256(signed.signed_bytes()).hexdigest()


def test_a_plan_holds_however_its_json_was_written(inbound: Inbound, agency: Agency) -> None:
    """The signature is of the canonical form, so a gateway may write it anew."""
    signed = signed_plan(plan_body(agency))
    loose = json.dumps(signed.model_dump(mode="json"), indent=4).encode()
    said = inbound.read(PLAN, loose)
    assert isinstance(said, PlanVerified)
    assert said.plan.digest == hashlib.sha256(signed.signed_bytes()).hexdigest()


def test_the_visits_of_another_vehicle_are_read_its_own_are_not(inbound: Inbound, agency: Agency) -> None:
    """Its own come back from the broker: they are in its ledger already."""
    visit = other_visit(agency)
    theirs = Visits(unit="car-2", shift=visit.shift, visits=(VisitDoc.of(visit),))
    assert inbound.read(TOPICS.visits("car-2"), encode(theirs)) == (visit,)
    assert inbound.read(TOPICS.visits(UNIT), b"not even read") is None


@pytest.mark.parametrize("topic", [ACKS, PLAN, TOPICS.visits("car-2")])
def test_an_emptied_topic_says_nothing(inbound: Inbound, topic: str) -> None:
    """A retained message that was cleared."""
    assert inbound.read(topic, b"") is None


def refused(inbound: Inbound, topic: str, payload: bytes, sentence: str) -> None:
    """It is refused with a sentence that matches."""
    with pytest.raises(CodedError, match=sentence) as error:
        inbound.read(topic, payload)
    assert [*sentences_in(error.value.why)] == []


def test_another_vehicles_acknowledgement_is_refused(inbound: Inbound) -> None:
    """It would move the wrong cursor."""
    ack = Ack(unit="car-2", ledger="x", seq=7, head="ab" * 32)
    refused(inbound, ACKS, encode(ack), "received an acknowledgment for unit 'car-2' on this vehicle's topic")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"agency": "elsewhere"}, "plan rejected: it is for elsewhere/2"),
        ({"district": "1"}, "plan rejected: it is for squaretown/1"),
        ({"shift": "2026-10-13/brunch"}, "plan rejected: the agency has no shift 'brunch'"),
        ({"shift": "2026-02-30/day"}, "plan rejected: "),
        ({"shift": "0001-01-01/day"}, "plan rejected: "),
        ({"shift": "9999-12-31/night"}, "plan rejected: "),
    ],
)
def test_a_plan_that_is_not_for_here_is_refused(
    inbound: Inbound, agency: Agency, changes: dict[str, Any], sentence: str
) -> None:
    """Even with the agency's own signature."""
    refused(inbound, PLAN, encode(signed_plan(plan_body(agency, **changes))), sentence)


def test_a_plan_with_another_signature_is_refused(inbound: Inbound, agency: Agency) -> None:
    """Another key, a body changed after signing, and a signature for another kind of document."""
    sentence = "plan rejected: not signed with this agency's key"
    body = plan_body(agency)
    good = signed_plan(body)
    changed = good.model_copy(update={"body": {**body, "version": 9}})
    for forged in (signed_plan(body, FOREIGN_KEY), changed, signed_plan(body, KEY, kind="roster")):
        refused(inbound, PLAN, encode(forged), sentence)


def test_an_agency_without_a_key_obeys_no_plan(square_agency: Agency) -> None:
    """No signature can hold."""
    assert square_agency.public_key is None
    keyless = Inbound(square_agency, UNIT, DISTRICT)
    refused(keyless, PLAN, encode(signed_plan(plan_body(square_agency))), "not signed with this agency's key")


def one_box(agency: Agency, box: str) -> bytes:
    """A signed plan of one box."""
    body = plan_body(agency)
    return encode(signed_plan({**body, "patrols": [{**body["patrols"][0], "box": box}]}))


def test_an_opt_out_box_is_never_patrolled_whoever_signed_it(inbound: Inbound, agency: Agency) -> None:
    """Clinics, shelters, places of worship: the car itself refuses."""
    box = next(box for box in agency.grid.boxes.values() if box.opt_out)
    refused(inbound, PLAN, one_box(agency, box_id(box.cell)), rf"box {box.id} is in an opt-out area")


def test_a_box_of_another_town_is_refused(inbound: Inbound, agency: Agency) -> None:
    """It is not in the grid."""
    refused(inbound, PLAN, one_box(agency, "1-1"), "box 1-1 is not in this agency")


@pytest.mark.parametrize(
    "changes",
    [{"version": 0}, {"patrols": 5}, {"reason": None}, {"approved": "soon"}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_signed_plan_that_is_out_of_form_is_refused(
    inbound: Inbound, agency: Agency, changes: dict[str, Any]
) -> None:
    """A newer headquarters may sign what this software cannot read: a sentence, not the end of the link."""
    refused(inbound, PLAN, encode(signed_plan(plan_body(agency, **changes))), next(iter(changes)))


def test_a_signed_plan_for_an_enforcement_type_is_refused(inbound: Inbound, agency: Agency) -> None:
    """Only the Part 1 types and gunfire, whoever signed it."""
    body = plan_body(agency)
    forbidden = {**body, "patrols": [{**body["patrols"][0], "crime_types": ["narcotics"]}]}
    refused(inbound, PLAN, encode(signed_plan(forbidden)), "narcotics")


@pytest.mark.parametrize(
    "body",
    [b'{"n":NaN}', b'{"n":Infinity}', b'{"n":1e999}', b'{"n":9007199254740993}', b'{"n":123456789012345678901}'],
)
def test_a_body_that_has_no_canonical_form_is_refused(inbound: Inbound, body: bytes) -> None:
    """RFC 8785 knows no such numbers, so there is nothing that a signature could be of."""
    payload = b'{"kind":"plan","body":' + body + b',"signature":"' + b"ab" * 64 + b'"}'
    refused(inbound, PLAN, payload, "plan")


def their_visits(agency: Agency, **changes: Any) -> bytes:
    """Another vehicle's visits, one of them with some fields changed."""
    visit = {**json.loads(VisitDoc.of(other_visit(agency)).model_dump_json()), **changes}
    return json.dumps({"unit": "car-2", "shift": shift_id(agency), "visits": [visit]}).encode()


def test_visits_under_a_wrong_unit_are_refused(inbound: Inbound, agency: Agency) -> None:
    """A car can speak of its own visits only: neither another's message nor another's visit id."""
    sentence = "the visits on the topic of unit 'car-2' belong to another unit"
    foreign = Visits(unit="car-3", shift=None, visits=())
    refused(inbound, TOPICS.visits("car-2"), encode(foreign), sentence)
    refused(inbound, TOPICS.visits("car-2"), their_visits(agency, id="car-3:x:5"), sentence)


@pytest.mark.parametrize(
    "changes",
    [
        {"opened": "0001-01-01T00:00:00"},
        {"ended": "2026-10-13T23:00:00"},
        {"dosage_s": -1},
        {"dosage_s": float("inf")},
        {"box": "7"},
    ],
    ids=str,
)
def test_visits_out_of_form_are_refused(inbound: Inbound, agency: Agency, changes: dict[str, Any]) -> None:
    """One car's bad message must not stop the fleet: it is retained, and would stop it at every start."""
    refused(inbound, TOPICS.visits("car-2"), their_visits(agency, **changes), next(iter(changes)))


@given(payload=st.binary(min_size=1) | st.sampled_from([b"null", b"[]", b"{}", b'"x"', b"1", b"[" * 9000]))
def test_garbage_is_refused_on_every_topic(payload: bytes, agency: Agency) -> None:
    """Whatever bytes come: a UserError and nothing else."""
    inbound = Inbound(agency, UNIT, DISTRICT)
    for topic in (ACKS, PLAN, TOPICS.visits("car-2")):
        with pytest.raises(UserError, match=r"not an? "):
            inbound.read(topic, payload)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(body=st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_a_body_of_any_json_is_refused(body: dict[str, Any], agency: Agency) -> None:
    """Signed by somebody else, or by the agency itself: never a crash."""
    inbound = Inbound(agency, UNIT, DISTRICT)
    payload = json.dumps({"kind": "plan", "body": body, "signature": "ab" * 64}).encode()
    with pytest.raises(UserError):
        inbound.read(PLAN, payload)
