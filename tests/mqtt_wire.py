"""MQTT 5's packets as the tests' own broker reads and writes them: from the standard, not from a client's library."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14

BYTE, TWO, FOUR, VARINT, TEXT, PAIR = range(6)
TYPES: Final = {
    **dict.fromkeys((1, 23, 25, 36, 37, 40, 41, 42), BYTE),
    **dict.fromkeys((19, 33, 34, 35), TWO),
    **dict.fromkeys((2, 17, 24, 39), FOUR),
    11: VARINT,
    **dict.fromkeys((3, 8, 9, 18, 21, 22, 26, 28, 31), TEXT),
    38: PAIR,
}
"""Of each property, by its number (MQTT 5, table 2-4)."""


class Reader:
    """Reads a packet's body from its beginning."""

    def __init__(self, body: bytes) -> None:
        self.rest = body

    def take(self, size: int) -> bytes:
        """So many bytes."""
        assert len(self.rest) >= size, "a packet ends before its time"
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def number(self, size: int) -> int:
        """An integer of so many bytes."""
        return int.from_bytes(self.take(size), "big")

    def text(self) -> bytes:
        """A string, or binary data."""
        return self.take(self.number(2))

    def varint(self) -> int:
        """A length."""
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def properties(self) -> dict[int, Any]:
        """By number; of those that may come more than once the last."""
        inner, found = Reader(self.take(self.varint())), dict[int, Any]()
        one: dict[int, Callable[[], Any]] = {
            BYTE: lambda: inner.number(1),
            TWO: lambda: inner.number(2),
            FOUR: lambda: inner.number(4),
            VARINT: inner.varint,
            TEXT: inner.text,
            PAIR: lambda: (inner.text(), inner.text()),
        }
        while inner.rest:
            number = inner.varint()
            found[number] = one[TYPES[number]]()
        return found


def varint(value: int) -> bytes:
    """A length as it is written."""
    out = bytearray()
    while True:
        value, byte = value >> 7, value & 127
        out.append(byte | (128 if value else 0))
        if not value:
            return bytes(out)


def text(value: bytes) -> bytes:
    """A string with its length."""
    return struct.pack("!H", len(value)) + value


def properties(values: dict[int, Any]) -> bytes:
    """Numbers and strings with their numbers, and the length of all."""
    sizes = {BYTE: 1, TWO: 2, FOUR: 4}
    body = b"".join(
        bytes([number]) + (text(value) if TYPES[number] == TEXT else value.to_bytes(sizes[TYPES[number]], "big"))
        for number, value in values.items()
    )
    return varint(len(body)) + body


def packet(kind: int, body: bytes, flags: int = 0) -> bytes:
    """A whole packet."""
    return bytes([kind << 4 | flags]) + varint(len(body)) + body


@dataclass(frozen=True)
class Message:
    """A publication. ``beside``: its properties as they came, with their length."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    beside: bytes = b"\0"
    mid: int = 0

    def packet(self, qos: int, mid: int) -> bytes:
        """As it is handed on."""
        number = struct.pack("!H", mid) if qos else b""
        body = text(self.topic.encode()) + number + self.beside + self.payload
        return packet(PUBLISH, body, qos << 1 | self.retain)


def read_publish(flags: int, body: bytes) -> tuple[Message, dict[int, Any]]:
    """A publication and its properties."""
    reader, qos = Reader(body), flags >> 1 & 3
    topic = reader.text().decode()
    mid = reader.number(2) if qos else 0
    before = reader.rest
    found = reader.properties()
    beside = before[: len(before) - len(reader.rest)]
    return Message(topic, reader.rest, qos, bool(flags & 1), beside, mid), found


def matches(wanted: str, topic: str) -> bool:
    """Whether a filter takes a topic."""
    asked, given = wanted.split("/"), topic.split("/")
    for at, level in enumerate(asked):
        if level == "#":
            return True
        if at >= len(given) or level not in {"+", given[at]}:
            return False
    return len(asked) == len(given)
