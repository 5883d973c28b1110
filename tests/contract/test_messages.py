"""Messages: each comes back as it was; what only newer software knows is passed over; an id that is none is refused."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from edge.contract.messages import (
    LARGEST,
    Ack,
    PatrolDoc,
    PlanDoc,
    Signed,
    Status,
    VisitDoc,
    Visits,
    decode,
    encode,
    to_sign,
)
from edge.contract.signing import verify
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.visits import VisitSummary
from edge.errors import UserError
from edge.text.mistakes import key_path
from tests.contract.samples import ACK, BOX, MESSAGES, PLAN, SHIFT, SIGNED, STATUS, VISIT, VISITS


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_every_message_comes_back_as_it_was(message: BaseModel) -> None:
    """Encoding what was decoded gives the same bytes as well."""
    body = encode(message)
    assert decode(type(message), body) == message
    assert encode(decode(type(message), body)) == body


@pytest.mark.parametrize("message", [STATUS, VISITS, ACK, SIGNED], ids=lambda one: type(one).__name__)
def test_a_field_that_only_newer_software_knows_is_passed_over(message: BaseModel) -> None:
    """The rest of the message is read as ever, and the field goes no further."""
    body = json.dumps({**json.loads(encode(message)), "tyre_pressure": [2.4, 2.5]}).encode()
    assert decode(type(message), body) == message


def test_a_value_that_only_newer_software_knows_is_kept() -> None:
    """How the GPS and the clock stand, as text."""
    newer = decode(Status, json.dumps({**json.loads(encode(STATUS)), "gps": "jammed", "clock": "ptp"}).encode())
    assert (newer.gps, newer.clock) == ("jammed", "ptp")


def changed(message: BaseModel, path: tuple[str | int, ...], value: Any) -> bytes:
    """A message's bytes with one value put in."""
    document = json.loads(encode(message))
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("message", "path", "value"),
    [
        (STATUS, ("box",), "1784"),
        (STATUS, ("box",), "1784-18561/../1"),
        (STATUS, ("box",), "1784-18561\n"),
        (PLAN, ("patrols", 0, "box"), "-3-18561"),  # the domain cannot read it: eastings are never negative
        (STATUS, ("gps",), 7),
        (VISITS, ("shift",), "tonight"),
        (VISITS, ("shift",), "2026-10-13/Night watch"),
        (VISITS, ("visits", 0, "box"), ""),
        (VISITS, ("visits", 0, "dosage_s"), -1),
        (ACK, ("seq",), -1),
        (ACK, ("head",), "ab" * 31),
        (ACK, ("head",), "AB" * 32),
        (PLAN, ("version",), 0),
        (PLAN, ("patrols", 0, "box"), "x-y"),
        (PLAN, ("patrols", 0, "crime_types"), []),
        (PLAN, ("patrols", 0, "crime_types"), ["narcotics"]),
        (PLAN, ("patrols", 0, "minutes"), 0),
        (SIGNED, ("kind",), "a roster"),
        (SIGNED, ("signature",), "ab" * 63),
    ],
)
def test_what_is_out_of_form_is_refused_by_its_key_path(
    message: BaseModel, path: tuple[str | int, ...], value: object
) -> None:
    """Ids, hashes, counts and crime types that are none."""
    with pytest.raises(UserError, match=re.escape(key_path(path)).replace(r"\#", "#")):
        decode(type(message), changed(message, path, value))


@pytest.mark.parametrize("number", ["1e999", "NaN", "Infinity"])
def test_dosage_is_a_finite_number(number: str) -> None:
    """JSON has no other; pydantic would write it as null, and a null dosage cannot be read back from the disk."""
    body = encode(VISITS).replace(b'"dosage_s":61.5', b'"dosage_s":' + number.encode())
    with pytest.raises(UserError, match="dosage_s"):
        decode(Visits, body)


@pytest.mark.parametrize(
    ("message", "path"), [(STATUS, ("time",)), (VISITS, ("visits", 0, "opened")), (VISITS, ("visits", 0, "ended"))]
)
@pytest.mark.parametrize("value", ["2026-10-13T22:00:00", "0001-01-01T00:00:00"])
def test_an_instant_says_its_zone(message: BaseModel, path: tuple[str | int, ...], value: str) -> None:
    """Without one it would be read in the zone of whichever computer receives it."""
    with pytest.raises(UserError, match=key_path(path)):
        decode(type(message), changed(message, path, value))


def test_a_record_number_is_one_that_json_and_sqlite_can_hold() -> None:
    """Up to 2^53, as the records themselves: a larger one cannot be looked up in the ledger."""
    with pytest.raises(UserError, match="seq"):
        decode(Ack, changed(ACK, ("seq",), 2**63))


def test_a_visit_says_what_its_summary_says() -> None:
    """To the millisecond, and back, under the unit whose topic it came on."""
    summary = VisitSummary(VISIT, "car-1", BOX, SHIFT, 1_792_000_000.25, None, 61.5004, counted=True, early=False)
    back = VisitDoc.of(summary).value("car-1")
    assert (back.id, back.unit, back.opened, back.ended) == (VISIT, "car-1", 1_792_000_000.25, None)
    assert back.dosage_s == 61.5


def test_a_plan_says_what_the_domain_says() -> None:
    """Prescription, reason, tactics and suppression of every patrol come through; the digest is what was signed."""
    rule = Prescription(20.0, 2, 3600.0, 2, 6)
    patrols = (
        DirectedPatrol((1784, 18561), ("robbery",), rule, "why", ("foot-patrol",)),
        DirectedPatrol((1784, 18562), ("theft", "burglary"), Prescription(), suppressed="a vigil"),
    )
    plan = Plan(SHIFT, "1", 4, patrols, digest="cd" * 32)
    doc = PlanDoc.of(plan, "squaretown", "analyst", "because")
    assert decode(PlanDoc, encode(doc)).value("cd" * 32) == plan
    sent = doc.model_dump(mode="json")
    assert "data_to" not in sent  # the very bytes of before it was known
    assert "why_by_model" not in sent["patrols"][0]
    drafted = (replace(patrols[0], why_by_model=True), patrols[1])
    dated = replace(plan, patrols=drafted, data_to=date(2026, 11, 20))
    assert decode(PlanDoc, encode(PlanDoc.of(dated, "squaretown", "analyst", "because"))).value("cd" * 32) == dated
    assert (doc.role, doc.reason) == ("analyst", "because")
    assert abs((doc.approved - datetime.now(UTC)).total_seconds()) < 5


def test_what_is_signed_names_its_kind() -> None:
    """The same body as another kind of document gives other bytes, so one signature never serves for two kinds."""
    body = PLAN.model_dump(mode="json")
    assert SIGNED.signed_bytes() == to_sign("plan", body)
    assert to_sign("plan", body) != to_sign("roster", body)


def test_what_is_signed_does_not_depend_on_how_the_body_was_written() -> None:
    """Order of keys and blanks are not part of it."""
    shuffled = json.loads(json.dumps(dict(reversed(SIGNED.body.items())), indent=3))
    assert to_sign("plan", shuffled) == SIGNED.signed_bytes()


def test_no_message_can_carry_a_position_or_a_person() -> None:
    """Status says the box, never the position; nothing has a field for a name."""
    fields = {
        name for model in (Status, Visits, VisitDoc, Ack, PlanDoc, PatrolDoc, Signed) for name in model.model_fields
    }
    assert not fields & {"lat", "lon", "latitude", "longitude", "position", "officer", "name", "person", "address"}


def test_a_malformed_signature_is_no_signature() -> None:
    """It does not hold, and nothing is raised."""
    assert not verify("zz" * 32, SIGNED.signed_bytes(), SIGNED.signature)


def refusal(model: type[Ack | Visits | PlanDoc], payload: bytes) -> str:
    """The sentence with which a message is refused."""
    with pytest.raises(UserError) as caught:
        decode(model, payload)
    return str(caught.value)


def test_a_message_of_many_bytes_is_not_looked_at() -> None:
    """Ten megabytes of what may be JSON: a sentence at once."""
    payload = encode(ACK) + b" " * 10_000_000
    assert refusal(Ack, payload) == f"not an Ack message: it has {len(payload):,} bytes, more than {LARGEST:,}"


def test_many_mistakes_are_counted_not_listed() -> None:
    """A sentence for each of a hundred thousand patrols that are none would be megabytes on the screen."""
    payload = changed(PLAN, ("patrols",), [1] * 90_000)
    assert refusal(PlanDoc, payload) == "not a PlanDoc message: it has 90,000 errors"


def test_visits_are_refused_at_their_first_bad_one() -> None:
    """A megabyte of empty visits is three hundred thousand with eight mistakes each: no gigabyte for them."""
    assert len(refusal(Visits, b'{"unit":"car-2","shift":null,"visits":[' + b"{}," * 300_000 + b"{}]}")) < 400


def test_what_a_sender_writes_is_cut_short() -> None:
    """A word of his own choosing is no part of the sentence, which goes no further than the screen is wide."""
    sentence = refusal(PlanDoc, changed(PLAN, ("patrols", 0, "crime_types"), ["x" * 100_000]))
    assert "xxx" not in sentence
    assert "patrols #1.crime_types #1: … is not an allowed crime type" in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize("opened", ["1969-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_instant_is_of_this_century(opened: str) -> None:
    """A visit of the year 9999 would be kept for ever: nothing that is forgotten with time would forget it."""
    assert "opened" in refusal(Visits, changed(VISITS, ("visits", 0, "opened"), opened))
