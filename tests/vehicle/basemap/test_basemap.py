"""The car's look at its basemap: only a whole file of its own agency's place is shown, and the status says why not."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edge.agency.basemap import make_basemap
from edge.contract.agency import Agency
from edge.text.words import say
from edge.vehicle.basemap.basemap import Basemap, WatchedBasemap
from edge.vehicle.view.snapshot import BasemapView
from tests.agency.osm_town import write_extract
from tests.agency.square import square_agency

__all__ = ["square_agency"]

HEADER: Final = 127


@pytest.fixture(scope="module")
def made(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The square town's basemap."""
    folder = tmp_path_factory.mktemp("basemap")
    grid = square_agency.grid
    make_basemap(
        write_extract(folder / "town.osm.pbf", grid.lat0, grid.lon0), square_agency, folder / "basemap.pmtiles"
    )
    return folder / "basemap.pmtiles"


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copy(made, tmp_path / "basemap.pmtiles"))


def why_not(file: Path, agency: Agency, *, drawn: bool = True) -> str:
    """What is said of a file that is not shown."""
    view = Basemap(file, agency.grid, drawn).look()
    assert view.version is None
    assert view.notice is not None
    return say(view.notice)


def test_a_whole_file_is_shown(file: Path, square_agency: Agency) -> None:
    """Under a version of its own, by which it is opened; another one is not."""
    basemap = Basemap(file, square_agency.grid, drawn=True)
    view = basemap.look()
    assert view.notice is None
    assert view.version is not None
    opened = basemap.opened(view.version)
    assert opened is not None
    with opened:
        assert opened.read(7) == b"PMTiles"
    assert basemap.opened("1-2-3") is None


def test_a_missing_file_is_named(file: Path, square_agency: Agency) -> None:
    """And a folder in its place."""
    file.unlink()
    assert why_not(file, square_agency) == f"No street map file at {file}."
    file.mkdir()
    assert why_not(file, square_agency) == f"Street map {file} cannot be read (Is a directory)."


def test_a_file_that_is_cut_off_is_not_shown(file: Path, square_agency: Agency) -> None:
    """Wherever: in the header, the directory, the metadata, the last tile."""
    content = file.read_bytes()
    for length in (0, 3, HEADER - 1, HEADER, HEADER + 20, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:length])
        assert why_not(file, square_agency) == f"Street map {file} is damaged."


def test_one_changed_byte_is_found(file: Path, square_agency: Agency) -> None:
    """In any tile, in the directory, in the metadata: every gzip stream has a checksum of its own."""
    content = file.read_bytes()
    for at in range(HEADER + 12, len(content), 97):
        changed = bytearray(content)
        changed[at] ^= 0xFF
        file.write_bytes(changed)
        view = Basemap(file, square_agency.grid, drawn=True).look()
        if view.notice is None:  # a header of gzip has bytes that mean nothing
            assert content[at - 9 : at].find(b"\x1f\x8b") >= 0
    file.write_bytes(content[:HEADER] + bytes(len(content) - HEADER))
    assert why_not(file, square_agency) == f"Street map {file} is damaged."


def test_other_content_is_not_shown(file: Path, square_agency: Agency) -> None:
    """Text, another version of the form, noise."""
    content = file.read_bytes()
    for other in (b"streets" * 100, b"PMTiles\x02" + content[8:], bytes(range(256)) * 9, content[:8] + b"\xff" * 500):
        file.write_bytes(other)
        assert why_not(file, square_agency) == f"Street map {file} is damaged."


def test_another_place_is_not_shown(square_agency: Agency, chicago_agency: Agency, file: Path) -> None:
    """It would be a blank map."""
    assert why_not(file, chicago_agency) == f"Street map {file} shows another area."
    assert square_agency.grid.boxes


def test_without_the_software_nothing_is_promised(file: Path, square_agency: Agency) -> None:
    """The screen could not draw it."""
    assert why_not(file, square_agency, drawn=False) == "The software that draws street maps is not installed."


class News:
    """Counts what is called, and lets a test wait for it."""

    def __init__(self) -> None:
        self._heard = threading.Semaphore(0)

    def __call__(self) -> None:
        self._heard.release()

    def wait(self) -> None:
        """Until the next news."""
        assert self._heard.acquire(timeout=30.0)


class Looks(threading.Event):
    """A stop whose waits end at once, so that the thread looks again and again."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(None if timeout is None else 0.01)


@pytest.fixture
def watched(file: Path, square_agency: Agency) -> Iterator[tuple[WatchedBasemap, News]]:
    """The thread, looking."""
    news, stop = News(), Looks()
    watched = WatchedBasemap(Basemap(file, square_agency.grid, drawn=True), news)
    thread = threading.Thread(target=watched.run, args=(stop,))
    thread.start()
    yield watched, news
    stop.set()
    thread.join(30.0)


def test_a_file_that_is_replaced_is_looked_over_anew(watched: tuple[WatchedBasemap, News], file: Path) -> None:
    """A damaged one is shown no more, a good one again; each is told once."""
    basemap, news = watched
    news.wait()
    first = basemap.view.version
    assert first is not None
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    news.wait()
    assert basemap.view.version is None
    assert basemap.opened(first) is None
    file.unlink()
    news.wait()
    file.with_name("new").write_bytes(content)
    file.with_name("new").rename(file)
    news.wait()
    assert basemap.view.version not in (None, first)


def test_a_medium_that_hangs_is_said(file: Path, square_agency: Agency) -> None:
    """The thread gives its signs of life all the same: nothing else waits for it."""
    pipe, news, stop = file.with_name("pipe"), News(), Looks()
    os.mkfifo(pipe)
    watched = WatchedBasemap(Basemap(pipe, square_agency.grid, drawn=True), news, patience_s=0.1)
    thread = threading.Thread(target=watched.run, args=(stop,))
    thread.start()
    news.wait()
    assert watched.view.notice is not None
    assert say(watched.view.notice) == f"Street map {pipe} does not answer."
    stop.set()
    thread.join(30.0)
    pipe.open("wb").close()  # whoever waits there goes on


def test_a_car_that_is_to_have_none_says_nothing() -> None:
    """No line in the status, no look."""
    stop = threading.Event()
    stop.set()
    basemap = WatchedBasemap(None, lambda: None)
    basemap.run(stop)
    assert basemap.view == BasemapView()
    assert basemap.opened("1-2-3") is None
