"""The display's part of the daemon on a clock that the test moves: what wakes it, what is chosen and remembered."""

import errno
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from edge.text.words import Notice
from edge.vehicle.display.backlight import Backlight
from edge.vehicle.display.display import Display
from edge.vehicle.display.look import BLANK_NIGHT_S, DIM_S
from edge.vehicle.display.seen import Seen, seen_in
from edge.vehicle.store.documents import Documents
from edge.vehicle.view.snapshot import DisplayView
from tests.vehicle.display.test_backlight import panel
from tests.vehicle.touchscreen.bench import EVENING, Bench
from tests.vehicle.touchscreen.scenes import ALARM, Scene
from tests.vehicle.touchscreen.town import build_town

NIGHT: Final = Seen(41.9, -87.6, EVENING, moving=False, visiting=False, news=("patrol",))


class Car:
    """What a display looks at, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = NIGHT
        self.mono = 100.0
        self.published = 0
        self.full = False

    def get(self, name: str) -> dict[str, Any] | None:
        """A stored document."""
        return Documents(self.folder / "settings.json").get(name)

    def put(self, name: str, body: dict[str, Any]) -> None:
        """Store one, while there is room."""
        if self.full:
            raise OSError(errno.ENOSPC, "full")
        Documents(self.folder / "settings.json").put(name, body)

    def _changed(self) -> None:
        self.published += 1

    def display(self) -> Display:
        """The daemon starts."""
        backlight = Backlight(self.folder / "backlight")
        return Display(lambda: self.seen, lambda: self.mono, backlight, self, self._changed)

    def after(self, display: Display, seconds: float) -> DisplayView:
        """The view so much later."""
        self.mono += seconds
        display.look()
        return display.view


@pytest.fixture
def car(tmp_path: Path) -> Car:
    """A parked car on patrol, at half past ten in the evening."""
    return Car(tmp_path)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A vehicle in the demo city."""
    town = build_town(tmp_path)
    return Scene(Bench(town.agency), town.plan)


def test_a_parked_car_at_night_goes_dim_then_blank_and_a_touch_wakes_it(car: Car) -> None:
    """Each change is published at once."""
    display = car.display()
    assert car.after(display, 1.0) == DisplayView("night", "on", volume=0.15)
    assert car.after(display, DIM_S).power == "dim"
    assert car.after(display, BLANK_NIGHT_S).power == "blank"
    before = car.published
    display.touch()
    assert (display.view.power, car.published) == ("on", before + 1)


@pytest.mark.parametrize(
    "change", [{"moving": True}, {"news": ("paused", True)}, {"news": ("patrol", ("store.not_recording",))}]
)
def test_a_drive_or_news_wakes_it(car: Car, change: dict[str, Any]) -> None:
    """A car that moves, a question, a fault."""
    display = car.display()
    car.after(display, 1.0)
    assert car.after(display, BLANK_NIGHT_S).power == "blank"
    car.seen = replace(car.seen, **change)
    assert car.after(display, 1.0).power == "on"


def test_a_receiver_that_comes_and_goes_is_no_news(car: Car) -> None:
    """All night in a garage: lost, then back as it was."""
    display = car.display()
    car.after(display, 1.0)
    car.after(display, BLANK_NIGHT_S)
    for news in (None, ("patrol",), None, ("patrol",)):
        car.seen = replace(car.seen, news=news)
        assert car.after(display, 1.0).power == "blank"


def test_choices_hold_over_a_restart(car: Car) -> None:
    """Day at night, one step brighter; another life has both."""
    panel(car.folder / "backlight")
    display = car.display()
    display.choose("theme", "day")
    display.choose("brightness", 1)
    for one in (display, car.display()):
        assert car.after(one, 1.0) == DisplayView("day", "on", 0.0, "day", 1)
        assert (car.folder / "backlight" / "panel" / "brightness").read_text() == "115"  # 255 × 0.3 × 1.5


def test_the_language_is_the_configurations_until_one_is_chosen(car: Car) -> None:
    """What was chosen holds over a restart, whatever the configuration says then."""
    display = Display(lambda: car.seen, lambda: car.mono, Backlight(None), car, lambda: None, "es")
    assert car.after(display, 1.0).language == "es"
    display.choose("language", "en")
    again = Display(lambda: car.seen, lambda: car.mono, Backlight(None), car, lambda: None, "es")
    assert car.after(again, 1.0).language == "en"


def test_a_choice_that_newer_software_stored_is_as_usual(car: Car) -> None:
    """Unknown values and names are not obeyed, the others are."""
    car.put("display", {"theme": "sepia", "brightness": -1, "muted": 1, "blinking": True})
    assert car.after(car.display(), 1.0) == DisplayView("night", "on", 0.168, "auto", -1)


def test_a_full_disk_is_said(car: Car) -> None:
    """The choice holds until a restart; the notice goes when it can be stored."""
    display = car.display()
    car.full = True
    display.choose("theme", "day")
    assert display.view.theme == "day"
    assert display.notices() == (Notice("display.not_saved", {"why": "enospc"}, "warning"),)
    car.full = False
    display.choose("theme", "night")
    assert display.notices() == ()


def test_what_it_sees_of_a_car(scene: Scene) -> None:
    """Where it is, the agency's center before a fix; when; whether it moves; news with a fault among them."""
    bench = scene.bench
    agency = bench.agency
    first = seen_in(agency, bench.state, bench.mono, ())
    assert (first.lat, first.lon, first.utc) == (agency.grid.lat0, agency.grid.lon0, None)
    scene.visit()
    seen = seen_in(agency, bench.state, bench.mono, (ALARM,))
    last = bench.state.track.last
    assert last is not None
    assert (seen.lat, seen.lon) == (last.lat, last.lon)
    assert seen.utc is not None
    assert abs(seen.utc - EVENING) < 3600.0
    assert (seen.moving, seen.visiting) == (False, True)
    assert seen.news is not None
    assert seen.news[-1] == ("store.records_damaged",)


def test_the_thread_leaves_the_backlight_on(car: Car) -> None:
    """Whoever looks at a screen whose daemon has ended must see that."""
    made = panel(car.folder / "backlight")
    display = car.display()
    car.after(display, 1.0)
    car.after(display, BLANK_NIGHT_S)
    assert (made / "bl_power").read_text() == "4"
    stop = threading.Event()
    stop.set()
    display.run(stop)
    assert ((made / "bl_power").read_text(), (made / "brightness").read_text()) == ("0", "76")
