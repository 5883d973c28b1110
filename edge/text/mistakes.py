"""What is wrong with a document that a person or a peer wrote, in plain words: never a library's own.

Each mistake has its key path, what it is and what would be right; a mistake that only follows from another is left
out. Values of text keys are not repeated: one of them may be a password. Must not know any document.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

KeyPath = tuple[int | str, ...]

PATTERNS: Final = {
    r"^[a-z0-9][a-z0-9_-]{0,62}$": "1 to 63 lower-case letters, digits, - and _, a letter or digit first",
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$": "1 to 63 letters, digits, ., - and _, a letter or digit first",
    r"^[A-Za-z0-9._-]{1,253}$": "a host name or an IPv4 address",
    r"^[0-9a-f]{64}$": "64 hexadecimal digits",
    r"^[0-9a-f]{128}$": "128 hexadecimal digits",
    r"^\d{1,6}-\d{1,6}$": "a box id such as 1784-18561",
    r"^\d{4}-\d{2}-\d{2}/[a-z0-9_-]{1,63}$": "a date and a shift's name such as 2026-11-22/night",
}
"""The patterns of text keys, in words."""

ELSE: Final = "…"
"""Stands for what a peer chose."""

QUOTED: Final = re.compile(r"'.*'|\".*\"", re.DOTALL)

HARMLESS: Final = ("json_invalid",)
"""Kinds whose own text says where, and not what was given."""

_LONGEST: Final = 60
_SPARE: Final = ("too_short", "too_long")
"""Said of a list because its elements are wrong."""


def mistakes(error: ValidationError) -> list[tuple[KeyPath, str]]:
    """Every mistake of a validation: its key path and a clause such as ``must be 1 or more, not 0``."""
    found = error.errors(include_url=False)
    places = [one["loc"] for one in found]
    return [(one["loc"], _clause(one)) for one in found if not _follows(one, places)]


def each_explained(error: ValidationError) -> list[str]:
    """Every mistake of a validation, each with its key path and in plain words."""
    return [f"{key_path(keys)}: {what}" for keys, what in mistakes(error)]


def explain(error: ValidationError) -> str:
    """All of them in one sentence."""
    return "; ".join(each_explained(error))


def key_path(keys: KeyPath) -> str:
    """A key path as people write it, list items counted from 1: ``shifts #2.starts``."""
    parts = (f" #{part + 1}" if isinstance(part, int) else f".{part}" for part in keys)
    return "".join(parts).strip(". ") or "the document"


def explain_of_peer(error: ValidationError, model: type[BaseModel]) -> str:
    """The same of what a machine has sent: no key that the model does not have, and nothing that it was given."""
    names = _names(model)
    found = [(one["loc"], _clause(one, names)) for one in error.errors(include_url=False)]
    paths = (tuple(key if isinstance(key, int) or key in names else ELSE for key in keys) for keys, _ in found)
    return "; ".join(f"{key_path(path)}: {what}" for path, (_, what) in zip(paths, found, strict=True))


@cache
def _names(model: type[BaseModel]) -> frozenset[str]:
    """Of all keys in a model and below it."""
    return frozenset(_keys_in(model.model_json_schema()))


def _keys_in(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for part in schema.values():
            yield from _keys_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _keys_in(part)


def _follows(one: ErrorDetails, places: Sequence[KeyPath]) -> bool:
    """Whether a list is said to be too short only since its elements were refused."""
    own = one["loc"]
    return one["type"] in _SPARE and any(len(place) > len(own) and place[: len(own)] == own for place in places)


def _clause(one: ErrorDetails, names: Container[str] | None = None) -> str:
    """``names``: the only words among those given that may be repeated; None: any may."""
    kind, context, repeat = one["type"], one.get("ctx", {}), names is None
    if kind in ("value_error", "assertion_error"):
        return _without_strange(str(context["error"]), names)
    for kinds, words in _WORDS.items():
        if re.fullmatch(kinds, kind):
            return words(context) + (_value(one["input"]) if repeat and re.fullmatch(_TOLD, kind) else "")
    return one["msg"] if repeat or kind in HARMLESS else "is not valid"


def _without_strange(said: str, names: Container[str] | None) -> str:
    """A sentence without what it quotes, but for these names."""
    return said if names is None else QUOTED.sub(lambda one: one[0] if one[0][1:-1] in names else ELSE, said)


def _value(given: object) -> str:
    """What stands there instead, where it is short enough to help."""
    short = isinstance(given, float) or (isinstance(given, str) and len(given) <= _LONGEST)
    return f", not {given!r}" if short or (isinstance(given, int) and given.bit_length() <= _LONGEST) else ""


def _bound(limit: object) -> str:
    return f"{limit:.15g}" if isinstance(limit, float) else str(limit)


_TOLD: Final = (
    r"int_.*|float_.*|finite_number|bool_.*|greater_.*|less_.*|literal_error|time_.*|datetime_.*|date_.*"
    r"|string_pattern_mismatch|timezone_.*"
)
"""Kinds that say what was given: numbers, choices, instants and names; no free text, no secret."""

_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: "is missing; add it",
    "extra_forbidden": lambda _: "unknown key; check the spelling or remove it",
    "invalid_key": lambda _: "unknown key; check the spelling or remove it",
    "int_.*": lambda _: "must be a whole number",
    "float_.*": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "bool_.*": lambda _: "must be true or false",
    "string_type|string_sub_type": lambda _: "must be text in quotes",
    "path_type": lambda _: "must be a path in quotes",
    "greater_than_equal": lambda context: f"must be {_bound(context['ge'])} or more",
    "less_than_equal": lambda context: f"must be {_bound(context['le'])} or less",
    "greater_than": lambda context: f"must be more than {_bound(context['gt'])}",
    "less_than": lambda context: f"must be less than {_bound(context['lt'])}",
    "literal_error": lambda context: f"must be {context['expected']}",
    "string_pattern_mismatch": lambda context: f"must be {_pattern(context['pattern'])}",
    "string_too_short": lambda context: f"must have {counted(context['min_length'], 'character')} or more",
    "string_too_long": lambda context: f"must have at most {counted(context['max_length'], 'character')}",
    "too_short": lambda context: f"must list {counted(context['min_length'], 'entry')} or more",
    "too_long": lambda context: f"must list at most {counted(context['max_length'], 'entry')}",
    "tuple_type|list_type|set_type": lambda _: "must be a list, in square brackets",
    "dict_type|model_type|model_attributes_type|dataclass_type|mapping_type": lambda _: "must be a table of keys",
    "time_.*": lambda _: "must be a time of day such as 22:00:00",
    "timezone_aware": lambda _: "must name its time zone, such as 2026-11-22T22:00:00Z",
    "date_.*": lambda _: "must be a date such as 2026-11-22",
    "datetime_.*": lambda _: "must be a date and time such as 2026-11-22T22:00:00Z",
    "json_invalid": lambda context: f"is not valid JSON ({context['error']})",
    "json_type": lambda _: "must be JSON",
}
"""What is said of each kind of pydantic's errors, by a pattern of its name; another kind keeps pydantic's sentence."""


def _pattern(pattern: str) -> str:
    return PATTERNS.get(pattern, f"of the form {pattern}")


def counted(number: int, noun: str) -> str:
    """So many of something, as English has it."""
    return f"{number} {noun if number == 1 else noun.replace('y', 'ie') + 's'}"
