"""What the updater asks a screen for is there: a new release is judged by it, and the download says which bundle."""

from flask.testing import FlaskClient

from provisioning.update.car import SystemdCar, read
from provisioning.update.daemon import bundle_in_force
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.serving import served


def test_the_screens_own_answers_are_read(client: FlaskClient) -> None:
    """Every field that is asked for is there."""
    answers = [client.get(path).get_json() for path in ("/healthz", "/readyz", "/api/state")]
    reading = read(7, *answers)
    assert reading.process == 7
    assert reading.faults == ()  # no shift is on: a warning, not a fault
    assert not reading.driving


def test_a_served_screen_says_how_it_is_and_which_bundle_it_uses(scene: Scene) -> None:
    """Over HTTP, with the officer's page."""
    scene.patrol()
    with served(scene.bench) as port:
        screen = f"http://127.0.0.1:{port}"
        reading = SystemdCar("roundsman-nothing.service", screen).reading()
        assert reading is not None
        assert reading.recorded == scene.bench.snapshot().recorded
        assert bundle_in_force(screen) == scene.bench.agency.hash
    assert SystemdCar("roundsman-nothing.service", screen).reading() is None
    assert bundle_in_force(screen) is None
