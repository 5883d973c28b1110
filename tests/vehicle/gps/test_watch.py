"""What a source says of itself, on a clock that the test moves."""

from collections import Counter

import pytest

from edge.vehicle.gps.port import SILENT, Watch


class Trial:
    """A source's notes."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.watch = Watch("/dev/gps", lambda: self.now, Counter())

    @property
    def state(self) -> str:
        """What it says now."""
        return self.watch.status().state

    def pass_time(self, seconds: float) -> None:
        """Nothing comes."""
        self.now += seconds


@pytest.fixture
def trial() -> Trial:
    return Trial()


def test_a_device_just_opened_gives_no_positions_yet(trial: Trial) -> None:
    """It is there and has said nothing: no position; then silent."""
    assert trial.state == "connecting"
    trial.watch.opened()
    assert trial.state == "searching"
    trial.pass_time(SILENT + 0.1)
    assert trial.state == "silent"


def test_a_silent_device_stays_silent_when_it_is_opened_anew(trial: Trial) -> None:
    """The screen does not go to and fro between silence and hope every five seconds."""
    trial.watch.opened()
    trial.watch.heard(sentence=True, fixes=1)
    assert trial.state == "receiving"
    said = []
    for _ in range(5):
        trial.pass_time(5.0)
        said.append(trial.state)
        trial.watch.opened()
        assert trial.watch.quiet_for() == 0
        said.append(trial.state)
    assert set(said) == {"silent"}
    trial.watch.heard(sentence=True, fixes=1)
    assert trial.state == "receiving"


def test_garbage_stays_garbage_when_the_device_is_opened_anew(trial: Trial) -> None:
    """Until a sentence comes."""
    trial.watch.opened()
    for _ in range(50):
        trial.pass_time(0.1)
        trial.watch.heard(sentence=False, fixes=0)
    assert trial.state == "unreadable"
    trial.watch.opened()
    assert trial.state == "unreadable"


def test_a_device_that_was_gone_has_its_while_again(trial: Trial) -> None:
    """Back after it was unplugged, it is not called silent at once, nor said to give positions."""
    trial.watch.opened()
    trial.watch.heard(sentence=True, fixes=1)
    trial.pass_time(10.0)
    trial.watch.lost("unplugged")
    assert trial.state == "connecting"
    trial.watch.opened()
    assert trial.state == "searching"
