"""Whatever is asked of the pages over HTTP: a refusal or an answer, in bounds, never a traceback.

Requests are drawn from the table of routes, as schemathesis draws them from an OpenAPI document; pages have none.
"""

from typing import Final
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.headquarters.accounts.roles import ROLES
from edge.headquarters.console.access.permits import PERMITS
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.store import Store
from tests.headquarters.visitors import HOST, logged_in

NOW = 1_800_000_000.0
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
ROUTES: Final = sorted({row.partition(" ")[2] for row in PERMITS})
PARTS: Final = st.one_of(
    st.sampled_from(
        ["shift", "presence", "2026-11-22/night", "json", "..", "%00", "'--", "4711", "-1", "99999999999999999999"]
    ),
    st.text(max_size=12),
)
FIELDS: Final = st.sampled_from(
    ["name", "password", "next", "old", "new", "again", "csrf_token", "before", "account", "action", "subject", "since",
     "until", "language", "shift"]
)  # fmt: skip
VALUES: Final = st.one_of(
    PARTS, st.just("2026-11-22"), st.text(alphabet="\x00\x7f\ud7ff\U0010ffff%_\\\"'<>", max_size=8)
)
HEADERS: Final = st.sampled_from(
    ["Authorization", "Cookie", "X-Forwarded-For", "X-Forwarded-Proto", "Referer", "Origin", "Accept-Language",
     "Content-Type", "Sec-Fetch-Dest", "User-Agent"]
)  # fmt: skip
WORDS: Final = st.one_of(
    st.sampled_from(
        ["Bearer x", "Bearer", "Basic eDp5", "roundsman=a.b.c", "application/json", "multipart/form-data", ", ,"]
    ),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)


@pytest.fixture(scope="module")
def app(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The pages of an empty database. A failure within them is one of the test's."""
    database = tmp_path_factory.mktemp("hostile") / "hq.sqlite"
    Store(database).close()
    made = create_app(Context(square_agency, database, now=lambda: NOW), [HOST])
    made.testing = True
    return made


@pytest.fixture(scope="module")
def browsers(app: Flask) -> list[FlaskClient]:
    """One of each role, and one of nobody."""
    return [*(logged_in(app, role) for role in ROLES), app.test_client()]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_request_is_answered(data: st.DataObject, browsers: list[FlaskClient]) -> None:
    """With a status below 500, the protecting headers, and no word of ours from within."""
    client = data.draw(st.sampled_from(browsers))
    address = data.draw(st.sampled_from(ROUTES))
    while "<" in address:
        head, _, rest = address.partition("<")
        address = head + quote(data.draw(PARTS), safe="/%") + rest.partition(">")[2]
    answer = client.open(
        "/" + address.lstrip("/"),
        method=data.draw(st.sampled_from(METHODS)),
        query_string=data.draw(st.dictionaries(FIELDS, VALUES, max_size=3)),
        data=data.draw(st.one_of(st.dictionaries(FIELDS, VALUES, max_size=4), st.binary(max_size=40))),
        headers=data.draw(st.dictionaries(HEADERS, WORDS, max_size=3)),
        buffered=True,
    )
    assert answer.status_code < 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()
