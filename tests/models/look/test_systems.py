"""Coordinate systems by trial: positions of known cities in known systems come out as these, and as no others."""

import pytest
from pyproj import Transformer

from models.look.systems import away_km, candidates, web_mercator

CITIES = {
    "St. Louis": (38.63, -90.20), "Chicago": (41.88, -87.63), "New York": (40.73, -73.98), "Detroit": (42.35, -83.05),
    "Los Angeles": (34.05, -118.25), "Houston": (29.76, -95.37), "Phoenix": (33.45, -112.07),
    "Honolulu": (21.31, -157.86),
}  # fmt: skip


@pytest.mark.parametrize(
    ("city", "system"),
    [
        ("St. Louis", "ESRI:102696"), ("St. Louis", "EPSG:26996"), ("St. Louis", "EPSG:26915"),
        ("St. Louis", "EPSG:3857"), ("Chicago", "EPSG:3435"), ("New York", "EPSG:2263"), ("Los Angeles", "EPSG:2229"),
        ("Houston", "EPSG:2278"), ("Detroit", "EPSG:2253"), ("Phoenix", "EPSG:2223"), ("Honolulu", "EPSG:26963"),
    ],
)  # fmt: skip
def test_a_system_is_found_by_where_it_puts_a_position(city: str, system: str) -> None:
    """Feet and metres, state plane, UTM and Web Mercator; the first candidate is the system."""
    lat, lon = CITIES[city]
    position = Transformer.from_crs(4326, system, always_xy=True).transform(lon + 0.01, lat + 0.01)
    found = candidates(position, (lat, lon))[0]
    assert away_km(found.place, (lat + 0.01, lon + 0.01)) < 0.05
    assert f"{found.authority}:{found.code}" == system


def test_numbers_of_another_region_have_no_candidate() -> None:
    """Chicago's feet are nothing near New York; and a position on no earth is none."""
    assert candidates((1_176_000.0, 1_900_000.0), CITIES["New York"]) == []
    assert candidates((1e12, 1e12), CITIES["New York"]) == []


def test_web_mercator_is_known_by_its_numbers_alone() -> None:
    """Far west of Greenwich nothing else is so; nearer, it may be a state's feet."""
    assert web_mercator((-10_041_048.1, 4_667_312.6)) is not None
    assert web_mercator((893_000.0, 1_017_000.0)) is None
