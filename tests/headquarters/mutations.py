"""Messages that are almost right: real ones with a topic, a property, a key, a value or a byte changed at random.

Structure-aware: most of what comes out is still JSON, still a record, and goes deep before it is refused.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from edge.headquarters.receive.decoding import Received

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, 10**400, 0.5, -0.0, 1e308, float("inf"),
    float("nan"), "", " ", "0", "1", "x" * 200, "y" * 66_000, "\ufeff", "\u0000", "\u2028", "é€😀", "car-2", "ledger-b",
    "'; DROP TABLE events", "../../etc/passwd", "2026-11-22/night", "2026-99-99/night", "٢٠٢٦-١١-٢٢/night",
    "0001-01-01/day", "9999-12-31/night", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00",
    "2026-11-23T04:00:00", "2026-11-23T04:00:00Z", "1969-12-31T23:59:59Z", "NaN", "1e999", "signed_in", "teleported",
    "0-0", "999999-999999", "-1", "+1", "1.0", "１", [], {}, [[]], ["117"], {"type": "signed_in"},
    {"type": "presence", "box": "1-1"},
)  # fmt: skip

TEXTS: tuple[str, ...] = tuple(value for value in VALUES if isinstance(value, str))
KINDS = ("events", "status", "visits", "acks", "", "Events", "events/", "events/x", "+", "#", "plan")


def mutated(message: Received, random: Random) -> Received:
    """A message changed in one to three places."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        message = random.choice((_topic, _property, _value, _value, _value, _bytes))(message, random)
    return message


def _topic(message: Received, random: Random) -> Received:
    parts = message.topic.split("/")
    index = random.randrange(len(parts))
    change: tuple[Callable[[], list[str]], ...] = (
        lambda: [*parts[:-1], random.choice(KINDS)],
        lambda: [*parts[:index], random.choice(TEXTS), *parts[index + 1 :]],
        lambda: parts[:index] + parts[index + 1 :],
        lambda: [*parts[:index], random.choice(KINDS), *parts[index:]],
        lambda: [*parts[:4], random.choice(("car-1", "car-2", "CAR-1", "car-9", "car-1\n")), *parts[5:]],
    )
    return Received("/".join(random.choice(change)()), message.payload, message.properties)


def _property(message: Received, random: Random) -> Received:
    own = dict(message.properties)
    key = random.choice([*own, "id", "seq", "extra"])
    if random.random() < 0.25:
        own.pop(key, None)
    elif random.random() < 0.3:
        own[key] = str(random.randrange(0, 400))
    else:
        own[key] = random.choice((*TEXTS, "9" * 5000, "0" * 64, "f" * 64, own.get(key, "x").upper()))
    return Received(message.topic, message.payload, own)


def _value(message: Received, random: Random) -> Received:
    """Change, remove, add or double a key, however deep; what is no JSON (any more) gets other bytes."""
    try:
        document = json.loads(message.payload)
    except (ValueError, RecursionError):
        return _bytes(message, random)
    places = list(_places(document))
    if not places:
        return Received(message.topic, json.dumps(random.choice(VALUES)).encode(), message.properties)
    holder, key = random.choice(places)
    choice = random.random()
    if choice < 0.6:
        holder[key] = random.choice(VALUES)
    elif choice < 0.7:
        holder[key] = [holder[key]]
    elif choice < 0.85:
        del holder[key]
    elif isinstance(holder, dict):
        holder[random.choice(TEXTS)] = random.choice(VALUES)
    text = json.dumps(document, ensure_ascii=random.random() < 0.5, separators=(",", ":"))
    if choice > 0.97:
        text = f'{text[:-1]},"seq":{random.randrange(400)}}}'
    return Received(message.topic, text.encode(errors="surrogatepass"), message.properties)


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every key or index in a document, with what it is in."""
    keys = list(document) if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else []
    found = [(document, key) for key in keys]
    return found + [place for key in keys for place in _places(document[key])]


def _bytes(message: Received, random: Random) -> Received:
    body = bytearray(message.payload)
    at = random.randrange(len(body) + 1)
    change = random.randrange(5)
    if change == 0 and body:
        body[at % len(body)] ^= 1 << random.randrange(8)
    elif change == 1:
        body[at:at] = random.choice(
            (b"\xff", b"\x00", b"\\ud800", b"[" * 5000, b'{"a":' * 2000, b" " * 66_000, b"null")
        )
    elif change == 2:
        del body[at:]
    elif change == 3:
        del body[at : at + random.randrange(1, 40)]
    else:
        body += body[at:]
    return Received(message.topic, bytes(body), message.properties)
