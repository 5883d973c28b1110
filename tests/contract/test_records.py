"""Ledger records: the same bytes stored, hashed and sent; canonical as RFC 8785 has it; bound in a chain."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.contract.records import GENESIS, chain, decode_event, encode_event
from edge.domain.events import (
    ClockStepped,
    Event,
    MeteringPaused,
    OtherRecord,
    PlanAdopted,
    Unknown,
    VisitClosed,
    VisitLeft,
)
from edge.errors import UserError
from tests.contract.samples import BOX, DATA, EVENTS, SHIFT, T, event, test_samples_miss_no_kind_of_record

__all__ = ["test_samples_miss_no_kind_of_record"]

FLOATS = st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0)
INSTANTS = st.datetimes(datetime(1980, 1, 6), datetime(2106, 1, 1), timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize("sample", EVENTS, ids=lambda one: one.data.type)
def test_every_kind_of_record_comes_back_as_it_was(sample: Event) -> None:
    """Decoding gives an equal record, of the same kind."""
    back = decode_event(encode_event(sample))
    assert back == sample
    assert type(back.data) is type(sample.data)


@given(st.sampled_from(DATA), FLOATS, INSTANTS, st.none() | TEXTS)
def test_bytes_are_canonical(data: object, mono: float, time: datetime, officer: str | None) -> None:
    """Whatever is in a record: sorted keys, no blanks, and encoding what was decoded gives the same bytes."""
    body = encode_event(replace(event(DATA[0]), data=data, mono=mono, time=time, officer=officer))  # type: ignore[arg-type]
    assert encode_event(decode_event(body)) == body
    pairs = json.loads(body, object_pairs_hook=list)
    assert [key for key, _ in pairs] == sorted(key for key, _ in pairs)
    assert decode_event(body).mono == mono
    assert decode_event(body).officer == officer


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, b"0"),
        (-0.0, b"0"),
        (1.0, b"1"),
        (4.50, b"4.5"),
        (2e-3, b"0.002"),
        (1e-27, b"1e-27"),
        (1e30, b"1e+30"),
        (333333333.33333329, b"333333333.3333333"),
        (9007199254740992.0, b"9007199254740992"),
        (5e-324, b"5e-324"),
    ],
)
def test_numbers_are_written_as_rfc_8785_says(number: float, text: bytes) -> None:
    """The examples of RFC 8785, section 3.2.2 and appendix B."""
    assert b'"mono":' + text + b"," in encode_event(replace(event(DATA[0]), mono=number))


def test_texts_are_written_as_rfc_8785_says() -> None:
    """The example of RFC 8785, section 3.2.2: only what JSON must escape is escaped."""
    body = encode_event(replace(event(DATA[0]), officer='€$\x0f\nA\'B"\\\\"/'))
    assert '"officer":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode() in body


def test_the_chain_is_sha256_of_the_hash_before_and_the_bytes() -> None:
    """A worked example; the genesis is 32 zero bytes."""
    first = encode_event(EVENTS[0])
    assert bytes(32) == GENESIS
    assert chain(GENESIS, first) == hashlib.sha256(bytes(32) + first).digest()


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=6), st.data())
def test_a_record_cut_out_or_changed_or_moved_shows(bodies: list[bytes], data: st.DataObject) -> None:
    """The head after any such change is another one."""

    def head(records: list[bytes]) -> bytes:
        value = GENESIS
        for body in records:
            value = chain(value, body)
        return value

    index = data.draw(st.integers(0, len(bodies) - 1))
    cut = bodies[:index] + bodies[index + 1 :]
    changed = [*bodies[:index], bodies[index] + b"!", *bodies[index + 1 :]]
    moved = [*cut, bodies[index]]
    assert head(cut) != head(bodies)
    assert head(changed) != head(bodies)
    assert (head(moved) != head(bodies)) == (moved != bodies)


NEWER = {"tyre_pressure": [2.4, {"unit": "bar"}]}
"""A field that only newer software knows."""


@pytest.mark.parametrize("sample", EVENTS, ids=lambda one: one.data.type)
def test_a_field_that_only_newer_software_knows_is_passed_over(sample: Event) -> None:
    """In the envelope and in the data of each kind; the rest is read as ever."""
    record = json.loads(encode_event(sample))
    newer = {**record, **NEWER, "data": {**record["data"], **NEWER}}
    assert decode_event(json.dumps(newer).encode()) == sample


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (MeteringPaused("call"), "reason"),
        (VisitLeft("v", BOX, T, "left"), "reason"),
        (VisitClosed("v", BOX, T, T, 1.0, True, False, "left", ()), "reason"),
        (PlanAdopted(SHIFT, "1", 1, "approved", "ab" * 32, ()), "source"),
        (ClockStepped("none", "gps", 1.0), "after"),
    ],
)
def test_a_value_that_only_newer_software_knows_is_kept(data: Any, field: str) -> None:
    """As text, in the place of a known one; and so is an unknown state of the clock."""
    record = json.loads(encode_event(event(data)))
    record["data"][field], record["clock"] = "laundry", "ptp"
    read = decode_event(json.dumps(record).encode())
    assert read == replace(event(data), clock=Unknown("ptp"), data=replace(data, **{field: "laundry"}))


def test_a_record_of_a_kind_that_only_newer_software_knows_is_read_as_far_as_it_is_known() -> None:
    """All of its envelope; of its data the kind's name, and the fields as they came."""
    record = json.loads(encode_event(EVENTS[0]))
    record["data"] = {"type": "door_opened", "door": 2, **NEWER}
    read = decode_event(json.dumps(record).encode())
    assert read == replace(EVENTS[0], data=OtherRecord("door_opened", {"door": 2, **NEWER}))


GOOD = json.loads(encode_event(EVENTS[0]))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "the document"),
        (b"\xff\xfe", "the document"),
        (b"[]", "the document"),
        (b"{}", "id: "),
        (json.dumps({**GOOD, "seq": "first"}).encode(), "seq: "),
        (json.dumps({**GOOD, "clock": 12}).encode(), "clock."),
        (json.dumps({**GOOD, "time": "yesterday"}).encode(), "time: "),
        (json.dumps({**GOOD, "data": {"software": "2"}}).encode(), "data: "),
        (json.dumps({**GOOD, "data": {"type": "started"}}).encode(), "software: "),
        (json.dumps({**GOOD, "data": {"type": "signed_in"}, "mono": None}).encode(), "mono: "),
        (json.dumps({**GOOD, "data": {"type": "door_opened"}, "mono": None}).encode(), "data: "),
    ],
)
def test_what_is_no_record_is_refused_in_a_sentence(body: bytes, named: str) -> None:
    """One UserError that names the key; never a traceback."""
    with pytest.raises(UserError, match="a ledger record is malformed: ") as caught:
        decode_event(body)
    assert named in str(caught.value)
