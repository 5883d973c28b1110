"""A running vehicle's touchscreen as a browser reaches it: its snapshot, and taps with the page's token."""

import json
import re
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError

from tests.waiting import PATIENCE_S, wait_for


class TouchscreenClient:
    """Of the vehicle whose touchscreen listens at ``port``."""

    port: int

    def state(self) -> dict[str, Any]:
        """The snapshot; empty while the vehicle does not answer."""
        try:
            with urllib.request.urlopen(f"{self._url}/api/state", timeout=PATIENCE_S) as answer:
                document: dict[str, Any] = json.load(answer)
                return document
        except OSError:
            return {}

    def tap(self, name: str, body: Mapping[str, str]) -> None:
        """One tap, with the token of the page."""
        with urllib.request.urlopen(self._url, timeout=PATIENCE_S) as page:
            token = re.search(r'<meta name="roundsman-token" content="([^"]+)"', page.read().decode())
        assert token is not None, "the page has no token"
        headers = {"Content-Type": "application/json", "X-Roundsman-Token": token[1]}
        request = urllib.request.Request(
            f"{self._url}/api/taps/{name}", json.dumps(body).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            assert answer.status == 202

    def tap_in_any_car(self, name: str, body: Mapping[str, str]) -> None:
        """One tap that is for a standing car; where it is driven, by a passenger's override."""
        try:
            self.tap(name, body)
        except HTTPError as refused:
            if refused.code != HTTPStatus.CONFLICT:
                raise
            self.tap("override", {})
            wait_for(lambda: self.state().get("driving") not in {None, "driving"})
            self.tap(name, body)

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self.port}"
