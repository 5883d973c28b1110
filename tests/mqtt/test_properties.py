"""What paho reads and writes is the same with our tables as with its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt import properties as paho
from paho.mqtt.packettypes import PacketTypes

from edge.mqtt import properties as ours

TEXT = st.text(max_size=20)
PAIRS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12)
WRITABLE = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=20)
KINDS = (paho.Properties, ours.Properties)


def outcome(read: Callable[[], object]) -> object:
    """What was read, or the kind of refusal."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - whatever the one raises, the other is to raise
        return type(error)


def read_all(kind: Any, data: bytes) -> object:
    """The properties of some bytes, and how many bytes they took."""
    properties = kind(PacketTypes.PUBLISH)
    return properties.unpack(data)[1], properties.json()


def written(kind: Any, pairs: list[tuple[str, str]], content: str | None) -> bytes:
    """The bytes of user properties, set one by one, and of another property."""
    properties = kind(PacketTypes.PUBLISH)
    for pair in pairs:
        properties.UserProperty = pair
    if content is not None:
        properties.ContentType = content
    return bytes(properties.pack())


@given(PAIRS, st.none() | TEXT)
def test_writes_the_bytes_that_paho_writes(pairs: list[tuple[str, str]], content: str | None) -> None:
    """User properties in their order, and another property."""
    theirs, own = (outcome(partial(written, kind, pairs, content)) for kind in KINDS)
    assert own == theirs


@given(PAIRS, st.none() | TEXT)
def test_reads_what_paho_writes(pairs: list[tuple[str, str]], content: str | None) -> None:
    """With the characters that paho refuses refused."""
    data = written(paho.Properties, pairs, content)
    theirs, own = (outcome(partial(read_all, kind, data)) for kind in KINDS)
    assert own == theirs


@given(st.binary(max_size=60) | st.builds(lambda body: bytes([len(body)]) + body, st.binary(max_size=100)))
def test_any_bytes_are_read_or_refused_as_paho_does(data: bytes) -> None:
    """Also those that are cut off, repeat a property, or number one that there is none of."""
    theirs, own = (outcome(partial(read_all, kind, data)) for kind in KINDS)
    assert own == theirs


@given(st.lists(st.tuples(WRITABLE, WRITABLE), max_size=6), st.none() | WRITABLE, st.data())
def test_what_is_cut_off_or_changed_is_read_or_refused_as_paho_does(
    pairs: list[tuple[str, str]], content: str | None, chosen: st.DataObject
) -> None:
    """A byte of a message's properties is another, or they end before their time."""
    data = bytearray(written(paho.Properties, pairs, content))
    data[chosen.draw(st.integers(0, len(data) - 1))] = chosen.draw(st.integers(0, 255))
    data = data[: chosen.draw(st.integers(1, len(data)))]
    theirs, own = (outcome(partial(read_all, kind, bytes(data))) for kind in KINDS)
    assert own == theirs


def test_a_property_of_another_packet_is_refused() -> None:
    """A user property is none of a ping."""
    theirs, own = (outcome(partial(setattr, kind(PacketTypes.PINGREQ), "UserProperty", ("a", "b"))) for kind in KINDS)
    assert own == theirs
    assert isinstance(own, type)
