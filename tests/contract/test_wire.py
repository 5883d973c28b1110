"""The version of the wire, as a message's user properties announce it."""

import pytest

from edge.contract.wire import ANNOUNCEMENT, FIRST, VERSION, announced


@pytest.mark.parametrize(
    ("properties", "version"),
    [
        ({}, FIRST),
        ({"seq": "7"}, FIRST),
        (dict([ANNOUNCEMENT]), VERSION),
        ({"wire": "17"}, 17),
        ({"wire": "0"}, FIRST),
        ({"wire": ""}, FIRST),
        ({"wire": "two"}, FIRST),
        ({"wire": "²"}, FIRST),
        ({"wire": "-3"}, FIRST),
        ({"wire": "9" * 5000}, FIRST),
    ],
)
def test_a_peer_that_announces_no_version_is_of_the_first(properties: dict[str, str], version: int) -> None:
    """And so is one that announces what is no number."""
    assert announced(properties) == version
