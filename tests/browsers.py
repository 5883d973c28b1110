"""A real browser for tests: Debian's chromium without a window, one a session, which speaks to nobody but the test.

Debian builds ``chromium-headless-shell`` from chromium's source, without menus, extensions and accounts: it draws the
same, and opens a page for 0.6 s of processor time where ``chromium`` takes 1.6 s.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.waiting import PATIENCE_S

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; the test is skipped where it is not installed."""
    binary = shutil.which("chromium-headless-shell")
    if binary is None:
        pytest.skip("needs chromium without a window (apt-get install chromium-headless-shell)")
    expect.set_options(timeout=PATIENCE_S * 1000.0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=QUIET, env={**os.environ})
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE_S * 1000.0))
        yield browser
        browser.close()
