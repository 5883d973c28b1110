"""The briefing at headquarters: a published plan's page, the same as the car's."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.contract.signing import load_private_key
from edge.headquarters.console.context import Context
from edge.headquarters.publish.plan import publish_plan
from edge.headquarters.store import Store
from tests.agency.square import write_square
from tests.headquarters.ledgers import NIGHT
from tests.headquarters.publish.desk import Desk
from tests.headquarters.visitors import client_of

PAGE = "/briefings/2026-11-22/night/1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Two versions of a plan have been published; it is 21:00 before the night."""
    folder = tmp_path_factory.mktemp("desk")
    build_agency(write_square(folder), folder / "agency", key=folder / "key.pem")
    desk = Desk(load_agency(folder / "agency"), load_private_key(folder / "key.pem"), folder)
    with Store(folder / "hq.sqlite") as store:
        for version in (1, 2):
            publish_plan(desk.plan(version)[0], desk.agency, desk.key, store, desk, "analyst", "robberies")
    context = Context(desk.agency, folder / "hq.sqlite", now=lambda: NIGHT.timestamp() - 3600.0)
    with client_of(context) as client:
        yield client


def test_the_first_page_leads_to_it(client: FlaskClient) -> None:
    """By shift and district."""
    assert f'href="{PAGE}"' in client.get("/").text


def test_it_shows_the_newest_version(client: FlaskClient) -> None:
    """The boxes with their stay; the style is served beside it."""
    text = client.get(PAGE).text
    assert "Approved plan, version 2" in text
    assert text.count('<th scope="row">') == 3
    assert "15 min × 2" in text
    with client.get("/sheets/sheet.css") as style:
        assert style.status_code == 200


def test_the_public_sheet_of_tactics_is_there(client: FlaskClient) -> None:
    """In English and Spanish, one tap from the first page."""
    assert 'href="/tactics"' in client.get("/").text
    assert "Squaretown: approved tactics" in client.get("/tactics").text
    assert "Squaretown: tácticas aprobadas" in client.get("/tactics?language=es").text
    assert client.get("/tactics?language=xx").status_code == 200


@pytest.mark.parametrize("path", ["2026-11-22/night/2", "2026-11-22/noon/1", "x/night/1", "2026-11-23/night/1"])
def test_what_was_not_published_has_no_page(path: str, client: FlaskClient) -> None:
    """Another district, shift or date."""
    assert client.get(f"/briefings/{path}").status_code == 404
