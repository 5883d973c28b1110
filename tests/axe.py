"""What axe finds on a page: every rule that there is, contrast at AAA and the size of targets among them."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OF_AXE: Final = ("Content Security Policy", "404")
"""axe tries inline styles, and fetches style sheets by a path of its own."""

FOUND: Final = {"resultTypes": ["violations"]}
"""All rules are tried; of what is well axe lists no elements, which would be most of what it does."""

OPTIONS: Final = {**FOUND, "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}
"""Two rules that axe has off unless they are asked for: 7 : 1 for text, 4.5 : 1 for large text; 24 px a target."""

AT_A_DESK: Final = {**FOUND, "rules": {"target-size": {"enabled": True}}}
"""Of a page that nobody reads in a car: contrast at AA."""


def violations(page: Page, options: dict[str, Any] = OPTIONS) -> list[Any]:
    """Each rule that is broken, and by what."""
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
