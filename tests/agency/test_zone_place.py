"""Where a time zone's city is, and how far places are apart."""

import pytest

from edge.agency.zone_place import arc, zone_place


def test_a_zone_is_somewhere() -> None:
    """The time zone database's own table, longitude first: degrees, minutes and seconds."""
    assert zone_place("America/New_York") == pytest.approx((-74.006, 40.714), abs=1e-3)
    assert zone_place("Australia/Sydney") == pytest.approx((151.217, -33.867), abs=1e-3)
    assert zone_place("UTC") is None


def test_a_quarter_of_the_earth_is_ninety_degrees() -> None:
    """From the equator to a pole, and around it; a place is no way from itself."""
    assert float(arc((-74.0, 0.0), (12.0, 90.0))) == pytest.approx(90.0)
    assert float(arc((-45.0, 0.0), (45.0, 0.0))) == pytest.approx(90.0)
    assert float(arc((-74.0, 40.7), (-74.0, 40.7))) == pytest.approx(0.0, abs=1e-5)
