"""A site of its own for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.agency.build import BuildReport
from tests.brokers import Mosquitto, mosquitto
from tests.system.site import Site

__all__ = ["chicago_site", "mosquitto"]


@pytest.fixture
def chicago_site(tmp_path: Path, chicago_report: BuildReport, mosquitto: Mosquitto) -> Iterator[Site]:
    """Chicago, with a broker that runs, and nothing else yet."""
    key = chicago_report.directory.parent / "key.pem"
    site = Site(tmp_path, chicago_report.directory, key, mosquitto)
    yield site
    site.stop()
