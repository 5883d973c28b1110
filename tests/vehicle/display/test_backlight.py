"""The backlight as sysfs has it, in a folder that stands for /sys/class/backlight."""

from pathlib import Path
from typing import Final

import pytest

from edge.text.words import Notice, say
from edge.vehicle.display.backlight import RETRY_S, Backlight

MOST: Final = 255


def panel(folder: Path, name: str = "panel", kind: str = "raw", most: str = str(MOST)) -> Path:
    """A backlight as Linux shows one."""
    made = folder / name
    made.mkdir(parents=True)
    for file, text in (("type", kind), ("max_brightness", most), ("brightness", "7"), ("bl_power", "0")):
        (made / file).write_text(f"{text}\n", encoding="ascii")
    return made


def _shown(folder: Path) -> tuple[str, str]:
    return (folder / "brightness").read_text(), (folder / "bl_power").read_text()


def test_a_level_is_a_share_of_the_panels_own(tmp_path: Path) -> None:
    """A third of 255; on is never 0; off is off by both files."""
    made, backlight = panel(tmp_path), Backlight(tmp_path)
    for level, expected in ((0.333, ("85", "0")), (0.001, ("1", "0")), (0.0, ("0", "4")), (1.0, ("255", "0"))):
        backlight.show(level, 0.0)
        assert _shown(made) == expected
    assert backlight.works
    assert backlight.trouble is None


def test_what_is_so_already_is_not_written(tmp_path: Path) -> None:
    """Nobody else's setting is fought over, and a panel is not written to every second."""
    made, backlight = panel(tmp_path), Backlight(tmp_path)
    backlight.show(0.5, 0.0)
    (made / "brightness").write_text("9", encoding="ascii")
    backlight.show(0.5, 1.0)
    assert (made / "brightness").read_text() == "9"


def test_of_several_the_kernels_own_preference_holds(tmp_path: Path) -> None:
    """Firmware before platform before raw; one that is named is used whatever the others are."""
    raw, firmware = panel(tmp_path, "a", "raw"), panel(tmp_path, "b", "firmware")
    Backlight(tmp_path).show(1.0, 0.0)
    assert (_shown(raw)[0], _shown(firmware)[0]) == ("7\n", "255")
    Backlight(raw).show(1.0, 0.0)
    assert _shown(raw)[0] == "255"


@pytest.mark.parametrize("given", [None, "nowhere"])
def test_without_one_nothing_is_the_matter(tmp_path: Path, given: str | None) -> None:
    """A panel on HDMI has none: no notice, and the page knows that it must darken itself."""
    backlight = Backlight(None if given is None else tmp_path / given)
    backlight.show(0.3, 0.0)
    assert (backlight.works, backlight.trouble) == (False, None)


def test_missing_rights_are_one_notice_and_it_is_tried_again(tmp_path: Path) -> None:
    """A file that takes nothing: the notice names the folder; a minute later it works, and the notice is gone."""
    made, backlight = panel(tmp_path), Backlight(tmp_path)
    (made / "brightness").unlink()
    (made / "brightness").mkdir()  # even the superuser cannot write to it
    backlight.show(0.5, 0.0)
    assert backlight.trouble == Notice("display.no_backlight", {"path": str(made), "why": "eisdir"}, "warning")
    assert say(backlight.trouble) == (
        f"Cannot set the screen's brightness ({made}: Is a directory). Tell your fleet admin."
    )
    (made / "brightness").rmdir()
    (made / "brightness").write_text("7", encoding="ascii")
    backlight.show(0.5, RETRY_S - 1.0)
    assert not backlight.works
    backlight.show(0.5, RETRY_S)
    assert backlight.works
    assert (made / "brightness").read_text() == "128"


def test_a_panel_that_says_nonsense_is_one_notice(tmp_path: Path) -> None:
    """No number where the most should be."""
    panel(tmp_path, most="much")
    backlight = Backlight(tmp_path)
    backlight.show(0.5, 0.0)
    assert backlight.trouble is not None
    assert backlight.trouble.values["why"] == "einval"
