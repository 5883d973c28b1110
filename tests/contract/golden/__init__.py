"""Golden files: each message as each version of the wire wrote it, kept for good. README.md says how."""

from pathlib import Path
from typing import Any, Final

from edge.contract.headers import AckHeaders, RecordHeaders, StatusHeaders
from edge.contract.messages import Ack, Signed, Status, Visits, decode, encode
from edge.contract.records import decode_event, encode_event
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import KINDS
from edge.contract.signing import verify

FOLDER: Final = Path(__file__).parent
KEY: Final = bytes(range(32))
"""The private key that the golden documents are signed with."""

PUBLIC: Final = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
MODELS: Final[dict[str, Any]] = {
    "status": Status,
    "visits": Visits,
    "ack": Ack,
    "headers": RecordHeaders,
    "ack_headers": AckHeaders,
    "status_headers": StatusHeaders,
}


def files(version: str) -> dict[str, bytes]:
    """The golden files of a version by name, without their line's end."""
    return {path.stem: path.read_bytes().rstrip(b"\n") for path in sorted((FOLDER / version).glob("*.json"))}


def read(name: str, content: bytes) -> object:
    """What this software reads in a golden file; of a signed document the body, if the signature is the key's."""
    message = name.partition(".")[0]
    if message == "event":
        return decode_event(content)
    if message not in KINDS:
        return decode(MODELS[message], content)
    signed = decode(Signed, content)
    assert verify(PUBLIC, signed.signed_bytes(), signed.signature), "what is signed has other bytes now"
    return read_body(KINDS[message], signed)


def written(name: str, value: Any) -> bytes:
    """How this software writes a value; of a signed document, the body."""
    return encode_event(value) if name.startswith("event.") else encode(value)
