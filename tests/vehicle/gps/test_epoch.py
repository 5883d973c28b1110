"""Epochs: which sentences make a fix, in which order, and how soon."""

import pytest

from edge.domain.inputs import Fix
from edge.vehicle.gps.pipeline import Pipeline
from tests.vehicle.gps.sentences import LAT, LON, START, gga, gst, rmc, sentence


class Trial:
    """A pipeline fed second by second, at monotonic second 1000 and on."""

    def __init__(self) -> None:
        self.pipeline = Pipeline()

    def feed(self, data: bytes, second: float) -> list[Fix]:
        """The accepted fixes of what is received at this second."""
        sentences = self.pipeline.reader.feed(data)
        return [fix for one in sentences for fix in self.pipeline.add(one, 1000 + second)]

    def seconds(self, fixes: list[Fix]) -> list[float]:
        """Their times since ``START``."""
        return [fix.utc - START for fix in fixes]


@pytest.mark.parametrize("gga_first", [True, False])
def test_either_order(gga_first: bool) -> None:
    """GGA before RMC or after it: the fix comes within its own second, from the second epoch on."""
    trial, got = Trial(), []
    for s in range(6):
        parts = [gga(s), rmc(s)] if gga_first else [rmc(s), gga(s)]
        got.append(trial.seconds(trial.feed(b"".join(parts), s)))
    assert got == [[], [0, 1], [2], [3], [4], [5]]


def test_gst_makes_the_accuracy_and_is_waited_for() -> None:
    """The receiver's own error of this epoch counts more than HDOP, though it comes last."""
    trial, fixes = Trial(), []
    for s in range(4):
        fixes += trial.feed(rmc(s) + gga(s) + gst(s, 3.0, 4.0), s)
    assert [fix.accuracy for fix in fixes] == [5.0] * 4


def test_hdop_makes_the_accuracy() -> None:
    """Without GST: five metres for each unit, twice as much for a fix of three satellites."""
    trial = Trial()
    fixes = trial.feed(b"".join(gga(s, hdop="2.0", sats=sats) + rmc(s) for s, sats in enumerate(("08", "03"))), 0)
    assert [(fix.accuracy, fix.flags) for fix in fixes] == [(10.0, ()), (20.0, ("few_satellites",))]


def test_rmc_alone_where_no_gga_is_sent() -> None:
    """Believed, with an assumed accuracy that says so, and at once."""
    trial = Trial()
    got = [trial.feed(rmc(s), s) for s in range(4)]
    assert [trial.seconds(fixes) for fixes in got] == [[], [0, 1], [2], [3]]
    assert got[-1][0].flags == ("accuracy_assumed",)
    assert got[-1][0].mono == 1003


def test_a_receiver_that_sends_gga_must_confirm() -> None:
    """One GGA is lost on the way: that epoch is refused, the others are not."""
    trial, fixes = Trial(), []
    for s in range(6):
        fixes += trial.feed(rmc(s) + (b"" if s == 3 else gga(s)), s)
    assert trial.seconds(fixes) == [0, 1, 2, 4, 5]
    assert trial.pipeline.refused == {"no_gga": 1}


def test_gga_that_stops_for_good_is_missed_for_a_few_epochs_only() -> None:
    """A receiver that is told to send RMC alone is believed again."""
    trial, fixes = Trial(), []
    for s in range(20):
        fixes += trial.feed(rmc(s) + (gga(s) if s < 8 else b""), s)
    fixes += trial.pipeline.end()
    assert trial.seconds(fixes) == [*range(8), *range(13, 20)]


def test_gga_at_other_times_than_rmc() -> None:
    """Some old receivers alternate; RMC is believed, unless the last GGA says that there is no fix."""
    trial, fixes = Trial(), []
    for s in range(0, 8, 2):
        fixes += trial.feed(rmc(s) + gga(s + 1, quality=0 if s == 4 else 1), s)
    assert trial.seconds([*fixes, *trial.pipeline.end()]) == [0, 2, 4]
    assert trial.pipeline.refused == {"no_rmc": 3, "quality_0": 1}


def test_quality_0_is_refused() -> None:
    """RMC says A, GGA of the same epoch says no fix."""
    trial = Trial()
    assert trial.feed(rmc(0) + gga(0, quality=0) + rmc(1) + gga(1) + rmc(2), 0)[0].utc == START + 1
    assert trial.pipeline.refused == {"quality_0": 1}


def test_status_v_is_refused() -> None:
    """The receiver itself warns."""
    trial = Trial()
    trial.feed(rmc(0, status="V") + gga(0) + rmc(1), 0)
    assert trial.pipeline.refused == {"not_active": 1}


def test_mode_n_is_refused() -> None:
    """Active by status and "not valid" by mode cannot both be."""
    trial = Trial()
    data = rmc(0).replace(b"A*", b"N*")
    body = data[1:].partition(b"*")[0].decode()
    trial.feed(sentence(body) + rmc(1), 0)
    assert trial.pipeline.refused == {"not_active": 1}


@pytest.mark.parametrize(("quality", "flags"), [(2, ()), (4, ()), (6, ("dead_reckoning",)), (8, ("simulated",))])
def test_quality_is_kept_and_flagged(quality: int, flags: tuple[str, ...]) -> None:
    """Any quality from 1 on is a fix; one that satellites did not give says so."""
    (fix,) = Trial().feed(gga(0, quality=quality) + rmc(0) + gga(1), 0)
    assert (fix.quality, fix.flags) == (quality, flags)


def test_two_talkers_make_one_fix() -> None:
    """GPRMC and GARMC of the same moment."""
    trial, fixes = Trial(), []
    for s in range(5):
        fixes += trial.feed(gga(s) + rmc(s) + rmc(s, talker="GA"), s)
    assert trial.seconds(fixes) == [0, 1, 2, 3, 4]


def test_an_active_talker_amends_one_that_is_not() -> None:
    """GPRMC has no fix, GLRMC of the same moment has."""
    trial, fixes = Trial(), []
    for s in range(4):
        fixes += trial.feed(gga(s) + rmc(s, status="V") + rmc(s, talker="GL"), s)
    assert trial.seconds(fixes) == [0, 1, 2, 3]


def test_no_rmc_is_counted() -> None:
    """A receiver that sends GGA alone gives no fix, and the technician is told why."""
    trial = Trial()
    assert trial.feed(b"".join(gga(s) for s in range(5)), 0) == []
    assert trial.pipeline.refused == {"no_rmc": 4}


def test_a_fix_is_as_old_as_its_rmc() -> None:
    """An epoch that only the next one ends is received when its RMC was, not then."""
    trial = Trial()
    trial.feed(rmc(0, LAT, LON), 0)
    (first, _) = trial.feed(rmc(1, LAT, LON), 1)
    assert first.mono == 1000
