"""The drafts' pages: an analyst looks, changes and approves; what two do at once, who may, and how it looks."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser as Chromium

from edge.domain.grid import BOX_M
from edge.headquarters.console.access.guard import COOKIE
from edge.headquarters.console.context import KEY
from edge.headquarters.console.draft_map import DIGIT, LEAST_PX, size_of
from edge.headquarters.console.map import MARGIN_M, BoxView
from edge.headquarters.store import Store
from edge.service.web_server import WebServer
from tests.axe import AT_A_DESK, violations
from tests.headquarters.console.drafted import DRAFT, numbers, post
from tests.headquarters.publish.desk import Desk
from tests.headquarters.visitors import HOST, cookie_of, logged_in
from tests.service.serving import serving


def a_number(client: FlaskClient) -> str:
    """Of a box that the draft has."""
    return client.get(DRAFT).text.split("<option>")[1].split("<")[0]


def test_from_the_list_to_an_approved_plan(app: Flask, desk: Desk) -> None:
    """Three clicks from the first page: drafts, the draft, approve. An edit before it is in what is published."""
    client = logged_in(app)
    assert 'href="/drafts"' in client.get("/").text
    assert f'href="{DRAFT}"' in client.get("/drafts").text
    assert "about one in " in client.get(DRAFT).text
    status, page = post(client, DRAFT, 1, action="suppress", number=a_number(client))
    assert (status, "Suppressed: a crowd is expected" in page) == (200, True)
    status, page = post(client, f"{DRAFT}/approval", 2)
    assert (status, "Approved, version 1; edition 3." in page) == (200, True)
    (payload,) = desk.retained.values()
    assert b"a crowd is expected" in payload
    with Store(app.extensions[KEY].database) as store:
        done = [(one.account, one.action, one.subject) for one in store.audit_rows()]
    assert ("analyst", "draft.suppress", "2026-11-22/night 1") in done
    assert ("analyst", "draft.approve", "2026-11-22/night 1") in done


def test_the_second_of_two_analysts_sees_both_edits(app: Flask) -> None:
    """On the page as it stands now; nothing of the second's is stored."""
    first, second = logged_in(app), logged_in(app, "supervisor")
    number = a_number(first)
    post(first, DRAFT, 1, action="suppress", number=number, reason="road closed")
    status, page = post(second, DRAFT, 1, action="change", number=number, minutes="20")
    assert status == 400
    assert f"theirs: 2026-11-22 04:00 UTC analyst (analyst): suppress box {number}: road closed" in page
    assert f"yours:  2026-11-22 04:00 UTC supervisor (supervisor): change box {number} (minutes 20.0)" in page
    assert "edition 2." in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "add", "number": "99999"}, "the agency has no such box"),
        ({"action": "change", "minutes": "long"}, "minutes: &#39;long&#39; is not a number"),
        ({"action": "change"}, "nothing to change; give minutes or visits"),
        ({"action": "change", "visits": "9"}, "more than the agency&#39;s cap of 3 visits"),
        ({"action": "suppress", "reason": "no"}, "must have 3 to 200 characters"),
        ({"action": "suppress", "edition": "x"}, "this form is incomplete"),
    ],
)
def test_a_mistake_is_a_sentence_on_the_page(form: dict[str, str], said: str, app: Flask) -> None:
    """And the draft stays as it is."""
    client = logged_in(app)
    status, page = post(client, DRAFT, 1, **{"number": a_number(client), **form})
    assert (status, said in page, "edition 1." in page) == (400, True, True)


def test_the_map_tells_what_became_of_each_box(app: Flask) -> None:
    """By frame and by word, not by color alone; each leads to its row; a number that can be added stands there, too."""
    client = logged_in(app)
    drawn = numbers(client, "assigned")
    assert len(drawn) == 4
    free = numbers(client, "free")[0]
    post(client, DRAFT, 1, action="suppress", number=drawn[0])
    post(client, DRAFT, 2, action="add", number=free, crime_types="robbery")
    page = client.get(DRAFT).text
    assert numbers(client, "suppressed") == drawn[:1]
    assert numbers(client, "added") == [free]
    assert numbers(client, "assigned") == drawn[1:]
    assert free not in numbers(client, "free")
    assert page.count('<path class="cross"') == page.count('<rect class="inner"') == 2  # the map and its legend
    for number in [free, *drawn]:
        assert page.count(f'<a href="#box-{number}"') == page.count(f'<tr id="box-{number}"') == 1
    assert '<span class="chip">added</span>' in page


@given(across=st.integers(1, 60), number=st.integers(1, 99_999))
def test_a_number_lies_within_its_box_or_is_left_out(across: int, number: int) -> None:
    """In an area however wide; up to 25 boxes across, which is 6 km, even one of five digits is there."""
    view = BoxView((0.0, 0.0, across * BOX_M + 2 * MARGIN_M, BOX_M))
    size, side = size_of(view, number), view.corner((0, 0))[2]
    assert size == 0.0 or size >= LEAST_PX
    assert size * DIGIT * len(str(number)) <= side
    assert size or across > 25


def test_a_suppressed_box_is_not_offered_to_be_changed(app: Flask) -> None:
    """Neither to be suppressed once more; where all are, neither form is there."""
    client = logged_in(app)
    drawn = numbers(client, "assigned")
    for edition, number in enumerate(drawn, 1):
        assert client.get(DRAFT).text.count(f"<option>{number}</option>") == 2
        post(client, DRAFT, edition, action="suppress", number=number)
        assert f"<option>{number}</option>" not in client.get(DRAFT).text
    page = client.get(DRAFT).text
    assert "Change minutes or visits" not in page
    assert "Suppress a box" not in page
    assert "Add a box" in page


def test_who_may_only_read_sees_no_forms(app: Flask) -> None:
    """Command staff and auditors read drafts; what is no draft is no page."""
    page = logged_in(app, "command").get(DRAFT).text
    assert "Approve and publish" not in page
    assert "Suppress a box" not in page
    assert logged_in(app).get("/drafts/2026-11-23/night/1").status_code == 404


def test_a_broker_that_is_away_leaves_the_draft_not_approved(app: Flask, desk: Desk) -> None:
    """The page says so."""
    desk.refuses = True
    status, page = post(logged_in(app), f"{DRAFT}/approval", 1)
    assert (status, "the broker has not confirmed" in page, "Not approved; edition 1." in page) == (400, True, True)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the pages are served."""
    with serving(WebServer(app, "127.0.0.1", 0, section="web")) as port:
        yield f"http://{HOST}:{port}"


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_the_pages_on_a_phone_a_tablet_and_a_desk(width: int, app: Flask, address: str, chromium: Chromium) -> None:
    """Nothing inaccessible, nothing wider than the window; a box is suppressed by the form itself."""
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.context.add_cookies([{"name": COOKIE, "value": cookie_of(app, "analyst"), "url": address}])
    page.goto(f"{address}/drafts")
    assert violations(page, AT_A_DESK) == []
    page.get_by_role("link", name="Open the draft for 1, 2026-11-22/night").click()
    page.get_by_role("link", name=", assigned").first.click()
    assert page.locator("tr:target").count() == 1
    assert violations(page, AT_A_DESK) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    section = page.get_by_role("region", name="Suppress a box")
    section.get_by_label("Reason").fill("road closed")
    section.get_by_role("button", name="Suppress").click()
    page.get_by_text("Suppressed: road closed").wait_for()
    page.emulate_media(media="print")
    assert page.locator("form.entry:visible").count() == 0
    page.close()
