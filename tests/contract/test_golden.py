"""What crosses the wire is read for good: as every version so far wrote it, and as newer software may."""

import importlib
import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from edge.contract import signed_acks
from edge.contract.asyncapi import messages
from edge.contract.keys import DailyKey, Keyring
from edge.contract.records import decode_event
from edge.contract.signed_kinds import KINDS as SIGNED
from edge.contract.wire import VERSION
from edge.domain.events import KINDS
from edge.errors import UserError
from tests.contract.golden import FOLDER, PUBLIC, files, read, written

VERSIONS: Final = sorted(int(path.name) for path in FOLDER.iterdir() if path.name.isdigit())
"""Every version of the wire so far."""

OF_TOPICS: Final = {"events": "event", "acks": "ack"}
"""What a golden file is called where it is not called as its topic."""


def values(version: object) -> dict[str, Any]:
    """What the golden files of a version say."""
    made: dict[str, Any] = importlib.import_module(f"tests.contract.golden.version_{version}").VALUES
    return made


GOLDEN: Final = [(str(version), name) for version in (*VERSIONS, "future") for name in values(version)]
NAMES: Final = {name for version in VERSIONS for name in values(version)}


@pytest.mark.parametrize(("version", "name"), GOLDEN)
def test_every_version_is_read(version: str, name: str) -> None:
    """Each field has the value that was written; what only newer software knows is passed over, or kept as text."""
    assert read(name, files(version)[name]) == values(version)[name]


@pytest.mark.parametrize(("version", "name"), [one for one in GOLDEN if one[0] != "future" and one[1] != "headers"])
def test_what_is_written_is_in_a_golden_file(version: str, name: str) -> None:
    """Byte for byte, and a value of an older version in its form: an older peer may be who reads it.

    Who changes a form adds a version of the wire with its golden file.
    """
    content = files(version)[name]
    if name.partition(".")[0] in SIGNED:
        content = json.dumps(json.loads(content)["body"], separators=(",", ":"), ensure_ascii=False).encode()
    assert written(name, values(version)[name]) == content


def test_each_golden_file_has_its_value_and_each_value_its_file() -> None:
    """None is forgotten."""
    for version in (*VERSIONS, "future"):
        assert set(files(str(version))) == set(values(version))


def test_every_message_and_every_kind_of_record_has_a_golden_file() -> None:
    """A kind that is added brings its own."""
    named = (
        {OF_TOPICS.get(name, name) for name in messages()} | set(SIGNED) | {"headers", "ack_headers", "status_headers"}
    )
    assert {name.partition(".")[0] for name in NAMES} == named
    assert {name.split(".")[1] for name in NAMES if name.startswith("event.")} == set(KINDS)


def test_a_signed_acknowledgement_holds() -> None:
    """The signature of version 2's user property, over the message as version 1 has it."""
    keys = Keyring(None, {"acks": (DailyKey(key=PUBLIC, expires=datetime(2099, 1, 1, tzinfo=UTC)),)})
    signed_acks.check(files("1")["ack"], values("2")["ack_headers"].signature, keys, None)
    with pytest.raises(UserError, match="not signed with"):
        signed_acks.check(files("future")["ack"], values("2")["ack_headers"].signature, keys, None)


def test_the_newest_version_is_that_of_the_wire() -> None:
    """A version without a golden file brought nothing."""
    assert max(VERSIONS) == VERSION


def test_a_record_of_the_future_is_of_no_kind_of_today() -> None:
    """Else its golden file shows nothing."""
    assert decode_event(files("future")["event.door_opened"]).data.type not in KINDS
