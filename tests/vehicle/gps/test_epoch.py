"""Epochs: which sentences make a fix, in which order, and how soon."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain

import pytest

from edge.domain.inputs import Fix
from edge.vehicle.gps.pipeline import Pipeline
from tests.vehicle.gps.sentences import LAT, LON, START, gga, gst, place, rmc, sentence, zda


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


@pytest.mark.parametrize(("hdop", "accuracy"), [("0.8", 5.0), ("1.2", 6.0)])
def test_the_worse_of_gst_and_hdop_makes_the_accuracy_and_is_waited_for(hdop: str, accuracy: float) -> None:
    """The receiver's own error of this epoch, though it comes last, or five metres for each unit of HDOP."""
    trial, fixes = Trial(), []
    for s in range(4):
        fixes += trial.feed(rmc(s) + gga(s, hdop=hdop) + gst(s, 3.0, 4.0), s)
    assert [fix.accuracy for fix in fixes] == [accuracy] * 4


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


def test_a_fix_whose_gga_was_lost_has_an_assumed_accuracy() -> None:
    """One GGA is lost on the way: that epoch says so; where the last one was worse than the assumption, it stays so."""
    for hdop, accuracy in (("1.2", 15.0), ("8.0", 40.0)):
        trial, fixes = Trial(), []
        for s in range(6):
            fixes += trial.feed(rmc(s) + (b"" if s == 3 else gga(s, hdop=hdop)), s)
        assert trial.seconds(fixes) == [0, 1, 2, 3, 4, 5]
        assert [fix.flags for fix in fixes if fix.flags] == [("accuracy_assumed",)]
        assert fixes[3].accuracy == accuracy
        assert not trial.pipeline.refused


def test_gga_that_stops_for_good_is_waited_for_a_few_epochs_only() -> None:
    """A receiver that is set up to send RMC alone: each epoch is a fix, the later ones at once."""
    trial = Trial()
    got = [trial.seconds(trial.feed(rmc(s) + (gga(s) if s < 8 else b""), s)) for s in range(20)]
    assert got[10] == [9]
    assert got[-1] == [19]
    assert [*chain(*got)] == [*range(20)]


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


def vtg(second: float, knots: str = "10.0") -> bytes:
    return sentence(f"GPVTG,{second:.1f},T,,M,{knots},N,,K,A")


def gll(second: float, *, status: str = "A", mode: str = "A") -> bytes:
    when = datetime.fromtimestamp(START + second, UTC)
    return sentence(f"GPGLL,{place(LAT, LON)},{when:%H%M%S}.00,{status},{mode}")


@pytest.mark.parametrize("order", ["zgv", "gvz", "vgz", "gzv"])
@pytest.mark.parametrize("source", [gga, gll])
def test_a_receiver_without_rmc_gives_fixes(order: str, source: Callable[[float], bytes]) -> None:
    """GGA or GLL with the date of ZDA and the speed of VTG, in any order; at once where nothing more is due."""
    kinds, trial = {"z": zda, "g": source, "v": vtg}, Trial()
    got = [trial.feed(b"".join(kinds[kind](s) for kind in order), s) for s in range(6)]
    fixes = [*chain(*got), *trial.pipeline.end()]
    assert trial.seconds(fixes) == [0, 1, 2, 3, 4, 5]
    assert {round(fix.speed or 0, 1) for fix in fixes} == {5.1}
    assert [fix.course for fix in fixes][1:] == pytest.approx([1, 2, 3, 4, 5], abs=1)
    assert trial.seconds(got[-1]) == [5]
    assert not trial.pipeline.refused


def test_the_date_goes_on_over_midnight_until_the_next_zda() -> None:
    """A receiver that dates one epoch in twenty: noon to noon, each fix has its own day."""
    trial, got = Trial(), []
    for s in range(0, 26 * 3600, 1200):
        got += trial.feed((zda(s) if s == 0 else b"") + gga(s), s)
    assert trial.seconds(got + trial.pipeline.end()) == [*range(0, 26 * 3600, 1200)]


@pytest.mark.parametrize(("status", "mode"), [("V", "N"), ("A", "N"), ("V", "E")])
def test_a_gll_without_a_fix_is_refused(status: str, mode: str) -> None:
    """As in RMC."""
    trial = Trial()
    fixes = trial.feed(b"".join(zda(s) + gll(s, status=status, mode=mode) for s in range(5)), 0)
    assert fixes == []
    assert trial.pipeline.refused == {"not_active": 4}


def test_no_date_is_counted() -> None:
    """A receiver that sends GGA alone gives no fix, and the technician learns why."""
    trial = Trial()
    assert trial.feed(b"".join(gga(s) for s in range(5)), 0) == []
    assert trial.pipeline.refused == {"no_date": 3}


def test_a_lost_rmc_is_counted() -> None:
    """Where the receiver sends one usually, its GGA alone is no fix."""
    trial = Trial()
    for s in range(5):
        trial.feed(gga(s) + (b"" if s == 2 else rmc(s)), s)
    assert trial.pipeline.refused == {"no_rmc": 1}


@pytest.mark.parametrize(
    ("quality", "mode", "sats", "flags"),
    [
        (1, "E", "08", ("dead_reckoning",)),
        (6, "A", "08", ("dead_reckoning",)),
        (7, "M", "00", ("manual", "no_satellites")),
        (1, "S", "08", ("simulated",)),
        (1, "A", "00", ("no_satellites",)),
        (1, "A", "03", ("few_satellites",)),
    ],
)
def test_a_position_that_satellites_did_not_give_says_so(
    quality: int, mode: str, sats: str, flags: tuple[str, ...]
) -> None:
    """Whichever sentence says it: the quality of GGA, the mode of RMC, or no satellite in use."""
    body = rmc(0)[1:].partition(b"*")[0].decode()[:-1] + mode
    (fix,) = Trial().feed(gga(0, quality=quality, sats=sats) + sentence(body) + gga(1), 0)
    assert fix.flags == flags
    assert fix.by_satellites == (flags == ("few_satellites",))


def gsa(mode: int, hdop: str = "2.0") -> bytes:
    return sentence(f"GPGSA,A,{mode},05,07,09,,,,,,,,,,3.0,{hdop},2.2")


def gns(second: float, modes: str, sats: str = "12") -> bytes:
    when = datetime.fromtimestamp(START + second, UTC)
    return sentence(f"GNGNS,{when:%H%M%S}.00,{place(LAT, LON)},{modes},{sats},0.8,180.0,-34.0,,,V")


def test_gsa_gives_the_dilution_of_a_receiver_without_gga_and_says_that_it_has_no_height() -> None:
    """In mode 2 the position is twice as far off, with a GGA too; one that came long before says nothing."""
    for mode, accuracy, flags in ((3, 10.0, ()), (2, 20.0, ("few_satellites",))):
        trial, fixes = Trial(), []
        for s in range(4):
            fixes += trial.feed(rmc(s) + gsa(mode), s)
        assert {(fix.accuracy, fix.flags) for fix in fixes} == {(accuracy, flags)}
    trial = Trial()
    fixes = [fix for s in range(4) for fix in trial.feed(gga(s) + rmc(s) + gsa(2, "1.2"), s)]
    assert {(fix.accuracy, fix.flags) for fix in fixes} == {(12.0, ("few_satellites",))}
    fixes = [fix for s in range(14, 18) for fix in trial.feed(rmc(s), s)]
    assert fixes[-1].flags == ("accuracy_assumed",)


@pytest.mark.parametrize(
    ("modes", "quality", "flags"),
    [("DAAN", 2, ()), ("NA", 1, ()), ("NNN", 0, ()), ("EN", 6, ("dead_reckoning",)), ("RA", 4, ())],
)
def test_gns_says_what_gga_does(modes: str, quality: int, flags: tuple[str, ...]) -> None:
    """A letter for each constellation, of which the best one counts; with ZDA it is a fix by itself."""
    trial, fixes = Trial(), []
    for s in range(4):
        fixes += trial.feed(gns(s, modes) + zda(s), s)
    assert {(fix.quality, fix.flags, fix.accuracy) for fix in fixes} == ({(quality, flags, 4.0)} if quality else set())


def test_gga_goes_before_gns() -> None:
    """A receiver that sends both, in whatever order."""
    for second in (gns(0, "A") + gga(0, hdop="2.0"), gga(0, hdop="2.0") + gns(0, "A")):
        trial = Trial()
        (first, *_) = [*trial.feed(rmc(0) + second, 0), *trial.feed(rmc(1), 1)]
        assert first.accuracy == 10.0


def test_rmc_and_gga_that_contradict_each_other_are_refused() -> None:
    """Two flipped bits may leave a checksum whole: the same moment at two places is at neither."""
    trial, fixes = Trial(), []
    for s in range(5):
        fixes += trial.feed(gga(s) + rmc(s, LAT + (0.0003 if s == 2 else 0.0)), s)
    assert trial.seconds(fixes) == [0, 1, 3, 4]
    assert trial.pipeline.refused == {"positions_differ": 1}


def test_a_fix_is_as_old_as_its_rmc() -> None:
    """An epoch that only the next one ends is received when its RMC was, not then."""
    trial = Trial()
    trial.feed(rmc(0, LAT, LON), 0)
    (first, _) = trial.feed(rmc(1, LAT, LON), 1)
    assert first.mono == 1000
