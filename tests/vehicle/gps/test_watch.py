"""What a source says of itself, on a clock that the test moves."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from edge.text.words import Notice
from edge.vehicle.gps.health import SILENT, UNKNOWN, Watch
from edge.vehicle.gps.sentences import Gll, Rmc, Zda
from edge.vehicle.gps.serial_nmea import BRINGS

ALL = ("sentence", "position", "date")


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

    def states(
        self, every: float, times: int, kinds: Iterable[str] = (), fixes: int = 0, data: bytes = b""
    ) -> list[str]:
        """What it says each tenth of a second, where the same comes every so many seconds."""
        said = []
        for _ in range(times):
            self.watch.received(data, kinds, fixes)
            for _ in range(round(every * 10)):
                said.append(self.state)
                self.pass_time(0.1)
        return said


@pytest.fixture
def trial() -> Trial:
    return Trial()


def test_a_device_just_opened_gives_no_positions_yet(trial: Trial) -> None:
    """It is there and has said nothing: no position; then silent."""
    assert trial.state == "connecting"
    trial.watch.opened()
    assert trial.state == "searching"
    trial.pass_time(UNKNOWN + 0.1)
    assert trial.state == "silent"


@pytest.mark.parametrize("every", [0.1, 1.0, 2.0, 5.0, 10.0])
def test_a_receiver_is_judged_by_its_own_interval(trial: Trial, every: float) -> None:
    """However seldom it reports, up to every ten seconds: the screen does not go to and fro. Silence is noticed."""
    trial.watch.opened()
    assert set(trial.states(every, 30, kinds=ALL, fixes=1)) == {"receiving"}
    trial.pass_time(max(SILENT, 2.5 * every))
    assert trial.state == "silent"


def test_a_second_in_pieces_is_one(trial: Trial) -> None:
    """Ten sentences in half a second, then nothing for four and a half: an interval of five."""
    trial.watch.opened()
    said = []
    for _ in range(12):
        for _ in range(10):
            trial.watch.received(b"$", ALL, 1)
            trial.pass_time(0.05)
        said += trial.states(4.5, 1, kinds=ALL, fixes=1)
    assert set(said) == {"receiving"}


def test_no_position_is_no_silence(trial: Trial) -> None:
    """Indoors: sentences and dates come, fixes do not."""
    trial.watch.opened()
    assert set(trial.states(1.0, 60, kinds=ALL)) == {"searching"}
    assert set(trial.states(1.0, 10, kinds=ALL, fixes=1)[20:]) == {"receiving"}
    assert set(trial.states(1.0, 10, kinds=ALL)[40:]) == {"searching"}


def test_what_has_no_date_is_incomplete(trial: Trial) -> None:
    """GLL alone has no date, ZDA alone no position; GLL and ZDA have both, RMC has both by itself."""
    for kinds, state in (([Gll], "incomplete"), ([Zda], "incomplete"), ([Gll, Zda], "searching"), ([Rmc], "searching")):
        one = Trial()
        one.watch.opened()
        brought = [kind for sentence in kinds for kind in BRINGS[sentence]]
        said = one.states(1.0, 20, kinds=["sentence", *brought])
        assert (said[0], said[-1]) == ("searching", state)


NOISE = random.Random(3).randbytes(200).replace(b"\xb5", b"").replace(b"\xa0", b"")  # noqa: S311 - the same noise each time


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (NOISE, "unreadable"),
        (b"\xb5\x62\x01\x07\x5c\x00" + NOISE, "binary"),
        (b"\xa0\xa2\x00\x29\x02" + NOISE, "binary"),
        (b"\xa0\xa1\x00\x3b\xa8" + NOISE, "binary"),
        (b'AT+GTGPS="RMC"\r\r\n+CREG: 2,1\r\nOK\r\n', "not_nmea"),
    ],
)
def test_bytes_without_a_sentence_say_what_they_are(trial: Trial, data: bytes, state: str) -> None:
    """Another baud rate's noise, a receiver that speaks UBX, SiRF or SkyTraq binary, a modem's command port."""
    trial.watch.opened()
    said = trial.states(1.0, 20, data=data)
    assert (said[0], said[-1]) == ("searching", state)
    trial.watch.received(b"", ALL, 1)
    assert trial.state == "receiving"


def test_a_silent_device_stays_silent_when_it_is_opened_anew(trial: Trial) -> None:
    """The screen does not go to and fro between silence and hope every five seconds."""
    trial.watch.opened()
    trial.states(1.0, 5, kinds=ALL, fixes=1)
    said = []
    for _ in range(5):
        trial.pass_time(5.0)
        said.append(trial.state)
        trial.watch.opened()
        assert trial.watch.quiet_for() == 0
        said.append(trial.state)
    assert set(said) == {"silent"}
    trial.watch.received(kinds=ALL, fixes=1)
    assert trial.state == "receiving"


def test_garbage_stays_garbage_when_the_device_is_opened_anew(trial: Trial) -> None:
    """Until a sentence comes."""
    trial.watch.opened()
    trial.states(0.1, 150, data=NOISE)
    assert trial.state == "unreadable"
    trial.watch.opened()
    assert trial.state == "unreadable"


def test_a_device_that_was_gone_has_its_while_again(trial: Trial) -> None:
    """Back after it was unplugged, it is not called silent at once, nor said to give positions."""
    trial.watch.opened()
    trial.states(1.0, 5, kinds=ALL, fixes=1)
    trial.pass_time(10.0)
    trial.watch.lost(Notice("error.system", {"error": "enodev"}))
    assert trial.state == "connecting"
    trial.watch.opened()
    assert trial.state == "searching"


def test_a_server_without_the_receiver_is_named(trial: Trial) -> None:
    """Gpsd is there; the receiver is not."""
    trial.watch.opened()
    trial.watch.missing("")
    assert trial.watch.status().notice.code == "gps.missing"
    trial.watch.missing("/dev/ttyACM0")
    assert trial.watch.status().notice.code == "gps.missing_one"
    trial.watch.missing(None)
    assert trial.state == "searching"
