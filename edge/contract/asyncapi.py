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
from edge.contract.messages import Ack, Signed
from edge.contract.records import EVENT
from edge.contract.signed_documents import SHIFT, SignedKind
from edge.contract.signed_kinds import KINDS
from edge.contract.topics import Topics
from edge.contract.vehicle_messages import MESSAGES
from edge.domain.events import OtherRecord, UnreadableRecord

FOLDER: Final = Path(__file__).with_name("schemas")


def _signed(kind: SignedKind[Any]) -> TypeAdapter[Any]:
    """The form of a signed document: its envelope, with the body that its kind has."""
    name = f"Signed{kind.name.title()}"
    fields: dict[str, Any] = {"kind": (Literal[kind.name], ...), "body": (kind.model, ...)}
    return TypeAdapter(create_model(name, __base__=Signed, __doc__=Signed.__doc__, **fields))


def published() -> dict[str, SignedKind[Any]]:
    """The signed kinds that travel by MQTT to vehicles."""
    return {kind.name: kind for kind in KINDS.values() if kind.topic is not None and kind.for_vehicles}


def retained() -> set[str]:
    """The names of what the broker retains."""
    return {*MESSAGES, *published()}


def messages() -> dict[str, TypeAdapter[Any]]:
    """What each topic carries, by the name of its row, or of `edge.contract.topics.Topics`' method."""
    return {
        "events": EVENT,
        **{name: TypeAdapter(message.model) for name, message in MESSAGES.items()},
        **{name: _signed(kind) for name, kind in published().items()},
        "acks": TypeAdapter(Ack),
    }


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
        made = super().dataclass_schema(schema)
        if sparse := getattr(schema["cls"], "SPARSE", ()):
            made["required"] = [name for name in made["required"] if name not in sparse]
        return made

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        made = super().tuple_schema(schema)
        if "prefixItems" in made:
            made["items"] = made.pop("prefixItems")
        return made


def documents() -> dict[str, dict[str, Any]]:
    """Every document by its file name: one JSON Schema for each kind of message, and the AsyncAPI document."""
    kept = {**messages(), "headers": TypeAdapter(RecordHeaders)}
    made = {f"{name}.json": _schema(adapter) for name, adapter in kept.items()}
    return {**made, "asyncapi.json": asyncapi()}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document, as a vehicle's end of the wire sees it."""
    names = messages()
    kinds = {**names, **{f"{name} headers": TypeAdapter(HEADERS.get(name, Headers)) for name in names}}
    received = ("acks", *published(), *(name for name, message in MESSAGES.items() if message.fleet))
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
        "channels": {name: _channel(name) for name in names},
        "operations": {
            **{f"send_{name}": _operation("send", name) for name in ("events", *MESSAGES)},
            **{f"receive_{name}": _operation("receive", name) for name in received},
        },
        "components": {
            "messages": {
                name: {
                    "name": name,
                    "contentType": "application/json",
                    "headers": refs[f"{name} headers", "serialization"],
                    "payload": refs[name, "serialization"],
                }
                for name in names
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
    address, description = _address(name)
    return {
        "address": address,
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {each: {"description": PARAMETERS[each]} for each in re.findall(r"{(\w+)}", address)},
    }


def _address(name: str) -> tuple[str, str]:
    """The topic of a message, with what is left open in braces, and what it is for."""
    topics = Topics("{agency}")
    if (message := MESSAGES.get(name)) is not None:
        return topics.of_vehicle(name, "{unit}"), f"{message.description} Retained."
    if (kind := published().get(name)) is not None:
        open_levels = {field: f"{{{field}}}" for field in kind.key} | {SHIFT: "{date}/{shift_name}"}
        said = (inspect.getdoc(kind.model) or "").splitlines()[0]
        return kind.topic_at(topics, open_levels), f"{said} Signed. Retained."
    return getattr(topics, name)("{unit}"), inspect.getdoc(getattr(Topics, name)) or ""


def _operation(action: str, name: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": name in retained(), "bindingVersion": "0.2.0"}},
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
