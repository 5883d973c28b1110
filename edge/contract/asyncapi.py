"""The wire as an AsyncAPI 3 document and JSON Schemas (draft 7), made from the message types and kept in ``schemas/``.

``python -m edge.contract.asyncapi`` writes them anew; a test compares the kept ones with what the types give. A
description for those who connect something to the broker: nothing here is read while a vehicle patrols. Must not say
anything of a message that its type, or `edge.contract.topics`, does not.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticOmit, core_schema

from edge.contract.headers import HEADERS, Headers, RecordHeaders
from edge.contract.messages import Ack, Signed, Status, Visits
from edge.contract.records import EVENT
from edge.contract.signed_documents import SHIFT, SignedKind
from edge.contract.signed_kinds import KINDS
from edge.contract.topics import Topics
from edge.domain.events import OtherRecord, UnreadableRecord

FOLDER: Final = Path(__file__).with_name("schemas")


def _signed(kind: SignedKind[Any]) -> TypeAdapter[Any]:
    """The form of a signed document: its envelope, with the body that its kind has."""
    name = f"Signed{kind.name.title()}"
    fields: dict[str, Any] = {"kind": (Literal[kind.name], ...), "body": (kind.model, ...)}
    return TypeAdapter(create_model(name, __base__=Signed, __doc__=Signed.__doc__, **fields))


PUBLISHED: Final = {kind.name: kind for kind in KINDS.values() if kind.topic is not None}
"""The signed kinds that travel by MQTT."""

MESSAGES: Final[dict[str, TypeAdapter[Any]]] = {
    "events": EVENT,
    "status": TypeAdapter(Status),
    "visits": TypeAdapter(Visits),
    **{name: _signed(kind) for name, kind in PUBLISHED.items()},
    "acks": TypeAdapter(Ack),
}
"""What each topic carries, by the name of `edge.contract.topics.Topics`' method, or of the signed kind."""

SENDS: Final = ("events", "status", "visits")
RECEIVES: Final = ("acks", *PUBLISHED, "visits")
RETAINED: Final = ("status", "visits", *PUBLISHED)
PARAMETERS: Final = {
    "agency": "The agency's id.",
    "unit": "The vehicle: its unit id, which is its certificate's name.",
    "district": "A district of the agency.",
    "date": "The local date on which the shift starts.",
    "shift_name": "A shift of the agency's day, such as night.",
}


class _Draft7(GenerateJsonSchema):
    """Draft 7, which is AsyncAPI's own: there, a tuple's ``prefixItems`` are called ``items``.

    Every field is required: the encoders leave none out but those that say so, and a record's ``type`` tells its kind.
    """

    schema_dialect = "http://json-schema.org/draft-07/schema#"

    def field_is_required(
        self, field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField, total: bool
    ) -> bool:
        del total
        return "serialization_exclude_if" not in field

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """Of a record, the kinds that are written; what a reader makes of others is no part of the wire."""
        if schema["cls"] in (OtherRecord, UnreadableRecord):
            raise PydanticOmit
        return super().dataclass_schema(schema)

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        made = super().tuple_schema(schema)
        if "prefixItems" in made:
            made["items"] = made.pop("prefixItems")
        return made


def documents() -> dict[str, dict[str, Any]]:
    """Every document by its file name: one JSON Schema for each kind of message, and the AsyncAPI document."""
    kept = {**MESSAGES, "headers": TypeAdapter(RecordHeaders)}
    made = {f"{name}.json": _schema(adapter) for name, adapter in kept.items()}
    return {**made, "asyncapi.json": asyncapi()}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document, as a vehicle's end of the wire sees it."""
    kinds = {**MESSAGES, **{f"{name} headers": TypeAdapter(HEADERS.get(name, Headers)) for name in MESSAGES}}
    inputs = [(name, "serialization", kind) for name, kind in kinds.items()]
    refs, schemas = TypeAdapter.json_schemas(
        inputs,  # type: ignore[arg-type]  # a literal in a tuple in a comprehension is a str to mypy
        ref_template="#/components/schemas/{model}",
        schema_generator=_Draft7,
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Roundsman: a vehicle's end of the wire",
            "version": "1.0.0",
            "description": "Headquarters sends what a vehicle receives, and the reverse. MQTT 5, JSON, QoS 1.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name) for name in MESSAGES},
        "operations": {
            **{f"send_{name}": _operation("send", name) for name in SENDS},
            **{f"receive_{name}": _operation("receive", name) for name in RECEIVES},
        },
        "components": {
            "messages": {
                name: {
                    "name": name,
                    "contentType": "application/json",
                    "headers": refs[f"{name} headers", "serialization"],
                    "payload": refs[name, "serialization"],
                }
                for name in MESSAGES
            },
            "schemas": schemas["$defs"],
        },
    }


def _schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    return {
        "$schema": _Draft7.schema_dialect,
        **adapter.json_schema(mode="serialization", schema_generator=_Draft7),
    }


def _channel(name: str) -> dict[str, Any]:
    topics = Topics("{agency}")
    kind = PUBLISHED.get(name)
    if kind is None:
        address, description = getattr(topics, name)("{unit}"), inspect.getdoc(getattr(Topics, name)) or ""
    else:
        address = kind.topic_at(topics, {field: f"{{{field}}}" for field in kind.key} | {SHIFT: "{date}/{shift_name}"})
        description = f"{(inspect.getdoc(kind.model) or '').splitlines()[0]} Signed. Retained."
    return {
        "address": address,
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {each: {"description": PARAMETERS[each]} for each in re.findall(r"{(\w+)}", address)},
    }


def _operation(action: str, name: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": name in RETAINED, "bindingVersion": "0.2.0"}},
    }


def text(document: dict[str, Any]) -> str:
    """A document as it is kept."""
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def write(folder: Path = FOLDER) -> None:
    """Write every document."""
    folder.mkdir(exist_ok=True)
    for name, document in documents().items():
        (folder / name).write_text(text(document), encoding="utf-8")


if __name__ == "__main__":
    write()
