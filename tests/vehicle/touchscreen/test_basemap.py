"""The basemap over HTTP: by ranges of bytes, of the version that the snapshot names, by the same rules as all else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import pytest
from flask.testing import FlaskClient

from edge.text.words import Notice
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.view.snapshot import BasemapView
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene

CONTENT: Final = bytes(range(256)) * 400
VERSION: Final = "a1-b2-c3"
URL: Final = f"/basemap/{VERSION}.pmtiles"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], BinaryIO | None]]:
    """Opens the file of the one version; afterwards none is open."""
    path, files = tmp_path / "basemap.pmtiles", list[BinaryIO]()
    path.write_bytes(CONTENT)

    def of(version: str) -> BinaryIO | None:
        if version != VERSION:
            return None
        files.append(path.open("rb"))
        return files[-1]

    yield of
    assert all(one.closed for one in files)


@pytest.fixture
def browser(bench: Bench, opened: Callable[[str], BinaryIO | None]) -> FlaskClient:
    """On the host that the application trusts."""
    return create_app(bench, trusted_hosts=["localhost"], opened=opened).test_client()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-126", 0, 126), ("1000-1999", 1000, 1999), ("102300-", 102_300, 102_399), ("-5", 102_395, 102_399),
     ("102000-999999", 102_000, 102_399)],
)  # fmt: skip
def test_a_range_is_answered(asked: str, first: int, last: int, browser: FlaskClient) -> None:
    """206, with what was asked and where it lies."""
    with browser.get(URL, headers={"Range": f"bytes={asked}"}) as answer:
        assert answer.status_code == 206
        assert answer.data == CONTENT[first : last + 1]
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
        assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["102400-102500", "200000-", "0-1,5-9"])
def test_a_range_that_is_not_there_is_refused(asked: str, browser: FlaskClient) -> None:
    """416, and how long the file is; several ranges at once are not served."""
    with browser.get(URL, headers={"Range": f"bytes={asked}"}) as answer:
        assert answer.status_code == 416


def test_the_whole_file_and_its_head(browser: FlaskClient) -> None:
    """200 with its length; HEAD sends nothing."""
    with browser.get(URL) as answer:
        assert (answer.status_code, answer.data, answer.content_length) == (200, CONTENT, len(CONTENT))
        assert answer.mimetype == "application/vnd.pmtiles"
    with browser.head(URL) as answer:
        assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(CONTENT))


def test_the_etag_is_the_version(browser: FlaskClient) -> None:
    """What is held already is not sent again; a range of another version is the whole of this one."""
    with browser.get(URL) as answer:
        etag = answer.headers["ETag"]
    assert etag == f'"{VERSION}"'
    with browser.get(URL, headers={"If-None-Match": etag}) as answer:
        assert (answer.status_code, answer.data) == (304, b"")
    for condition, status in ((etag, 206), ('"another"', 200)):
        with browser.get(URL, headers={"Range": "bytes=0-9", "If-Range": condition}) as answer:
            assert answer.status_code == status


def test_another_version_is_not_found(browser: FlaskClient) -> None:
    """A page of before asks for it once more at most: the next snapshot names the new one."""
    for version in ("a1-b2-c4", "..", "a1-b2-c3.pmtiles"):
        assert browser.get(f"/basemap/{version}.pmtiles").status_code == 404


def test_a_car_without_one_serves_none(client: FlaskClient) -> None:
    """The usual refusal."""
    answer = client.get(URL)
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]["code"] == "refused.no_basemap"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 400),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_nobody_else_gets_it(headers: dict[str, str], status: int, browser: FlaskClient) -> None:
    """Another host, another page."""
    with browser.get(URL, headers=headers) as answer:
        assert answer.status_code == status


def test_it_has_the_common_headers(browser: FlaskClient) -> None:
    """Nothing inline, not to be kept by a proxy."""
    with browser.get(URL, headers={"Range": "bytes=0-9"}) as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_status_says_how_it_stands(client: FlaskClient, scene: Scene) -> None:
    """A line where one is configured: shown, or why not and what to do; none where none is."""
    scene.patrol()
    assert "Street map" not in client.get("/status").text
    scene.bench.basemap = BasemapView(VERSION)
    assert "Streets of OpenStreetMap are shown: © OpenStreetMap contributors, ODbL." in client.get("/status").text
    scene.bench.basemap = BasemapView(None, Notice("basemap.damaged", {"path": "/data/basemap.pmtiles"}, "warning"))
    text = client.get("/status").text
    assert "Street map /data/basemap.pmtiles is damaged." in text
    assert "Patrol as usual with the plain map. Tell your fleet admin." in text


def test_the_page_gets_the_plane(client: FlaskClient, bench: Bench) -> None:
    """The polynomials by which it finds where tiles lie."""
    answer = client.get("/api/map").json
    assert answer is not None
    grid = bench.agency.grid
    assert answer["plane"] == {
        "lat0": grid.lat0, "lon0": grid.lon0, "scale": grid.scale, "east": list(grid.east), "north": list(grid.north),
    }  # fmt: skip
