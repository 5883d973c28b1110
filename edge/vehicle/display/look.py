"""The rule: theme, power, backlight, volume from the sun, from what goes on, from what the officer chose. Values alone.

* The theme is night's from sunset to sunrise, and while nobody knows the time: dark never blinds.
* The backlight is full by day, less in civil twilight, least after it; the officer's steps make it more or less.
* At night a parked car's screen that nobody has used for two minutes is dim, by day never: it could not be read.
* Without a visit it goes blank after ten minutes at night, half an hour by day.
* Sounds are lower in the dark.
* A car that moves, and whatever is news, has it on.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Theme: TypeAlias = Literal["day", "night"]
ThemeChoice: TypeAlias = Literal["auto", "day", "night"]
Power: TypeAlias = Literal["on", "dim", "blank"]

SUNSET: Final = -0.833
"""Degrees: the sun's upper edge is at the horizon (34′ of refraction and 16′ of radius; US Naval Observatory)."""

CIVIL: Final = -6.0
"""Degrees: civil twilight ends (US Naval Observatory)."""

DAY_LEVEL: Final = 1.0
TWILIGHT_LEVEL: Final = 0.6
NIGHT_LEVEL: Final = 0.3
LEAST_LEVEL: Final = 0.05
STEP: Final = 1.5
"""By so much a step of the officer's makes the backlight brighter or darker."""

DAY_VOLUME: Final = 0.5
NIGHT_VOLUME: Final = 0.15
DIM_S: Final = 120.0
BLANK_NIGHT_S: Final = 600.0
BLANK_DAY_S: Final = 1800.0

DIM_SHADE: Final = 0.65
"""How much black lies over a dim page: its mean luminance is then at most 3 %."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The officer's own: the theme, steps of brightness, −2 to 2, whether nothing is to be heard, the language."""

    theme: ThemeChoice = "auto"
    brightness: int = 0
    muted: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Moment:
    """What the rule asks. ``sun``: degrees above the horizon, None while the time is unknown; ``idle_s``: without news.

    ``visiting``: a visit is open.
    """

    sun: float | None
    idle_s: float
    moving: bool
    visiting: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How the screen is to be. ``level``: the backlight's share, 0 to 1; ``share``: what the officer's steps ask.

    ``volume``: of its sounds, 0 to 1.
    """

    theme: Theme
    power: Power
    level: float
    share: float
    volume: float


def look_of(moment: Moment, choices: Choices) -> Look:
    """How the screen is to be at a moment."""
    dark = moment.sun is None or moment.sun < SUNSET
    share = STEP**choices.brightness
    power = _power(moment, dark=dark)
    theme: Theme = choices.theme if choices.theme != "auto" else "night" if dark else "day"
    level = 0.0 if power == "blank" else min(1.0, max(LEAST_LEVEL, _level(moment.sun) * share))
    volume = 0.0 if choices.muted else NIGHT_VOLUME if dark else DAY_VOLUME
    return Look("night" if power == "dim" else theme, power, level, min(1.0, share), volume)


def shade_of(look: Look, *, backlit: bool) -> float:
    """How much black the page lays over itself, 0 to 1: for what a backlight does not do, and whenever it is dim.

    A backlight's share is one of luminance, black over the page one of sRGB values: the exponent is sRGB's.
    """
    if look.power == "blank":
        return 1.0
    own = 0.0 if backlit else 1.0 - look.share ** (1 / 2.2)
    return max(own, DIM_SHADE if look.power == "dim" else 0.0)


def _power(moment: Moment, *, dark: bool) -> Power:
    if moment.moving:
        return "on"
    if not moment.visiting and moment.idle_s >= (BLANK_NIGHT_S if dark else BLANK_DAY_S):
        return "blank"
    return "dim" if dark and moment.idle_s >= DIM_S else "on"


def _level(sun: float | None) -> float:
    if sun is None or CIVIL <= sun < SUNSET:
        return TWILIGHT_LEVEL
    return DAY_LEVEL if sun >= SUNSET else NIGHT_LEVEL
