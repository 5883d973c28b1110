"""MQTT 5 properties as paho has them, with their tables made once instead of for each message.

paho searches its list of names several times for each property that it reads or writes, and looks at each character by
itself: most of what it costs to receive a record. Must not differ from paho in what is accepted, refused, read or
written.
"""

import re
from functools import cache
from itertools import chain
from typing import Any, Final

from paho.mqtt import _packet
from paho.mqtt import properties as paho
from paho.mqtt.packettypes import PacketTypes

_TABLES: Final = paho.Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
_IDENTIFIERS: Final = {name.replace(" ", ""): number for name, number in _TABLES.names.items()}
_USER_PROPERTY: Final = "UserProperty"
_CONTENT_TYPE: Final = "ContentType"
_PAIR, _CONTENT = _IDENTIFIERS[_USER_PROPERTY], _IDENTIFIERS[_CONTENT_TYPE]
_REFUSED: Final = re.compile("[\0\ufeff]")
"""Characters that paho refuses besides those that are no UTF-8."""


class Properties(paho.Properties):
    """Stands for paho's own."""

    def __init__(self, packetType: int) -> None:  # noqa: N803 - as paho names it
        self.__dict__.update(
            packetType=packetType, types=_TABLES.types, names=_TABLES.names, properties=_TABLES.properties
        )

    def getIdentFromName(self, compressedName: str) -> int:  # noqa: N802, N803 - as paho names it
        """The number of a property; -1 where there is none."""
        return _IDENTIFIERS.get(compressedName, -1)

    def clear(self) -> None:
        """Without any property."""
        for name in self.__dict__.keys() & _IDENTIFIERS.keys():
            del self.__dict__[name]

    def unpack(self, buffer: bytes) -> tuple[paho.Properties, int]:
        """Read what stands at a buffer's beginning; and the bytes that takes."""
        if self.packetType == PacketTypes.PUBLISH and (read := _of_message(bytes(buffer))) is not None:
            self.__dict__.update(read[0])
            return self, read[1]
        return super().unpack(buffer)  # type: ignore[no-any-return, no-untyped-call]  # paho leaves it untyped

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


def _of_message(data: bytes) -> tuple[dict[str, Any], int] | None:
    """A message's content type and user properties, and the bytes they take; None: paho is to read, or to refuse."""
    length, at = paho.VariableByteIntegers.decode(data[:4])  # type: ignore[no-untyped-call]
    end, pairs, found = at + length, list[tuple[str, str]](), dict[str, Any]()
    try:
        while at < end:
            kind, (name, at) = data[at], _text(data, at + 1)
            if kind == _PAIR:
                value, at = _text(data, at)
                pairs.append((name, value))
            elif kind == _CONTENT and not found:
                found[_CONTENT_TYPE] = name
            else:
                return None
    except (IndexError, UnicodeDecodeError):
        return None
    if at != end or end > len(data) or _REFUSED.search("".join(chain(found.values(), *pairs))):
        return None
    return found | ({_USER_PROPERTY: pairs} if pairs else {}), end


def _text(data: bytes, at: int) -> tuple[str, int]:
    """The string that stands there, and where it ends. Raises IndexError and UnicodeDecodeError."""
    began = at + 2
    end = began + (data[at] << 8 | data[at + 1])
    return data[began:end].decode(), end


def use() -> None:
    """Have paho read what comes with these."""
    _packet.Properties = Properties  # type: ignore[attr-defined]  # no public way in
