"""When the screen is dark, dim, blank: the rule, and the sun that it goes by."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vehicle.display.look import (
    BLANK_DAY_S,
    BLANK_NIGHT_S,
    DIM_S,
    Choices,
    Moment,
    look_of,
    shade_of,
)
from edge.vehicle.display.sun import altitude

CHICAGO: Final = (41.8781, -87.6298)
NIGHT: Final = Moment(sun=-30.0, idle_s=0.0, moving=False, visiting=False)
DAY: Final = replace(NIGHT, sun=20.0)
AUTO: Final = Choices()


def _utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("what", "utc", "degrees"),
    [
        ("sunset of 2026-11-23, 16:23 CST", "2026-11-23T22:23", -0.83),
        ("end of its civil twilight, 16:53 CST", "2026-11-23T22:53", -6.0),
        ("sunrise of 2026-06-21, 5:16 CDT", "2026-06-21T10:16", -0.83),
    ],
)
def test_the_sun_stands_where_the_almanac_has_it(what: str, utc: str, degrees: float) -> None:
    """US Naval Observatory's times for Chicago, which are whole minutes: within 0.25 degrees."""
    assert altitude(*CHICAGO, _utc(utc)) == pytest.approx(degrees, abs=0.25)


def test_the_sun_stands_high_in_the_south_too() -> None:
    """South of the equator and east of Greenwich, noon is when it should be."""
    assert altitude(-33.87, 151.21, _utc("2026-12-21T02:00")) == pytest.approx(79.0, abs=2.0)


@pytest.mark.parametrize(
    ("sun", "theme", "level"),
    [(30.0, "day", 1.0), (-0.8, "day", 1.0), (-0.9, "night", 0.6), (-5.9, "night", 0.6), (-6.1, "night", 0.3),
     (None, "night", 0.6)],
)  # fmt: skip
def test_the_theme_follows_the_sun(sun: float | None, theme: str, level: float) -> None:
    """Dark from sunset, less bright from the end of civil twilight; dark where the time is not known."""
    look = look_of(replace(NIGHT, sun=sun), AUTO)
    assert (look.theme, look.level, look.power) == (theme, level, "on")


@pytest.mark.parametrize(
    ("moment", "idle_s", "power"),
    [
        (NIGHT, DIM_S - 1.0, "on"),
        (NIGHT, DIM_S, "dim"),
        (NIGHT, BLANK_NIGHT_S, "blank"),
        (replace(NIGHT, visiting=True), 99 * BLANK_NIGHT_S, "dim"),
        (replace(NIGHT, moving=True), 99 * BLANK_NIGHT_S, "on"),
        (DAY, BLANK_DAY_S - 1.0, "on"),
        (DAY, BLANK_DAY_S, "blank"),
        (replace(DAY, visiting=True), 99 * BLANK_DAY_S, "on"),
        (replace(DAY, moving=True), 99 * BLANK_DAY_S, "on"),
    ],
)
def test_what_nobody_uses_goes_dim_then_blank(moment: Moment, idle_s: float, power: str) -> None:
    """At night after 2 and 10 minutes, by day blank after 30; never blank in a visit, never either while it moves."""
    look = look_of(replace(moment, idle_s=idle_s), AUTO)
    assert look.power == power
    assert (look.level == 0.0) == (power == "blank")


@given(
    st.none() | st.floats(-90.0, 90.0), st.floats(0.0, 1e6), st.booleans(), st.booleans(),
    st.sampled_from(["auto", "day", "night"]), st.integers(-2, 2), st.booleans(),
)  # fmt: skip
def test_an_officers_choice_holds(
    sun: float | None, idle_s: float, moving: bool, visiting: bool, theme: str, steps: int, backlit: bool
) -> None:
    """The theme is the chosen one but on a dim screen, which is dark; brighter is never darker."""
    moment = Moment(sun, idle_s, moving, visiting)
    look = look_of(moment, Choices(theme, steps))  # type: ignore[arg-type]
    if look.power == "dim":
        assert look.theme == "night"
    elif theme != "auto":
        assert look.theme == theme
    darker = look_of(moment, Choices(theme, max(-2, steps - 1)))  # type: ignore[arg-type]
    assert 0.0 <= darker.level <= look.level <= 1.0
    assert 0.0 <= shade_of(look, backlit=backlit) <= shade_of(darker, backlit=False) <= 1.0


def test_the_page_darkens_itself_only_where_no_backlight_does() -> None:
    """A step darker by the officer: the backlight's, or 17 % of black; a dim page is darkened in either case."""
    darker = look_of(NIGHT, Choices(brightness=-1))
    assert shade_of(darker, backlit=True) == 0.0
    assert shade_of(darker, backlit=False) == pytest.approx(0.168, abs=0.001)
    dim = look_of(replace(NIGHT, idle_s=DIM_S), AUTO)
    assert shade_of(dim, backlit=True) == shade_of(dim, backlit=False) == 0.65


@pytest.mark.parametrize(("sun", "muted", "volume"), [(20.0, False, 0.5), (-20.0, False, 0.15), (None, False, 0.15),
                                                      (20.0, True, 0.0), (-20.0, True, 0.0)])  # fmt: skip
def test_sounds_are_lower_in_the_dark(sun: float | None, muted: bool, volume: float) -> None:
    """And silent where the officer wants none, whatever the theme."""
    assert look_of(replace(NIGHT, sun=sun), Choices("day", muted=muted)).volume == volume
