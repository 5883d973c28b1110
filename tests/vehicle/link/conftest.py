"""Fixtures of the link's tests."""

from collections.abc import Iterator

import pytest

from tests.brokers import Ejabberd, Mosquitto, ejabberd, mosquitto, running
from tests.vehicle.link.signing import agency

__all__ = ["agency", "ejabberd", "mosquitto"]


@pytest.fixture(params=["mosquitto", pytest.param("ejabberd", marks=pytest.mark.timeout(400))])
def broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mosquitto]:
    """A running broker that retains nothing yet: each of two that share no code."""
    if request.param == "mosquitto":
        with running(tmp_path_factory.mktemp("mosquitto")) as one:
            yield one
        return
    other: Ejabberd = request.getfixturevalue("ejabberd")
    monkeypatch.setattr("tests.vehicle.link.headquarters.NAMED", other.named)
    other.forget()
    yield other
