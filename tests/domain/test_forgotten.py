"""A pause that was forgotten: when it is asked about, and a resume that says since when."""

import pytest

from edge.domain.events import MeteringResumed, ResumeBackdated, VisitOpened, instant
from edge.domain.inputs import Fix, Input, Pause, Start, Tick
from edge.domain.taps import ResumeSince, StillPaused
from tests.domain.script import SETTING, at, begin, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE, fix


def played(*inputs: Input) -> Metered:
    """A car with box 1 assigned that is paused at second 10, and then these."""
    return play(SETTING, [*begin([patrol(1)]), fix(5, 100.0, speed=0.0), Pause(10.0, "call"), *inputs])


def asks(*inputs: Input, mono: float) -> bool:
    """Whether it is asked at an instant after these."""
    pause = played(*inputs).state.pause
    assert pause is not None
    return pause.asks(mono)


def drive(first: int, last: int) -> list[Fix]:
    """Driving, a fix a second."""
    return at(first, last + 1, 100.0, speed=12.0)


def stand(first: int, last: int) -> list[Fix]:
    """Standing, a fix a second."""
    return at(first, last + 1, 100.0, speed=0.0)


def test_it_is_asked_about_after_20_min() -> None:
    """Of the pause, or of the last answer."""
    assert not asks(mono=1209.9)
    assert asks(mono=1210.0)
    assert not asks(StillPaused(1300.0), mono=2499.9)
    assert asks(StillPaused(1300.0), mono=2500.0)


def test_it_is_asked_about_after_2_min_of_driving() -> None:
    """Added up over red lights; the seconds at a stop that ends the drive are none of it."""
    assert not asks(*drive(20, 139), mono=139.0)
    assert asks(*drive(20, 141), mono=141.0)
    assert asks(*drive(20, 80), *stand(81, 100), *drive(101, 170), mono=170.0)
    assert not asks(*stand(11, 300), mono=300.0)


def test_who_says_that_it_lasts_is_asked_again_after_the_next_stop() -> None:
    """Not while still on the way to it."""
    on_the_way: list[Input] = [*drive(20, 150), StillPaused(150.5), *drive(151, 400)]
    assert not asks(*on_the_way, mono=400.0)
    assert not asks(*on_the_way, *stand(401, 500), *drive(501, 600), mono=600.0)
    assert asks(*on_the_way, *stand(401, 500), *drive(501, 630), mono=630.0)


def test_it_outlives_a_restart() -> None:
    """The 20 min go on by the new life's seconds."""
    again = Start(100.0, "boot", NINE + 100.0, "test")
    assert not asks(*drive(20, 60), again, mono=1209.0)
    assert asks(*drive(20, 60), again, mono=1210.0)


@pytest.mark.parametrize(("minutes", "since"), [("0", 1000.0), ("5", 700.0), ("16", 40.0), ("500", 10.0)])
def test_a_resume_says_since_when(minutes: str, since: float) -> None:
    """A record of its own, never before the pause; the resume itself is of now, and what was recorded stays."""
    metered = played(Tick(1000.0, 0.0), ResumeSince(1000.0, minutes))
    resumed, backdated = (one.data for one in metered.events[-2:])
    assert resumed == MeteringResumed(990.0)
    assert backdated == ResumeBackdated(instant(NINE + since), 1000.0 - since)
    assert metered.state.pause is None


def test_a_visit_opens_only_now() -> None:
    """In box 1 since 20, back since 20, said at 100: the stay before was presence, and stays it."""
    metered = played(*at(20, 101, 400.0, speed=0.0), ResumeSince(100.0, "1"), *at(101, 120, 400.0, speed=0.0))
    opened = [one.data.opened for one in metered.events if isinstance(one.data, VisitOpened)]
    assert opened == [instant(NINE + 100.0)]


def test_without_a_pause_nothing_is_said() -> None:
    """A tap that was overtaken."""
    metered = play(SETTING, [*begin([patrol(1)]), ResumeSince(10.0, "5"), StillPaused(11.0)])
    assert [one.data.type for one in metered.events] == [
        one.data.type for one in play(SETTING, begin([patrol(1)])).events
    ]
