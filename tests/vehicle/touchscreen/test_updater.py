"""What the updater asks a screen for is there: a new release is judged by it."""

from flask.testing import FlaskClient

from provisioning.update.car import read


def test_the_screens_own_answers_are_read(client: FlaskClient) -> None:
    """Every field that is asked for is there."""
    answers = [client.get(path).get_json() for path in ("/healthz", "/readyz", "/api/state")]
    reading = read(7, *answers)
    assert reading.process == 7
    assert reading.faults == ()  # no shift is on: a warning, not a fault
    assert not reading.driving
