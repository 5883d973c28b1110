"""Messages that nobody should send, made of those that headquarters and the fleet do: by bytes, by fields, by topic."""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

BIG: Final = "9" * 400
ODD: Final[Sequence[str]] = (
    "null", "true", "false", "0", "-1", "-0.0", "1e308", "1e999", "-1e999", "NaN", "Infinity", "9007199254740993", BIG,
    "1.5", '""', '"\\ud800"', '"\\u0000"', '"Ω"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"',
    '"2026-10-14T12:00:00"', '"2026-10-14T12:00:00+23:59"', '"1969-12-31T23:59:59Z"', '"2099-12-31T23:59:59Z"',
    '"2026-10-14/day"', '"9999-12-31/day"', '"0001-01-01/night"', '"2026-02-30/day"', '"2026-10-14/brunch"',
    '"1-1"', '"999999-999999"', '"0-0"', '"car-1"', '"car-2:x:5"', '"car-1:x:5"', '"narcotics"', '"elsewhere"', '"1"',
    '"' + "x" * 3000 + '"', "[]", "{}", "[[[[[[1]]]]]]", '{"a":{"a":{"a":1}}}', "1784", "4294967296", "0.0000001",
    '"' + "ab" * 64 + '"', '"' + "ab" * 32 + '"', "120", "24", "5e-324", "1e22",
)  # fmt: skip
"""Values as they stand in JSON text, or in what passes for it."""
HOLE: Final = "\x01hole\x01"

Path = tuple[str | int, ...]


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Where a document has values."""
    if here:
        yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from paths(one, (*here, key))


def changed(rng: random.Random, document: dict[str, Any]) -> str:
    """The document with one to three values changed, taken out, doubled or added."""
    copy = json.loads(json.dumps(document))
    values = [rng.choice(ODD) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    for number in range(len(values)):
        _change(rng, copy, f"{HOLE}{number}")
    text = json.dumps(copy)
    for number, value in enumerate(values):
        text = text.replace(json.dumps(f"{HOLE}{number}"), value)
    return text


def _change(rng: random.Random, document: dict[str, Any], hole: str) -> None:
    *way, last = rng.choice(list(paths(document)))
    holder: Any = document
    for key in way:
        holder = holder[key]
    kind = rng.randrange(8)
    if kind == 0:
        del holder[last]
    elif kind == 1 and isinstance(holder, list):
        holder.extend([holder[int(last)]] * rng.randrange(1, 30))
    elif kind == 2 and isinstance(holder, dict):
        holder[f"{last}x"] = hole
    else:
        holder[last] = hole


def doubled_key(rng: random.Random, document: dict[str, Any]) -> str:
    """A key that stands there twice, with two values."""
    text, key = json.dumps(document), rng.choice(list(document))
    return text[:-1] + f',"{key}":{rng.choice((rng.choice(ODD), json.dumps(document[key])))}' + "}"


def nested(rng: random.Random, document: dict[str, Any]) -> str:
    """A value at the bottom of a deep hole."""
    depth, copy = rng.choice((50, 199, 201, 5000)), dict(document)
    copy[rng.choice(list(copy))] = HOLE
    return json.dumps(copy).replace(
        json.dumps(HOLE), rng.choice(("[", '{"a":')) * depth + "1" + rng.choice("]}") * depth
    )


def bytes_hurt(rng: random.Random, payload: bytes) -> bytes:
    """Bits flipped, bytes cut, doubled or put in."""
    hurt = bytearray(payload)
    for _ in range(rng.randrange(1, 4)):
        at, kind = rng.randrange(len(hurt)), rng.randrange(5)
        if kind == 0:
            hurt[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del hurt[at : at + rng.randrange(1, 20)]
        elif kind == 2:
            hurt[at:at] = rng.randbytes(rng.randrange(1, 8))
        elif kind == 3:
            hurt[at:at] = hurt[at : at + 40]
        else:
            del hurt[at + 1 :]
        hurt = hurt or bytearray(b"{")
    return bytes(hurt)


def payload(rng: random.Random, document: dict[str, Any]) -> bytes:
    """One hostile payload."""
    chance = rng.random()
    if chance < 0.6:
        return changed(rng, document).encode("utf-8", "surrogatepass")
    if chance < 0.7:
        return doubled_key(rng, document).encode()
    if chance < 0.72:
        return nested(rng, document).encode()
    if chance < 0.98:
        return bytes_hurt(rng, json.dumps(document).encode())
    if chance < 0.9995:
        return rng.choice(
            (b"", b"null", b"[]", b"{}", b"\xff\xfe", b"\x00", rng.randbytes(50), b"[" * 3000, b"0" * 5000)
        )
    return rng.choice((b"[", b'{"a":', b" ", b"9", b"\xff", b'["a",')) * 2_000_000


def topic(rng: random.Random, good: str) -> str:
    """The topic, or one that is like it."""
    if rng.random() < 0.8:
        return good
    parts = good.split("/")
    at, kind = rng.randrange(len(parts)), rng.randrange(5)
    if kind == 0:
        del parts[at]
    elif kind == 1:
        parts[at] = rng.choice(("", "+", "#", "..", "x" * 300, "car-1", "Ω", "vehicles", "\n", "squaretown2"))
    elif kind == 2:
        parts.insert(at, parts[at])
    elif kind == 3:
        parts = parts[:at]
    else:
        parts.append("x")
    return "/".join(parts)
