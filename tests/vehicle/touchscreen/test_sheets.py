"""Status, help and what a monitor asks: pages that anybody may read, one sheet each, and figures without places."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.printing import FORMATS, cut, gray, sheets
from tests.vehicle.touchscreen.scenes import ALARM, Scene
from tests.vehicle.touchscreen.serving import served


@pytest.mark.parametrize("name", ["help", "status"])
def test_each_is_one_sheet_without_a_fault(name: str, chromium: Browser, scene: Scene) -> None:
    """On both papers, in black; by axe at AAA on the screen; the others are one tap away."""
    scene.patrol()
    scene.bench.notices = (ALARM,)
    with served(scene.bench) as port:
        page = chromium.new_page(viewport={"width": 800, "height": 480})
        page.goto(f"http://127.0.0.1:{port}/{name}")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa"]}
        found = Axe().run(page, options=options).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        heights = [one.bounding_box() for one in page.locator(".around a").all()]
        assert len(heights) == 4
        assert all(box is not None and min(box["width"], box["height"]) >= 76 for box in heights)
        assert [sheets(page, paper, name) for paper in FORMATS] == [1, 1]
        assert [cut(page, paper) for paper in FORMATS] == [[], []]
        assert gray(page) == []
        page.close()


def test_the_status_says_what_to_do(client: FlaskClient, scene: Scene) -> None:
    """A fault by its word, not by a color alone."""
    scene.patrol()
    scene.bench.notices = (ALARM,)
    text = client.get("/status").text
    assert "Records damaged, kept aside" in text
    assert "FAULT" in text
    assert "Tell your fleet admin today." in text


def test_the_help_says_what_the_screen_says(client: FlaskClient) -> None:
    """The headline of each state, and this agency's numbers."""
    text = re.sub(r"<[^>]+>", " ", client.get("/help").text)
    for words in (
        "TOO LONG IN BOX 42",
        "WEAK GPS · TIMER STOPPED",
        "ENOUGH VISITS IN BOX 42",
        "ON A CALL",
        "1:00 min",
        "30 ft",
    ):
        assert words in text


def test_health_and_readiness_are_two(client: FlaskClient, scene: Scene) -> None:
    """Served is not yet recording: before the shift is known, and where the disk takes nothing."""
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    scene.patrol()
    assert client.get("/readyz").get_json() == {"lacking": [], "ready": True}
    scene.bench.notices = (ALARM,)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["lacking"][0]["code"]) == (503, "store.records_damaged")
    assert client.get("/healthz").status_code == 200


def test_metrics_are_prometheus_text_without_places(client: FlaskClient, scene: Scene) -> None:
    """Every line is a comment or a figure; no box, no officer, no degrees."""
    scene.patrol()
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert all(re.fullmatch(r'# (HELP|TYPE) \w+ .+|roundsman_\w+(\{\w+="[^"]*"\})? [-+.\de]+', line) for line in lines)
    assert f"roundsman_records_total {client.get('/api/state').get_json()['recorded']}" in lines
    assert "roundsman_plan_in_force 1" in lines
    assert 'roundsman_notices{severity="fault"} 0' in lines
    assert "4711" not in answer.text
    assert str(scene.number) not in re.findall(r"\d+", answer.text)
