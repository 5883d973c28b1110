"""The town, a bench in it, a client of its application."""

import pytest
from flask.testing import FlaskClient

from edge.vehicle.touchscreen.app import create_app
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.town import Town, build_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The demo city."""
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def bench(town: Town) -> Bench:
    """A vehicle in it that knows nothing yet."""
    return Bench(town.agency)


@pytest.fixture
def scene(bench: Bench, town: Town) -> Scene:
    """The same vehicle with a night's plan, where a test may drive it."""
    return Scene(bench, town.plan)


@pytest.fixture
def client(bench: Bench) -> FlaskClient:
    """A browser without a screen, on the host that the application trusts."""
    app = create_app(bench, trusted_hosts=["localhost"])
    app.testing = True
    return app.test_client()
