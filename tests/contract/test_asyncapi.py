"""The kept AsyncAPI document and JSON Schemas: what the types give, valid by AsyncAPI's own rules, true of messages."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.contract.asyncapi import FOLDER, documents, messages, retained, text, write
from edge.contract.messages import encode
from edge.contract.records import encode_event
from edge.domain.events import Event
from edge.vehicle.link.outbound import record_properties
from tests.contract.samples import ACK, EVENTS, SIGNED, SIGNED_CONTEXT, STATUS, VISITS
from tests.schemas import validator

SPECIFICATION = Path(__file__).resolve().parents[2] / "build" / "asyncapi" / "3.0.0.json"
DOCUMENT: dict[str, Any] = json.loads((FOLDER / "asyncapi.json").read_text(encoding="utf-8"))


def kept(name: str) -> Any:
    """The kept schema of one kind of message."""
    return validator(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")), "Draft7")


def in_document(schema: str) -> Any:
    """A schema of the AsyncAPI document."""
    return validator({"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}, "Draft7")


def test_what_is_kept_is_what_the_types_give() -> None:
    """Where this fails: `make schemas`, and look at what changed on the wire."""
    made = {name: text(document) for name, document in documents().items()}
    held = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert held.keys() == made.keys()
    assert held == made


def test_writing_makes_the_same_files(tmp_path: Path) -> None:
    """The whole folder, into a new place too."""
    write(tmp_path / "schemas")
    for path in FOLDER.iterdir():
        assert (tmp_path / "schemas" / path.name).read_bytes() == path.read_bytes()


def test_the_document_is_valid_by_asyncapis_own_schema() -> None:
    """AsyncAPI 3.0.0, the published JSON Schema; a document that is broken is found out by it."""
    if not SPECIFICATION.exists():
        pytest.skip("needs build/asyncapi/3.0.0.json: sh tests/contract/fetch_asyncapi.sh (npm)")
    published = validator(json.loads(SPECIFICATION.read_text(encoding="utf-8")), "Draft7")
    assert [f"{error.json_path}: {error.message}" for error in published.iter_errors(DOCUMENT)] == []
    assert list(published.iter_errors({**DOCUMENT, "operations": {"send_events": {"action": "shout"}}}))


def test_every_reference_of_the_document_leads_somewhere() -> None:
    """None dangles, none leaves the file."""

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [one for value in node.values() for one in references(value)]
        return [one for value in node for one in references(value)] if isinstance(node, list) else []

    for reference in references(DOCUMENT):
        at: Any = DOCUMENT
        for key in reference.removeprefix("#/").split("/"):
            at = at[key]
        assert at


def test_every_topic_is_a_channel_and_says_whether_it_is_retained() -> None:
    """Each with a message, and a direction as the vehicle sees it."""
    assert DOCUMENT["channels"].keys() == messages().keys()
    assert DOCUMENT["channels"]["events"]["address"] == "roundsman/v1/{agency}/vehicles/{unit}/events"
    for name, operation in DOCUMENT["operations"].items():
        topic = name.partition("_")[2]
        assert operation["bindings"]["mqtt"]["retain"] == (topic in retained())
        assert ("Not retained" in DOCUMENT["channels"][topic]["description"]) == (topic not in retained())


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.data.type)
def test_every_record_obeys_the_schema(event: Event) -> None:
    """The bytes as they are sent; by the kept file and by the document alike."""
    document = json.loads(encode_event(event))
    kept("events").validate(document)
    in_document("Event").validate(document)


@pytest.mark.parametrize(
    ("name", "schema", "message"),
    [
        ("status", "Status", STATUS),
        ("visits", "Visits", VISITS),
        ("acks", "Ack", ACK),
        ("plan", "SignedPlan", SIGNED),
        ("context", "SignedContext", SIGNED_CONTEXT),
    ],
)
def test_every_message_obeys_the_schema(name: str, schema: str, message: Any) -> None:
    """One with a field too many does, too, as one of newer software may have; one with a field too few does not."""
    document = json.loads(encode(message))
    for schemas in (kept(name), in_document(schema)):
        schemas.validate(document)
        assert not schemas.is_valid(dict(list(document.items())[1:]))
    if name in ("status", "visits", "acks"):
        kept(name).validate({**document, "tyre_pressure": 2.4})


def test_a_record_of_an_unknown_kind_does_not_obey_the_schema() -> None:
    """Kinds are told apart by their type, which is required."""
    document = json.loads(encode_event(EVENTS[0]))
    for data in ({**document["data"], "type": "arrested"}, {"software": "0.1.0", "gap_s": None}):
        assert not kept("events").is_valid({**document, "data": data})


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.data.type)
def test_a_records_user_properties_obey_the_schema(event: Event) -> None:
    """What the vehicle really sends beside a record."""
    properties: Any = record_properties(event.unit, encode_event(event), bytes(32))
    kept("headers").validate(dict(properties.UserProperty))
