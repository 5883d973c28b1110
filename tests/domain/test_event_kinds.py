"""The facts that stand on each kind of record, and the registry that finds a kind by its name."""

from dataclasses import fields
from datetime import datetime
from typing import get_args, get_type_hints

import pytest

from edge.domain.events import KINDS, EventData, EventKind, MeteringPaused, PatrolAdded, PatrolSuppressed, ShiftBegan

KIND_IDS = list(KINDS)
OF_THE_CALENDAR = {
    (ShiftBegan, "starts"), (ShiftBegan, "ends"), (PatrolAdded, "expires"), (PatrolSuppressed, "expires"),
    (MeteringPaused, "since"),
}  # fmt: skip
"""Instants that were not read off the car's clock: a step of it says nothing of them."""


def test_every_kind_is_found_by_its_name() -> None:
    """The registry holds each kind once, under the name that its records carry on the wire."""
    assert set(KINDS.values()) == set(get_args(EventData))
    assert len(KINDS) == len(get_args(EventData))
    for name, kind in KINDS.items():
        assert get_args(get_type_hints(kind)["type"]) == (name,)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KIND_IDS)
def test_every_instant_of_a_kind_is_repaired_or_of_the_calendar(kind: type[EventKind]) -> None:
    """A field with an instant that a new kind brings is named among those that a step of the clock moves."""
    hints = get_type_hints(kind)
    instants = {name for name, hint in hints.items() if datetime in (hint, *get_args(hint))}
    assert instants == {*kind.INSTANTS, *(name for of, name in OF_THE_CALENDAR if of is kind)}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KIND_IDS)
def test_facts_of_a_kind_name_fields_that_it_has(kind: type[EventKind]) -> None:
    """What is to be repaired in a kind is a field of it."""
    assert {*kind.INSTANTS, *kind.GAPS} <= {one.name for one in fields(kind)}  # type: ignore[arg-type]  # all are dataclasses
