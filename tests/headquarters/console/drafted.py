"""A draft's page as a program uses it: its forms, and the boxes of its map."""

import re
from typing import Final

from flask.testing import FlaskClient

BEFORE: Final = 1_795_320_000.0  # 2026-11-22 04:00 UTC: the evening before in Chicago
DRAFT: Final = "/drafts/2026-11-22/night/1"


def post(client: FlaskClient, path: str, seen: int, **form: str) -> tuple[int, str]:
    """Send a form of the draft's page; status and page."""
    token = client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]
    values = {"csrf_token": token, "edition": str(seen), "reason": "a crowd is expected", **form}
    answer = client.post(path, data=values, follow_redirects=True)
    return answer.status_code, answer.text


def numbers(client: FlaskClient, kind: str) -> list[str]:
    """Of the boxes that the draft's map shows so."""
    return re.findall(rf'<text class="number {kind} [^>]*>(\d+)<', client.get(DRAFT).text)
