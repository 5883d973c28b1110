"""The sentences a demo car and the recorded traces speak, read back by another's parser."""

from datetime import UTC, datetime

import pynmea2
import pytest

from edge.demo.nmea import nmea_sentences

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (40.0123456, -98.9876543),
        (-33.9000001, 151.2000009),
        (0.0000001, -0.0000001),
        (41.9999999999, -87.0),
        (89.5, 179.9999999),
    ],
)
def test_a_position_survives_to_a_ten_millionth_of_a_degree(lat: float, lon: float) -> None:
    """All hemispheres, and one that rounds up to a whole degree, come back within 1e-7°; never 60 minutes."""
    rmc, gga, _ = nmea_sentences(NOON, lat, lon, 10.0, 90.0).decode().split("\r\n")
    for line in (rmc, gga):
        parsed = pynmea2.parse(line, check=True)
        assert parsed.latitude == pytest.approx(lat, abs=1e-7)
        assert parsed.longitude == pytest.approx(lon, abs=1e-7)
        assert ",60." not in line


def test_an_epoch_carries_time_speed_course_and_quality() -> None:
    """Knots, degrees, UTC to the millisecond, HDOP and satellites, and an error estimate where one is given."""
    utc = NOON + 0.25
    lines = nmea_sentences(utc, 40.0, -99.0, 10.0, 450.0, hdop=1.2, satellites=7, sigma=3.0).decode().split("\r\n")
    rmc, gga, gst = (pynmea2.parse(line, check=True) for line in lines[:3])
    assert rmc.datetime.timestamp() == utc
    assert rmc.spd_over_grnd == pytest.approx(10.0 / 0.514444, abs=1e-3)
    assert rmc.true_course == 90.0
    assert (gga.gps_qual, float(gga.horizontal_dil), int(gga.num_sats)) == (1, 1.2, 7)
    assert float(gst.std_dev_latitude) == 3.0


def test_the_last_millisecond_of_a_day_does_not_become_second_60() -> None:
    """Time is rounded as a whole: 23:59:59.9996 is the next day's midnight."""
    midnight = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
    rmc = pynmea2.parse(nmea_sentences(midnight - 0.0004, 40.0, -99.0, 0.0, 0.0).decode().split("\r\n")[0], check=True)
    assert rmc.datetime.timestamp() == midnight


def test_without_a_fix_nothing_is_claimed() -> None:
    """Quality 0 is RMC V and GGA 0, with no position, speed or course to be taken for one."""
    rmc, gga, rest = nmea_sentences(NOON, 40.0, -99.0, 9.0, 9.0, satellites=2, quality=0).decode().split("\r\n")
    assert pynmea2.parse(rmc, check=True).status == "V"
    assert pynmea2.parse(gga, check=True).gps_qual == 0
    assert "40" not in gga.split(",")[2]
    assert not rest
