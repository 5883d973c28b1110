"""Fields of a machine's message that are not known here: passed over, unless they speak of a person (protection 1)."""

from collections.abc import Iterator
from typing import Any

from edge.text.coded import CodedError
from edge.text.person_words import person_word


def refuse_persons(kind: str, received: object, known: object) -> None:
    """Raises CodedError where a document has a field about persons that its model does not know.

    ``received``: the document's JSON values; ``known``: what the model has kept of them. The fields of a model are
    argued one by one in tests/domain/test_protection_people.py.
    """
    for name in _unknown(received, known):
        if person_word(name):
            raise CodedError("document.about_people", kind=kind, field=name)


def _unknown(received: Any, known: Any) -> Iterator[str]:
    """The names of all fields in ``received`` that ``known`` lacks, at any depth."""
    if isinstance(received, dict):
        of_known = known if isinstance(known, dict) else {}
        for name, value in received.items():
            if name not in of_known:
                yield name
            yield from _unknown(value, of_known.get(name))
    elif isinstance(received, list):
        kept = known if isinstance(known, list) and len(known) == len(received) else [None] * len(received)
        for value, of_value in zip(received, kept, strict=True):
            yield from _unknown(value, of_value)
