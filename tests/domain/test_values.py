"""Changed copies of frozen values."""

from dataclasses import FrozenInstanceError

import pytest

from edge.domain.track import Runs, Stay
from edge.domain.values import evolve


def test_a_copy_has_the_changes_and_the_rest() -> None:
    """The value itself stays as it was; equal copies are equal, with one hash."""
    stay = Stay((1, 2), 100.0)
    copy = evolve(stay, seconds=5.0)
    assert (copy, stay) == (Stay((1, 2), 100.0, 5.0), Stay((1, 2), 100.0))
    assert hash(copy) == hash(Stay((1, 2), 100.0, 5.0))


def test_a_copy_is_frozen_too() -> None:
    """Nobody changes what was handed out."""
    with pytest.raises(FrozenInstanceError):
        evolve(Stay((1, 2), 100.0), seconds=5.0).seconds = 6.0  # type: ignore[misc]  # the point


def test_a_field_that_is_not_there_is_refused() -> None:
    """A slip of the pen does not go unnoticed."""
    with pytest.raises(TypeError, match="Runs has no field insides"):
        evolve(Runs(), insides=5.0)
