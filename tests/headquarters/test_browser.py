"""The pages in a real browser: nothing blocked, nothing inaccessible, nothing cut off on screen or on paper."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed, encode
from edge.headquarters.console.access.guard import COOKIE
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store, StoredDocument
from edge.service.web_server import WebServer
from tests.axe import AT_A_DESK, violations
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import NIGHT, SHIFT, TOPICS
from tests.headquarters.visitors import cookie_of
from tests.service.serving import serving

BUILD = Path(__file__).resolve().parents[2] / "build"
REPORT = "/reports/shift/2026-11-22/night"
A4_WIDTH_PX = 794 - 98  # 210 mm less the margins, at 96 dpi


@dataclass
class Browser:
    """A page at headquarters, and what its console said."""

    page: Page
    address: str
    said: list[str]

    def visit(self, path: str) -> None:
        """Open a path of headquarters."""
        self.page.goto(self.address + path)

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@dataclass
class Served:
    """Headquarters' pages, where they are served."""

    address: str
    app: Flask


@pytest.fixture(scope="module")
def served(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Headquarters' pages over the two cars' night and its plan."""
    database = tmp_path_factory.mktemp("browser") / "hq.sqlite"
    cars, plan = two_cars(square_agency)
    with Store(database) as store:
        receiver = Receiver(store, TOPICS, NIGHT.timestamp)
        for car in cars:
            receiver.handle(car.ledger.messages())
        body = PlanDoc.of(plan, "squaretown", "analyst", "Robberies").model_dump(mode="json")
        signed = encode(Signed(kind="plan", body=body, signature="0" * 128))
        began = NIGHT.timestamp() - 3600
        stored = StoredDocument(
            "plan", f"{SHIFT} {plan.district}", 1, "analyst", "Robberies west of the square", "d" * 64, signed, began
        )
        store.put_signed(replace(stored, published=began))
    app = create_app(Context(square_agency, database, now=lambda: NIGHT.timestamp() + 9 * 3600), ["127.0.0.1"])
    with serving(WebServer(app, "127.0.0.1", 0, section="web")) as port:
        yield Served(f"http://127.0.0.1:{port}", app)


@pytest.fixture(scope="module")
def browser(served: Served, chromium: Chromium) -> Iterator[Browser]:
    """A page of its own where an analyst is logged in, and what it says on its console."""
    BUILD.mkdir(exist_ok=True)
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.context.add_cookies([{"name": COOKIE, "value": cookie_of(served.app, "analyst"), "url": served.address}])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield Browser(page, served.address, said)
    page.close()


@pytest.mark.parametrize("path", ["/", REPORT])
def test_the_console_is_silent(path: str, browser: Browser) -> None:
    """No blocked resource, no error; a screenshot is kept in ``build/``."""
    browser.said.clear()
    browser.visit(path)
    browser.page.screenshot(path=BUILD / f"headquarters-{'report' if path == REPORT else 'index'}.png", full_page=True)
    assert browser.said == []


@pytest.mark.parametrize("path", ["/briefings/2026-11-22/night/1", "/tactics"])
def test_axe_finds_nothing_on_what_officers_and_the_public_read(path: str, browser: Browser) -> None:
    """Contrast at AAA and the size of targets, as on the car's own pages."""
    browser.visit(path)
    assert violations(browser.page) == []


def test_axe_finds_nothing_on_any_page_of_the_console(browser: Browser) -> None:
    """Every page that a link of the first one leads to, and a report: contrast at AA, the size of targets."""
    browser.visit("/")
    linked = browser.page.eval_on_selector_all("a[href]", "all => all.map((one) => one.pathname)")
    pages = sorted({path for path in linked if not path.endswith((".csv", ".json"))} | {REPORT})
    assert len(pages) > 5
    for path in pages:
        browser.visit(path)
        assert violations(browser.page, AT_A_DESK) == [], path


@pytest.mark.parametrize("path", ["/", "/fleet", REPORT])
@pytest.mark.parametrize("width", [1280, 820, 390])
def test_nothing_is_wider_than_the_window(path: str, width: int, browser: Browser) -> None:
    """Neither page scrolls sideways on a desk's, a tablet's or a phone's screen: wide tables scroll by themselves."""
    browser.page.set_viewport_size({"width": width, "height": 900})
    browser.visit(path)
    assert browser.overflow() <= 0


def test_the_links_of_the_bar_stand_apart(browser: Browser) -> None:
    """A finger's width of 8 px at least between two of them."""
    browser.page.set_viewport_size({"width": 1280, "height": 900})
    browser.visit("/")
    places = [link.bounding_box() for link in browser.page.locator(".bar nav a").all()]
    assert len(places) > 1
    for left, right in itertools.pairwise(places):
        assert left is not None
        assert right is not None
        assert right["x"] - (left["x"] + left["width"]) >= 8.0


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_report_prints_as_a_finished_document(paper: str, browser: Browser) -> None:
    """The PDF is kept in ``build/``: portrait, few pages, nothing cut off at the right, no screen furniture."""
    browser.visit(REPORT)
    browser.page.emulate_media(media="print")
    browser.page.set_viewport_size({"width": A4_WIDTH_PX, "height": 1000})
    assert browser.overflow() <= 0
    assert not browser.page.locator(".bar").is_visible()
    assert not browser.page.locator(".formats").is_visible()
    pdf = browser.page.pdf(path=BUILD / f"shift-report-{paper}.pdf", format=paper)
    browser.page.emulate_media(media="screen")
    assert 1 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 4


def test_the_timeline_and_the_map_show_what_the_tables_say(browser: Browser) -> None:
    """Each counted visit has a bar; each counted box is on the map with its number."""
    browser.page.set_viewport_size({"width": 1280, "height": 900})
    browser.visit(REPORT)
    rows = browser.page.locator(".unit .facts + .scroll tbody tr:not(.dim)")
    bars = browser.page.locator(".timeline rect.counted, .timeline rect.early")
    assert bars.count() >= rows.count() > 10
    visited = browser.page.locator(".map rect.visited")
    assert visited.count() == browser.page.locator(".map text.below").count() == 5
