"""Logging in with a real browser, on a phone and at a desk, by mouse and by keyboard alone; axe on every page of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from edge.contract.agency import Agency
from edge.headquarters.access.changes import KEYBOARD, add_account
from edge.headquarters.accounts.roles import ROLES
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.store import Store
from edge.service.web_server import WebServer
from tests.axe import AT_A_DESK, violations
from tests.headquarters.ledgers import NIGHT
from tests.service.serving import serving

BUILD: Final = Path(__file__).resolve().parents[3] / "build"
PASSWORD: Final = "marble otter 19 lanterns"
OTHER: Final = "copper kettle 40 bridges"
WINDOWS: Final = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(scope="module")
def served(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Where the pages are, an account of each role, and the one-time codes of one more for each width of a window."""
    database, now = tmp_path_factory.mktemp("login") / "hq.sqlite", NIGHT.timestamp()
    with Store(database) as store:
        for role in ROLES:
            add_account(store, role, role, PASSWORD, KEYBOARD, now, "4711" if role == "officer" else None)
        widths = [str(width) for width, _ in WINDOWS.values()]
        codes = {one: add_account(store, f"new{one}", "command", None, KEYBOARD, now)[1] or "" for one in widths}
    app = create_app(Context(square_agency, database, now=lambda: now), ["127.0.0.1"])
    with serving(WebServer(app, "127.0.0.1", 0, section="web")) as port:
        yield f"http://127.0.0.1:{port}", codes


@pytest.fixture(params=WINDOWS)
def page(request: pytest.FixtureRequest, chromium: Chromium) -> Iterator[Page]:
    """A window of its own, with no cookie; whatever its console says is a failure."""
    width, height = WINDOWS[request.param]
    own = chromium.new_page(viewport={"width": width, "height": height})
    said: list[str] = []
    own.on("console", lambda message: said.append(message.text))
    yield own
    own.close()
    assert [one for one in said if "status of 401" not in one and "Content Security" not in one] == []


def log_in(page: Page, address: str, name: str, password: str, path: str = "/login") -> None:
    """As somebody does."""
    page.goto(address + path)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password or one-time code").fill(password)
    page.get_by_role("button", name="Log in").click()


def looks_right(page: Page, name: str) -> None:
    """Nothing inaccessible, nothing wider than the window; a screenshot is kept in ``build/``."""
    BUILD.mkdir(exist_ok=True)
    width = (page.viewport_size or {"width": 0})["width"]
    page.screenshot(path=BUILD / f"headquarters-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page, AT_A_DESK) == []


def test_a_login_leads_to_the_page_that_was_asked_for(page: Page, served: tuple[str, dict[str, str]]) -> None:
    """After a wrong password, which says so; and a logout leads back."""
    address, _ = served
    page.goto(f"{address}/reports/presence")
    looks_right(page, "login")
    log_in(page, address, "analyst", "wrong", "/reports/presence")
    assert page.get_by_role("alert").inner_text() == "Name or password is not correct."
    looks_right(page, "login-refused")
    page.get_by_label("Password or one-time code").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/reports/presence")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{address}/login")


def test_the_keyboard_is_enough(page: Page, served: tuple[str, dict[str, str]]) -> None:
    """The name's field has the focus; tab, type, enter."""
    address, _ = served
    page.goto(f"{address}/login")
    page.wait_for_function("document.activeElement.name === 'name'")
    page.keyboard.type("analyst")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    assert page.get_by_role("link", name="analyst · analyst").is_visible()


def test_a_one_time_code_becomes_a_password(page: Page, served: tuple[str, dict[str, str]]) -> None:
    """On the next page, and the pages are open from then on."""
    address, codes = served
    width = str((page.viewport_size or {"width": 0})["width"])
    code = codes[width]
    log_in(page, address, f"new{width}", code)
    looks_right(page, "choose-password")
    page.get_by_label("One-time code").fill(code)
    page.get_by_label("New password, at least").fill(OTHER)
    page.get_by_label("New password again").fill(OTHER)
    page.get_by_role("button", name="Save password").click()
    page.wait_for_url(f"{address}/")


@pytest.mark.parametrize("role", ["analyst", "auditor", "officer", "admin"])
def test_each_roles_own_pages_look_right(role: str, page: Page, served: tuple[str, dict[str, str]]) -> None:
    """Every page that a link of the first one leads to."""
    address, _ = served
    log_in(page, address, role, PASSWORD)
    page.wait_for_load_state()
    first = page.url
    looks_right(page, f"first-{role}")
    linked = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.pathname)")
    for path in sorted({*linked, "/account", "/account/password"} - {"/tactics"}):
        page.goto(address + path)
        looks_right(page, f"{role}{path.replace('/', '-')}")
    assert first in (f"{address}/", f"{address}/account")
