"""MQTT 5 properties as paho has them, with their tables made once instead of for each message.

paho searches its list of names several times for each property that it reads or writes, and looks at each character by
itself: most of what it costs to receive a record. Must not differ from paho in what is accepted, refused, read or
written.
"""

import re
from functools import cache
from typing import Any, Final

from paho.mqtt import _packet
from paho.mqtt import properties as paho
from paho.mqtt.packettypes import PacketTypes

_TABLES: Final = paho.Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
_IDENTIFIERS: Final = {name.replace(" ", ""): number for name, number in _TABLES.names.items()}
_NAMES: Final = {number: name for name, number in _TABLES.names.items()}
_USER_PROPERTY: Final = "UserProperty"
_REFUSED: Final = re.compile("[\0\ufeff]")
"""Characters that paho refuses besides those that are no UTF-8."""

PAHO_READ_UTF: Final = paho.readUTF


class Properties(paho.Properties):
    """Stands for paho's own."""

    def __init__(self, packetType: int) -> None:  # noqa: N803 - as paho names it
        self.__dict__.update(
            packetType=packetType, types=_TABLES.types, names=_TABLES.names, properties=_TABLES.properties
        )

    def getIdentFromName(self, compressedName: str) -> int:  # noqa: N802, N803 - as paho names it
        """The number of a property; -1 where there is none."""
        return _IDENTIFIERS.get(compressedName, -1)

    def getNameFromIdent(self, identifier: int) -> str | None:  # noqa: N802 - as paho names it
        """The name of a property, with its spaces."""
        return _NAMES.get(identifier)

    def clear(self) -> None:
        """Without any property."""
        for name in self.__dict__.keys() & _IDENTIFIERS.keys():
            del self.__dict__[name]

    def __setattr__(self, name: str, value: Any) -> None:
        """A user property is added to those there are; paho sets any other."""
        if name.replace(" ", "") == _USER_PROPERTY and _allowed(self.packetType):
            more = value if isinstance(value, list) else [value]
            self.__dict__[_USER_PROPERTY] = self.__dict__.get(_USER_PROPERTY, []) + more
        else:
            super().__setattr__(name, value)  # type: ignore[no-untyped-call]  # paho leaves it untyped


@cache
def _allowed(packet_type: int) -> bool:
    return packet_type in _TABLES.properties[_IDENTIFIERS[_USER_PROPERTY]][1]


def read_utf(buffer: bytes, most: int) -> tuple[str, int]:
    """A string at a buffer's beginning, and the bytes it takes; paho says what is wrong with one."""
    length = int.from_bytes(buffer[:2])
    if 2 + length > min(most, len(buffer)):
        return PAHO_READ_UTF(buffer, most)  # type: ignore[no-any-return, no-untyped-call]  # paho leaves it untyped
    text = buffer[2 : 2 + length].decode()
    if _REFUSED.search(text):
        return PAHO_READ_UTF(buffer, most)  # type: ignore[no-any-return, no-untyped-call]
    return text, 2 + length


def use() -> None:
    """Have paho read what comes with these."""
    _packet.Properties = Properties  # type: ignore[attr-defined]  # no public way in
    paho.readUTF = read_utf
