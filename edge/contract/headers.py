"""The MQTT 5 user properties of each message, as the AsyncAPI document describes them."""

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, Field

from edge.contract.comparison import PATTERN
from edge.contract.messages import Hash
from edge.contract.wire import FIRST
from edge.text.strictness import SENT


class Headers(BaseModel):
    """What every message's user properties say: the version of the wire that its sender speaks."""

    model_config = SENT
    wire: str = Field(str(FIRST), pattern=r"^[1-9][0-9]{0,2}$")


class RecordHeaders(Headers):
    """A ledger record's user properties: CloudEvents 1.0 attributes, and its place in the hash chain."""

    specversion: Literal["1.0"]
    id: str
    source: str = Field(pattern=r"^/vehicles/[^/]+$")
    type: str = Field(pattern=r"^roundsman\.[a-z][a-z0-9_]*$")
    time: datetime
    ledger: str
    seq: str = Field(pattern=r"^[1-9][0-9]*$")
    hash: Hash


class AckHeaders(Headers):
    """An acknowledgement's user properties; ``signature`` where headquarters has a key for them."""

    signature: str | None = Field(None, pattern=r"^[0-9a-f]{128}$", exclude_if=lambda signature: signature is None)


class StatusHeaders(Headers):
    """A status's user properties; ``compare``: numbers of its ledger whose hashes the vehicle asks for."""

    compare: str | None = Field(None, pattern=PATTERN, exclude_if=lambda compare: compare is None)


HEADERS: Final[dict[str, type[Headers]]] = {"events": RecordHeaders, "status": StatusHeaders, "acks": AckHeaders}
"""By topic, as in `edge.contract.asyncapi.messages`; `Headers` for any other."""
