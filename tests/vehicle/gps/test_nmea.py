"""Sentences: what is read, and what is refused with which reason."""

import math
from collections import Counter

import pytest

from edge.vehicle.gps.nmea import Reader
from edge.vehicle.gps.sentences import Gga, Gll, Gst, Rmc, Vtg, Zda
from tests.vehicle.gps.sentences import START, gga, gst, rmc, sentence


def read(data: bytes) -> tuple[list[object], Counter[str]]:
    refused: Counter[str] = Counter()
    return list(Reader(refused).feed(data)), refused


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "BD", "GB", "GQ", "QZ", "GI"])
def test_any_talker(talker: str) -> None:
    """A sentence counts whatever constellation speaks."""
    (found,), refused = read(rmc(0, 41.5, -87.25, knots="10.0", talker=talker))
    assert isinstance(found, Rmc)
    assert (found.utc, found.clock, found.active) == (START, 12 * 3_600_000, True)
    assert found.position == pytest.approx((41.5, -87.25), abs=1e-7)
    assert found.speed == pytest.approx(5.1444, abs=1e-4)
    assert not refused


def test_gga_and_gst_give_accuracy() -> None:
    """HDOP, satellites and quality come from GGA, the distance r.m.s. from GST."""
    (first, second), _ = read(gga(0, 41.5, -87.25, quality=2, hdop="0.9", sats="11") + gst(0, 3.0, 4.0))
    assert first == Gga(43_200_000, 2, 0.9, 11, ("4130.000000", "N", "08715.000000", "W"))
    assert first.position == (41.5, -87.25)
    assert second == Gst(43_200_000, 5.0)


@pytest.mark.parametrize("hdop", ["", "0.0", "nan", "-1", "x"])
def test_no_hdop_is_none(hdop: str) -> None:
    """A dilution that is empty, zero or no number is not given."""
    (found,), _ = read(gga(0, hdop=hdop))
    assert isinstance(found, Gga)
    assert found.hdop is None


def test_checksum_is_required() -> None:
    """A sentence cut off before its checksum is refused, though all its values are there."""
    assert read(rmc(0).partition(b"*")[0] + b"\r\n") == ([], Counter(no_checksum=1))


def test_checksum_is_verified() -> None:
    """One flipped bit, one refusal."""
    damaged = bytearray(rmc(0))
    damaged[20] ^= 1
    assert read(bytes(damaged)) == ([], Counter(checksum=1))


def test_bytes_come_in_any_portions() -> None:
    """Sentences are the same byte by byte as all at once, and with binary between them."""
    data = b"\xb5\x62$\x01\x02" + rmc(0) + b"\xd3\x00$\xff" + gga(0) + b"$GPGSV,1,1,00*79\r\n" + gst(0, 1, 1)
    reader = Reader(Counter())
    assert [found for byte in data for found in reader.feed(bytes([byte]))] == read(data)[0]
    assert len(read(data)[0]) == 3


def test_endless_binary_is_not_hoarded() -> None:
    """Megabytes without a line end leave no more than a line's worth in memory; the next line is read."""
    reader = Reader(Counter())
    for _ in range(100):
        assert reader.feed(b"\xff" * 10_000) == []
    assert len(reader._rest) <= 1024
    assert len(reader.feed(b"\n" + rmc(0))) == 1


def test_a_long_line_costs_no_time() -> None:
    """pynmea2's pattern would take minutes for a line of blanks; it is not asked. The line after it is read."""
    found, refused = read(b"$GPRMC," + b" " * 100_000 + b"*\n" + rmc(0))
    assert len(found) == 1
    assert refused == Counter(too_long=1)


def test_an_accuracy_has_a_number() -> None:
    """However large the figures: an infinite one would have no place in the snapshot's JSON."""
    (found,), _ = read(sentence("GPGST,120000.00,5.0,,,,1e308,1e308,3.0"))
    assert found == Gst(43_200_000, 100_000.0)


def test_garmins_own_sentence_is_not_rmc() -> None:
    """``$PGRMC`` sets up a Garmin; it ends in the letters RMC."""
    assert read(sentence("PGRMC,A,218.8,100,6378137.000,298.257223563")) == ([], Counter())


def test_comments_of_a_log_are_passed_over() -> None:
    """Gpsd's logs begin with lines of '#'."""
    assert read(b"# " + rmc(0)) == ([], Counter())


def test_a_hash_that_binary_left_is_no_comment() -> None:
    """A binary frame that ends in a newline and ``#``: the sentence behind it is read."""
    for before in (b"\xb5\x62\n#", b"\xb5\x62\n#\x00", b"\xb5\x62\n# \xff", b"\n#A"):
        assert len(read(before + rmc(0))[0]) == 1


def test_nuls_are_no_part_of_a_sentence() -> None:
    """Some receivers pad with them, before, behind and within."""
    padded = b"\0\0" + rmc(0).replace(b",A,", b",A\0,").replace(b"\r", b"\0\0\r")
    assert read(padded) == read(rmc(0))


def test_what_a_logger_adds_behind_the_checksum_is_not_read() -> None:
    """An Android log has its own time there."""
    assert read(b"NMEA," + rmc(0).strip() + b",1795359600000\r\n") == read(rmc(0))


def test_position_motion_and_date_of_a_receiver_without_rmc() -> None:
    """GLL's status, VTG's knots and true course, ZDA's date."""
    data = (
        sentence("GPGLL,4130.0,N,08715.0,W,120000.00,A,E")
        + sentence("GPVTG,90.0,T,,M,10.0,N,18.5,K,A")
        + sentence("GPZDA,120000.00,02,03,2026,00,00")
    )
    found, refused = read(data)
    assert found[0] == Gll(43_200_000, True, ("4130.0", "N", "08715.0", "W"), "E")
    assert found[0].position == (41.5, -87.25)
    assert found[1] == Vtg(10.0 * 1852 / 3600, 90.0)
    assert found[2] == Zda(43_200_000, START)
    assert not refused


@pytest.mark.parametrize("body", ["GPZDA,120000,,,,,", "GPZDA,120000,31,02,2026,00,00", "GPZDA,,02,03,2026,,"])
def test_a_date_that_is_none(body: str) -> None:
    """Empty, in no calendar, or without a time: it dates nothing."""
    (found,), _ = read(sentence(body))
    assert isinstance(found, Zda)
    assert found.utc is None


def test_quality_in_words_is_not_known() -> None:
    """Neither a fix nor none: its RMC decides. An empty one is none."""
    for sent, quality in (("DGNSS fix", None), ("", 0)):
        (found,), _ = read(sentence(f"GPGGA,120000,4130.0,N,08715.0,W,{sent},8,1,0,M,0,M,,"))
        assert isinstance(found, Gga)
        assert found.quality == quality


def test_sentences_of_any_kind_are_counted() -> None:
    """Those with a good checksum: what is not used here is NMEA all the same; what is cut off is not."""
    reader = Reader(Counter())
    reader.feed(b"$GPGSV,1,1,00*79\r\n" + rmc(0) + sentence("AIVDM,1,1,,A,177KQJ5000G?,0").replace(b"$", b"!"))
    assert reader.sentences == 3
    reader.feed(b"$GPGSV,1,1,00*78\r\n" + b"OK\r\n" + b"$GPGSV,1,1\r\n")
    assert reader.sentences == 3


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("GPRMC,120060,A,4152.8,N,08737.8,W,5.0,0.0,020326,,,A", "bad_time"),
        ("GPRMC,,A,4152.8,N,08737.8,W,5.0,0.0,020326,,,A", "no_time"),
        ("GPRMC,120000,A,4152.8,N,08737.8,W,5.0,0.0,,,,A", "no_date"),
        ("GPRMC,120000,A,4152.8,N,08737.8,W,5.0,0.0,310226,,,A", "bad_date"),
        ("GPRMC,120000,A,north,N,08737.8,W,5.0,0.0,020326,,,A", "bad_position"),
        ("GPRMC,120000,A,4152.8,X,08737.8,W,5.0,0.0,020326,,,A", "bad_position"),
        ("GPRMC,120000,A,,,,,5.0,0.0,020326,,,A", "no_position"),
        ("GPRMC,120000,A,4152.8,N", "no_date"),
    ],
)
def test_faulty_rmc(body: str, fault: str) -> None:
    """What pynmea2 raises on access, or makes 0 of, is a fault of the sentence."""
    (found,), _ = read(sentence(body))
    assert isinstance(found, Rmc)
    assert (found.active, found.fault) == (True, fault)
    assert math.isnan(found.utc)


@pytest.mark.parametrize(("sent", "course"), [("84.4", 84.4), ("0.0", 0.0), ("360.0", 0.0), ("", None), ("400", None)])
def test_course_is_degrees_from_true_north(sent: str, course: float | None) -> None:
    """Below 360; one that was not sent, or is none, is None: a car that stands has no course."""
    (found,), _ = read(sentence(f"GPRMC,120000,A,4152.8,N,08737.8,W,5.0,{sent},020326,,,A"))
    assert isinstance(found, Rmc)
    assert found.course == course


def test_speed_that_is_missing_is_none() -> None:
    """No speed is not standing still."""
    (found,), _ = read(rmc(0, knots=""))
    assert isinstance(found, Rmc)
    assert found.speed is None
